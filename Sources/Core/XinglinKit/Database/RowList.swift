/// A list in a reply. The host's lists go from the result straight to bytes; examples and clients hold elements.
public enum RowList<Element: Codable & Sendable>: Codable, Sendable {
    case elements([Element])
    /// A JSON array, written already.
    case json([UInt8])

    public init(from decoder: any Decoder) throws {
        self = .elements(try [Element](from: decoder))
    }

    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .elements(let elements): try elements.encode(to: encoder)
        case .json(let bytes):
            guard let sink = encoder as? any RawJSONSink else {
                throw EncodingError.invalidValue(
                    self, .init(codingPath: encoder.codingPath, debugDescription: "rows need the host's JSON encoder"))
            }
            sink.encodeRaw(bytes)
        }
    }
}

/// One page of a list: how many entries, and after which.
public struct Page: Sendable {
    public let limit: Int
    /// The fields of the last entry before this page, as `cursor` wrote them.
    public let after: [String]?

    /// - Parameter fields: how many fields the list is ordered by.
    /// - Throws: `host.invalidParams` for an `after` that no page gave.
    public init(limit: Int?, after: String?, fields: Int) throws {
        self.limit = limit ?? 100
        guard let after else {
            self.after = nil
            return
        }
        let parts = after.split(separator: "~", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == fields else {
            throw Fault.invalid("/after", expected: "the next of the page before", zh: "上一页的 next")
        }
        self.after = parts
    }

    /// Reads a field of `after`.
    /// - Throws: `host.invalidParams` where it is not of that type.
    public func after<Value: SQLTextDecodable>(_ field: Int, as type: Value.Type = Value.self) throws -> Value? {
        guard let after = self.after else { return nil }
        guard let value = Value(sqlText: after[field]) else {
            throw Fault.invalid("/after", expected: "the next of the page before", zh: "上一页的 next")
        }
        return value
    }

    /// The `next` that continues behind an entry with these fields.
    public static func cursor(_ fields: String...) -> String { fields.joined(separator: "~") }
}
