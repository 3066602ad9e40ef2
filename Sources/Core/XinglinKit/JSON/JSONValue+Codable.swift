/// A decoder that holds the whole value as a tree: the host's own.
public protocol JSONTreeSource {
    var tree: JSONValue { get }
}

// Only the host's own coders know trees; a stranger's coder gets an error rather than an approximation.
extension JSONValue: Codable {
    public init(from decoder: any Decoder) throws {
        guard let source = decoder as? any JSONTreeSource else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "a JSON tree needs the host's JSON decoder"))
        }
        self = source.tree
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
