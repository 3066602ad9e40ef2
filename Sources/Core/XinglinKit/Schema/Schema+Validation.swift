extension Schema {
    /// One place where a value is not as the schema wants it.
    public struct Violation: Sendable, Hashable {
        /// A JSON pointer (RFC 6901) into the value, empty for the value itself.
        public let pointer: String
        /// What is expected there.
        public let expected: String
        /// The same in Chinese, where there is such a text.
        public let expectedZh: String?

        public init(pointer: String, expected: String, expectedZh: String? = nil) {
            self.pointer = pointer
            self.expected = expected
            self.expectedZh = expectedZh
        }

        init(_ pointer: String, _ expected: LocalizedText) {
            self.init(pointer: pointer, expected: expected.en, expectedZh: expected.zh)
        }

        /// The entry of `details` in `host.invalidParams`.
        public var json: JSONValue {
            var members: [String: JSONValue] = [
                "pointer": .string(self.pointer), "expected": .string(self.expected),
            ]
            if let text = self.expectedZh { members["expectedZh"] = .string(text) }
            return .object(members)
        }
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
            if !self.acceptsScalar(value) { found.append(Violation(pointer, self.expectation)) }
        }
    }

    private static func check(
        _ members: [String: JSONValue], against fields: [Field], at pointer: String, into found: inout [Violation]
    ) {
        for field in fields {
            let place = "\(pointer)/\(escaped(field.name))"
            guard let member = members[field.name], member != .null else {
                if field.isRequired { found.append(Violation(place, field.schema.expectation)) }
                continue
            }
            field.schema.check(member, at: place, into: &found)
        }
        let known = Set(fields.map(\.name))
        for name in members.keys.sorted() where !known.contains(name) && found.count < 20 {
            let names = fields.map(\.name).joined(separator: ", ")
            let expected: LocalizedText =
                fields.isEmpty ? .init(zh: "不应有任何成员", en: "no members") : .init(zh: "只能有 \(names)", en: "only \(names)")
            found.append(Violation("\(pointer)/\(escaped(name))", expected))
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
    public var expectation: LocalizedText {
        switch self {
        case .object: .init(zh: "一个对象", en: "an object")
        case .array(_, let range):
            .init(zh: "含 \(Self.chinese(range)) 项的数组", en: "an array of \(Self.words(range)) entries")
        case .text(let range):
            .init(
                zh: "\(Self.chinese(range)) 个字符的文字，不含控制字符",
                en: "text of \(Self.words(range)) characters without control characters")
        case .opaque(let range):
            .init(zh: "\(Self.chinese(range)) 个字符的文字", en: "text of \(Self.words(range)) characters")
        case .code(let range):
            .init(
                zh: "\(Self.chinese(range)) 个字符的代码，只用 A–Z、a–z、0–9、'-'、'_'、'.'",
                en: "a code of \(Self.words(range)) characters from A–Z, a–z, 0–9, '-', '_', '.'")
        case .integer(let range):
            .init(
                zh: "\(range.lowerBound) 到 \(range.upperBound) 的整数",
                en: "an integer from \(range.lowerBound) to \(range.upperBound)")
        case .boolean: .init(zh: "true 或 false", en: "true or false")
        case .enumeration(let codes):
            .init(zh: "其中之一：" + codes.joined(separator: "、"), en: "one of " + codes.joined(separator: ", "))
        case .id: .init(zh: "一个 UUID", en: "a UUID")
        case .date: .init(zh: "日期 YYYY-MM-DD", en: "a date YYYY-MM-DD")
        case .timestamp: .init(zh: "带时区的 RFC 3339 时刻", en: "an RFC 3339 instant with offset")
        case .any: .init(zh: "任意值", en: "any value")
        }
    }

    private static func words(_ range: ClosedRange<Int>) -> String {
        range.lowerBound == range.upperBound ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
    }

    private static func chinese(_ range: ClosedRange<Int>) -> String {
        range.lowerBound == range.upperBound ? "\(range.lowerBound)" : "\(range.lowerBound) 至 \(range.upperBound)"
    }
}
