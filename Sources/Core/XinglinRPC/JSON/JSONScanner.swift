internal import Glibc

/// Walks over JSON text strictly (RFC 8259) without building anything: the tree reader and the envelope reader both stand on it.
/// It lives inside one `withUnsafeBytes` and is never kept.
struct JSONScanner {
    let bytes: UnsafeRawBufferPointer
    let maxDepth: Int
    /// The next byte to read.
    var position = 0
    private var depth = 0
    /// The member names of all objects that are open now, the innermost object's last.
    private var names: [JSONToken] = []

    init(_ bytes: UnsafeRawBufferPointer, maxDepth: Int) {
        self.bytes = bytes
        self.maxDepth = maxDepth
    }

    func fail(_ reason: String) -> JSONSyntaxError {
        JSONSyntaxError(offset: self.position, reason: reason)
    }

    /// Reads one value with `body` and refuses anything but white space around it.
    mutating func document<Value>(
        _ body: (inout JSONScanner) throws(JSONSyntaxError) -> Value
    ) throws(JSONSyntaxError) -> Value {
        let value = try body(&self)
        self.skipSpace()
        guard self.position == self.bytes.count else { throw self.fail("more text after the value") }
        return value
    }

    /// The next byte after white space, which is left unread.
    mutating func peek() throws(JSONSyntaxError) -> UInt8 {
        self.skipSpace()
        guard self.position < self.bytes.count else { throw self.fail("unexpected end") }
        return self.bytes[self.position]
    }

    /// Checks the next value and steps over it.
    /// - Returns: where it stands, without the white space around it.
    @discardableResult
    mutating func skipValue() throws(JSONSyntaxError) -> Range<Int> {
        let first = try self.peek()
        let start = self.position
        switch first {
        case UInt8(ascii: "{"):
            try self.object { (scanner, _) throws(JSONSyntaxError) in try scanner.skipValue() }
        case UInt8(ascii: "["):
            try self.array { (scanner) throws(JSONSyntaxError) in try scanner.skipValue() }
        case UInt8(ascii: "\""): _ = try self.string()
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): _ = try self.number()
        default: _ = try self.literal()
        }
        return start..<self.position
    }

    /// Reads an object; `member` must read exactly the member's value.
    mutating func object(
        _ member: (inout JSONScanner, JSONToken) throws(JSONSyntaxError) -> Void
    ) throws(JSONSyntaxError) {
        try self.enter()
        let firstName = self.names.count
        var manyNames: Set<String> = []
        if try self.peek() == UInt8(ascii: "}") {
            self.position += 1
        } else {
            repeat {
                guard try self.peek() == UInt8(ascii: "\"") else { throw self.fail("expected a member name") }
                let name = try self.string()
                try self.remember(name, since: firstName, &manyNames)
                guard try self.peek() == UInt8(ascii: ":") else { throw self.fail("expected ':'") }
                self.position += 1
                try member(&self, name)
            } while try self.continues(until: UInt8(ascii: "}"))
        }
        self.names.removeSubrange(firstName...)
        self.depth -= 1
    }

    /// Reads an array; `element` must read exactly one value.
    mutating func array(
        _ element: (inout JSONScanner) throws(JSONSyntaxError) -> Void
    ) throws(JSONSyntaxError) {
        try self.enter()
        if try self.peek() == UInt8(ascii: "]") {
            self.position += 1
        } else {
            repeat { try element(&self) } while try self.continues(until: UInt8(ascii: "]"))
        }
        self.depth -= 1
    }

    private mutating func enter() throws(JSONSyntaxError) {
        guard self.depth < self.maxDepth else { throw self.fail("nested too deeply") }
        self.depth += 1
        self.position += 1
    }

    private mutating func continues(until closer: UInt8) throws(JSONSyntaxError) -> Bool {
        let byte = try self.peek()
        guard byte == closer || byte == UInt8(ascii: ",") else { throw self.fail("expected ',' or the end") }
        self.position += 1
        return byte != closer
    }

    /// Refuses a name that the object has already. Names are compared as Swift compares strings, since that is what the tree's
    /// dictionaries do; only names of plain ASCII are compared as bytes. Large objects use a set, so that nothing is quadratic.
    private mutating func remember(
        _ name: JSONToken, since firstName: Int, _ manyNames: inout Set<String>
    ) throws(JSONSyntaxError) {
        let isNew: Bool
        if self.names.count - firstName < 16 {
            isNew = !self.names[firstName...].contains { self.areEqual($0, name) }
        } else {
            if manyNames.isEmpty { manyNames = Set(self.names[firstName...].map { self.text(of: $0) }) }
            isNew = manyNames.insert(self.text(of: name)).inserted
        }
        guard isNew else { throw self.fail("a member name stands twice in one object") }
        if manyNames.isEmpty { self.names.append(name) }
    }

    private func areEqual(_ left: JSONToken, _ right: JSONToken) -> Bool {
        guard left.isPlain, right.isPlain else { return self.text(of: left) == self.text(of: right) }
        guard left.range.count == right.range.count, let base = self.bytes.baseAddress else { return false }
        return memcmp(base + left.range.lowerBound, base + right.range.lowerBound, left.range.count) == 0
    }

    private mutating func skipSpace() {
        while self.position < self.bytes.count {
            switch self.bytes[self.position] {
            case 0x20, 0x09, 0x0A, 0x0D: self.position += 1
            default: return
            }
        }
    }
}
