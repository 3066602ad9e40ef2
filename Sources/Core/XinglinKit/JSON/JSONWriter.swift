/// Appends JSON text to a byte buffer. It never writes a raw line break, so a value is always one line.
public struct JSONWriter: Sendable {
    /// What has been written.
    public var bytes: [UInt8]

    public init(reserving capacity: Int = 256) {
        self.bytes = []
        self.bytes.reserveCapacity(capacity)
    }

    /// Appends bytes that are JSON already.
    public mutating func raw(_ json: some Sequence<UInt8>) {
        self.bytes.append(contentsOf: json)
    }

    /// Appends bytes that are JSON already.
    public mutating func raw(_ json: [UInt8]) {
        self.bytes.append(contentsOf: json)
    }

    /// Appends bytes that are JSON already.
    public mutating func raw(_ json: UnsafeRawBufferPointer) {
        self.bytes.append(contentsOf: json.assumingMemoryBound(to: UInt8.self))
    }

    /// Appends text that is JSON already, such as `{"ok":`.
    public mutating func raw(_ json: StaticString) {
        self.bytes.append(contentsOf: UnsafeBufferPointer(start: json.utf8Start, count: json.utf8CodeUnitCount))
    }

    public mutating func integer(_ value: Int64) {
        if value >= 0, value < 10 {
            self.bytes.append(0x30 + UInt8(value))
            return
        }
        self.bytes.append(contentsOf: String(value).utf8)
    }

    public mutating func bool(_ value: Bool) {
        value ? self.raw("true") : self.raw("false")
    }

    public mutating func null() {
        self.raw("null")
    }

    /// Appends a quoted and escaped string.
    public mutating func string(_ text: String) {
        var text = text
        text.withUTF8 { self.string(utf8: UnsafeRawBufferPointer($0)) }
    }

    /// Appends a quoted and escaped string from its UTF-8 bytes.
    public mutating func string(utf8: UnsafeRawBufferPointer) {
        self.bytes.append(0x22)
        let text = utf8.assumingMemoryBound(to: UInt8.self)
        var start = 0
        var place = 0
        while place < text.count {
            let byte = text[place]
            if byte < 0x20 || byte == 0x22 || byte == 0x5C {
                self.bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<place]))
                self.escape(byte)
                start = place + 1
            }
            place += 1
        }
        self.bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start...]))
        self.bytes.append(0x22)
    }

    /// Appends a member's name and the colon, with a comma before it unless it is the first.
    public mutating func name(_ name: String, first: Bool) {
        if !first { self.bytes.append(0x2C) }
        self.string(name)
        self.bytes.append(0x3A)
    }

    /// Appends a tree, an object's members in the order of their names.
    public mutating func value(_ value: JSONValue) {
        switch value {
        case .null: self.null()
        case .bool(let value): self.bool(value)
        case .integer(let value): self.integer(value)
        case .number(let text): self.raw(text.utf8)
        case .string(let text): self.string(text)
        case .array(let elements):
            self.bytes.append(0x5B)
            for (index, element) in elements.enumerated() {
                if index > 0 { self.bytes.append(0x2C) }
                self.value(element)
            }
            self.bytes.append(0x5D)
        case .object(let members):
            self.bytes.append(0x7B)
            for (index, key) in members.keys.sorted().enumerated() {
                self.name(key, first: index == 0)
                self.value(members[key] ?? .null)
            }
            self.bytes.append(0x7D)
        }
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case 0x22: self.raw(#"\""#)
        case 0x5C: self.raw(#"\\"#)
        case 0x0A: self.raw(#"\n"#)
        case 0x0D: self.raw(#"\r"#)
        case 0x09: self.raw(#"\t"#)
        default:
            let hex = Array("0123456789abcdef".utf8)
            self.raw(#"\u00"#)
            self.bytes.append(hex[Int(byte >> 4)])
            self.bytes.append(hex[Int(byte & 15)])
        }
    }
}
