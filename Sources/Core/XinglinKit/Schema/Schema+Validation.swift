extension Schema {
    /// One place where a value is not as the schema wants it.
    public struct Violation: Sendable, Hashable {
        /// A JSON pointer (RFC 6901) into the value, empty for the value itself.
        public let pointer: String
        /// What is expected there.
        public let expected: String

        public init(pointer: String, expected: String) {
            self.pointer = pointer
            self.expected = expected
        }

        /// The entry of `details` in `host.invalidParams`.
        public var json: JSONValue { ["pointer": .string(self.pointer), "expected": .string(self.expected)] }
    }

    /// Every violation in the value, at most 20.
    public func violations(in value: JSONValue) -> [Violation] {
        var found: [Violation] = []
        self.check(value, at: "", into: &found)
        return found
    }

    private func check(_ value: JSONValue, at pointer: String, into found: inout [Violation]) {
        guard found.count < 20 else { return }
        switch (self, value) {
        case (.object(let fields), .object(let members)):
            Self.check(members, against: fields, at: pointer, into: &found)
        case (.array(let element, let range), .array(let elements)) where range.contains(elements.count):
            for (index, item) in elements.enumerated() {
                element.check(item, at: "\(pointer)/\(index)", into: &found)
            }
        default:
            if !self.acceptsScalar(value) { found.append(Violation(pointer: pointer, expected: self.expectation)) }
        }
    }

    private static func check(
        _ members: [String: JSONValue], against fields: [Field], at pointer: String, into found: inout [Violation]
    ) {
        for field in fields {
            let place = "\(pointer)/\(escaped(field.name))"
            guard let member = members[field.name], member != .null else {
                if field.isRequired { found.append(Violation(pointer: place, expected: field.schema.expectation)) }
                continue
            }
            field.schema.check(member, at: place, into: &found)
        }
        let known = Set(fields.map(\.name))
        for name in members.keys.sorted() where !known.contains(name) && found.count < 20 {
            let names = fields.isEmpty ? "no members" : "only " + fields.map(\.name).joined(separator: ", ")
            found.append(Violation(pointer: "\(pointer)/\(escaped(name))", expected: names))
        }
    }

    private func acceptsScalar(_ value: JSONValue) -> Bool {
        switch (self, value) {
        case (.any, _), (.boolean, .bool): true
        case (.text(let range), .string(let text)): Self.isText(text, of: range)
        case (.opaque(let range), .string(let text)):
            range.contains(text.unicodeScalars.count) && !text.utf8.contains(0)
        case (.code(let range), .string(let text)):
            range.contains(text.utf8.count) && text.utf8.allSatisfy(Self.isCodeByte)
        case (.integer(let range), .integer(let number)): range.contains(number)
        case (.enumeration(let codes), .string(let code)): codes.contains(code)
        case (.id, .string(let text)): RecordID(text) != nil
        case (.date, .string(let text)): LocalDate(text) != nil
        case (.timestamp, .string(let text)): Timestamp(text) != nil
        default: false
        }
    }

    private static func isText(_ text: String, of range: ClosedRange<Int>) -> Bool {
        var count = 0
        var isBlank = true
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: return false
            case .format: return false
            case .spaceSeparator: break
            default: isBlank = false
            }
            count += 1
        }
        return range.contains(count) && (!isBlank || count == 0)
    }

    private static func isCodeByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F, 0x2E: true
        default: false
        }
    }

    private static func escaped(_ name: String) -> String {
        guard name.contains(where: { $0 == "~" || $0 == "/" }) else { return name }
        return name.reduce(into: "") { text, character in
            switch character {
            case "~": text += "~0"
            case "/": text += "~1"
            default: text.append(character)
            }
        }
    }

    /// What is expected, in words, for the violation's `expected`.
    public var expectation: String {
        switch self {
        case .object: "an object"
        case .array(_, let range): "an array of \(Self.words(range)) entries"
        case .text(let range): "text of \(Self.words(range)) characters without control characters"
        case .opaque(let range): "text of \(Self.words(range)) characters"
        case .code(let range): "a code of \(Self.words(range)) characters from A–Z, a–z, 0–9, '-', '_', '.'"
        case .integer(let range): "an integer from \(range.lowerBound) to \(range.upperBound)"
        case .boolean: "true or false"
        case .enumeration(let codes): "one of " + codes.joined(separator: ", ")
        case .id: "a UUID"
        case .date: "a date YYYY-MM-DD"
        case .timestamp: "an RFC 3339 instant with offset"
        case .any: "any value"
        }
    }

    private static func words(_ range: ClosedRange<Int>) -> String {
        range.lowerBound == range.upperBound ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
    }
}
