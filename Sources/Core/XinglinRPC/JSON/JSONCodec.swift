public import XinglinKit

/// Between Codable values and JSON.
public enum JSONCodec {
    /// Writes a value as one line of JSON.
    /// - Throws: `EncodingError`, for a number that is not finite too.
    public static func encode<Value: Encodable>(_ value: Value) throws -> [UInt8] {
        let state = EncodingState()
        try state.encode(value, level: 0, ticket: state.ticket)
        if let failure = state.failure { throw failure }
        return state.writer.bytes
    }

    /// A value as a tree, for validating it against a schema.
    /// - Throws: `EncodingError` or `JSONSyntaxError`.
    public static func tree<Value: Encodable>(of value: Value) throws -> JSONValue {
        try JSONReader.parse(try self.encode(value))
    }

    /// Reads a value from a tree. Integers must be exact; members that the type does not name are passed over.
    /// - Throws: `DecodingError`, whose coding path says where.
    public static func decode<Value: Decodable>(_ type: Value.Type, from tree: JSONValue) throws -> Value {
        try Value(from: TreeDecoder(tree: tree, path: nil))
    }
}
