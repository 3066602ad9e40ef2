public import XinglinKit

// Only this module's own coders know trees; a stranger's coder gets an error rather than an approximation.
extension JSONValue: Codable {
    public init(from decoder: any Decoder) throws {
        guard let decoder = decoder as? TreeDecoder else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "a JSON tree needs the host's JSON decoder"))
        }
        self = decoder.tree
    }

    public func encode(to encoder: any Encoder) throws {
        guard let sink = encoder as? any RawJSONSink else {
            throw EncodingError.invalidValue(
                self,
                .init(codingPath: encoder.codingPath, debugDescription: "a JSON tree needs the host's JSON encoder"))
        }
        var writer = JSONWriter()
        writer.value(self)
        sink.encodeRaw(writer.bytes)
    }
}

/// The place of an element in an array, or a name that no type declares, as a coding key.
struct PlaceKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(_ index: Int) {
        self.stringValue = String(index)
        self.intValue = index
    }

    init(stringValue: String) {
        self.stringValue = stringValue
        self.intValue = nil
    }

    init(intValue: Int) { self.init(intValue) }
}
