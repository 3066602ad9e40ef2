public import XinglinKit

/// The one strict reader: RFC 8259 and, beyond it, no duplicate names, no lone surrogates, no deep nesting, integers exact.
public enum JSONReader {
    /// Reads one value and nothing else.
    /// - Throws: `JSONSyntaxError`.
    public static func parse(
        _ bytes: UnsafeRawBufferPointer, maxDepth: Int = 64
    ) throws(JSONSyntaxError) -> JSONValue {
        var scanner = JSONScanner(bytes, maxDepth: maxDepth)
        return try scanner.document { (scanner) throws(JSONSyntaxError) in try self.value(&scanner) }
    }

    /// Reads one value and nothing else.
    /// - Throws: `JSONSyntaxError`.
    public static func parse(_ bytes: some Sequence<UInt8>, maxDepth: Int = 64) throws(JSONSyntaxError) -> JSONValue {
        try withBytes(of: bytes) { (bytes) throws(JSONSyntaxError) in try self.parse(bytes, maxDepth: maxDepth) }
    }

    /// Checks one value without building it.
    /// - Throws: `JSONSyntaxError`.
    public static func validate(_ bytes: some Sequence<UInt8>, maxDepth: Int = 64) throws(JSONSyntaxError) {
        try withBytes(of: bytes) { (bytes) throws(JSONSyntaxError) in
            var scanner = JSONScanner(bytes, maxDepth: maxDepth)
            _ = try scanner.document { (scanner) throws(JSONSyntaxError) in try scanner.skipValue() }
        }
    }

    static func value(_ scanner: inout JSONScanner) throws(JSONSyntaxError) -> JSONValue {
        switch try scanner.peek() {
        case UInt8(ascii: "{"):
            var members: [String: JSONValue] = [:]
            try scanner.object { (scanner, name) throws(JSONSyntaxError) in
                members[scanner.text(of: name)] = try self.value(&scanner)
            }
            return .object(members)
        case UInt8(ascii: "["):
            var elements: [JSONValue] = []
            try scanner.array { (scanner) throws(JSONSyntaxError) in elements.append(try self.value(&scanner)) }
            return .array(elements)
        case UInt8(ascii: "\""):
            let token = try scanner.string()
            return .string(scanner.text(of: token))
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            let number = try scanner.number()
            if let integer = scanner.value(of: number) { return .integer(integer) }
            return .number(String(decoding: scanner.bytes[number.range], as: UTF8.self))
        default:
            return try scanner.literal().map { .bool($0) } ?? .null
        }
    }
}

/// Runs the body on the bytes in place, or on a copy where they do not lie in one piece.
func withBytes<Value>(
    of bytes: some Sequence<UInt8>, _ body: (UnsafeRawBufferPointer) throws(JSONSyntaxError) -> Value
) throws(JSONSyntaxError) -> Value {
    // The standard library's accessors are not generic over the error, so the result travels through.
    let result: Result<Value, JSONSyntaxError> =
        bytes.withContiguousStorageIfAvailable { capture(UnsafeRawBufferPointer($0), body) }
        ?? Array(bytes).withUnsafeBytes { capture($0, body) }
    return try result.get()
}

private func capture<Value>(
    _ bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws(JSONSyntaxError) -> Value
) -> Result<Value, JSONSyntaxError> {
    do throws(JSONSyntaxError) {
        return .success(try body(bytes))
    } catch {
        return .failure(error)
    }
}
