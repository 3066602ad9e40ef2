internal import XinglinKit

/// What one line asks for.
enum RequestLine {
    case single(Entry)
    case batch([Entry])
    /// The whole line is answered by one error with the id null.
    case refused(Fault)

    enum Entry: Sendable {
        case request(RPCRequest)
        /// No valid request: answered even where it has no id.
        case invalid(RequestID, Fault)
    }
}

/// Reads the envelopes of a line in one strict pass: the whole line is checked, but only what is named here is built.
struct EnvelopeReader {
    let batchLimit: Int
    /// The offset of no byte: ends the scan of a batch that is too long.
    private static let tooMany = -1

    func read(_ line: [UInt8]) -> RequestLine {
        do throws(JSONSyntaxError) {
            return try withBytes(of: line) { (bytes) throws(JSONSyntaxError) in
                var scanner = JSONScanner(bytes, maxDepth: 64)
                return try scanner.document { (scanner) throws(JSONSyntaxError) in
                    guard try scanner.peek() == UInt8(ascii: "[") else { return .single(try Self.entry(&scanner)) }
                    return try self.batch(&scanner)
                }
            }
        } catch {
            if error.offset == Self.tooMany {
                return .refused(invalidRequest("", expected: "at most \(self.batchLimit) requests in a batch"))
            }
            let details: JSONValue = ["offset": .integer(Int64(error.offset)), "cause": .string(error.reason)]
            return .refused(HostFault.parseError.fault([details]))
        }
    }

    private func batch(_ scanner: inout JSONScanner) throws(JSONSyntaxError) -> RequestLine {
        var entries: [RequestLine.Entry] = []
        var count = 0
        try scanner.array { (scanner) throws(JSONSyntaxError) in
            count += 1
            // Beyond the limit the rest of the line is not looked at: it could hold half a million entries.
            guard count <= self.batchLimit else { throw JSONSyntaxError(offset: Self.tooMany, reason: "") }
            entries.append(try Self.entry(&scanner))
        }
        guard count > 0 else { return .refused(invalidRequest("", expected: "at least one request in a batch")) }
        return .batch(entries)
    }

    private static func entry(_ scanner: inout JSONScanner) throws(JSONSyntaxError) -> RequestLine.Entry {
        guard try scanner.peek() == UInt8(ascii: "{") else {
            try scanner.skipValue()
            return .invalid(.null, invalidRequest("", expected: "an object"))
        }
        var envelope = Envelope()
        try scanner.object { (scanner, name) throws(JSONSyntaxError) in try envelope.read(name, &scanner) }
        return envelope.entry
    }
}

/// The members of one envelope while they are read. Members that JSON-RPC does not name are passed over.
private struct Envelope {
    private var version: String?
    private var method: String?
    private var id: RequestID?
    private var params: [UInt8]?
    private var meta = PeekedMeta()
    private var hasBadID = false
    private var hasBadParams = false

    mutating func read(_ name: JSONToken, _ scanner: inout JSONScanner) throws(JSONSyntaxError) {
        if scanner.isText(name, "jsonrpc") {
            self.version = try Self.text(&scanner)
        } else if scanner.isText(name, "method") {
            self.method = try Self.text(&scanner)
        } else if scanner.isText(name, "id") {
            try self.readID(&scanner)
        } else if scanner.isText(name, "params") {
            try self.readParams(&scanner)
        } else {
            try scanner.skipValue()
        }
    }

    var entry: RequestLine.Entry {
        if self.hasBadID {
            return .invalid(
                .null,
                invalidRequest("/id", expected: "a string, a number or null, of at most \(RequestID.longest) bytes"))
        }
        let problem: Fault
        if self.version != "2.0" {
            problem = invalidRequest("/jsonrpc", expected: "\"2.0\"")
        } else if self.hasBadParams {
            problem = invalidRequest("/params", expected: "an object")
        } else if let method = self.method {
            let params = self.params ?? Array("{}".utf8)
            return .request(RPCRequest(id: self.id, method: method, params: params, meta: self.meta))
        } else {
            problem = invalidRequest("/method", expected: "a string")
        }
        return .invalid(self.id ?? .null, problem)
    }

    private static func text(_ scanner: inout JSONScanner) throws(JSONSyntaxError) -> String? {
        guard try scanner.peek() == UInt8(ascii: "\"") else {
            try scanner.skipValue()
            return nil
        }
        let token = try scanner.string()
        return scanner.text(of: token)
    }

    private mutating func readID(_ scanner: inout JSONScanner) throws(JSONSyntaxError) {
        let first = try scanner.peek()
        let range = try scanner.skipValue()
        switch first {
        case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "t"), UInt8(ascii: "f"): self.hasBadID = true
        default: self.hasBadID = range.count > RequestID.longest
        }
        if !self.hasBadID { self.id = RequestID(json: Array(scanner.bytes[range])) }
    }

    private mutating func readParams(_ scanner: inout JSONScanner) throws(JSONSyntaxError) {
        let first = try scanner.peek()
        let start = scanner.position
        guard first == UInt8(ascii: "{") else {
            self.hasBadParams = first != UInt8(ascii: "[")
            try scanner.skipValue()
            self.params = Array(scanner.bytes[start..<scanner.position])
            return
        }
        var meta: JSONValue?
        try scanner.object { (scanner, name) throws(JSONSyntaxError) in
            if scanner.isText(name, "_meta") {
                meta = try JSONReader.value(&scanner)
            } else {
                try scanner.skipValue()
            }
        }
        if let meta { self.meta = PeekedMeta(meta) }
        self.params = Array(scanner.bytes[start..<scanner.position])
    }
}

func invalidRequest(_ pointer: String, expected: String) -> Fault {
    HostFault.invalidRequest.fault([["pointer": .string(pointer), "expected": .string(expected)]])
}
