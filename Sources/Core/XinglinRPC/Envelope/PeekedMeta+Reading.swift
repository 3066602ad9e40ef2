internal import XinglinKit

extension PeekedMeta {
    /// Reads the value of `_meta`. A member that is null counts as absent, like every optional param.
    init(_ tree: JSONValue) {
        self.init()
        switch tree {
        case .null: return
        case .object(let members):
            // In the order of the names, so that the same call always names the same member.
            for name in members.keys.sorted() {
                guard let value = members[name], value != .null else { continue }
                self.read(name, value)
            }
        default: self.refuse("/_meta", .init(zh: "一个对象", en: "an object"))
        }
    }

    private mutating func read(_ name: String, _ value: JSONValue) {
        switch name {
        case "site":
            self.site = Self.text(value, 1...200)
            if self.site == nil { self.refuse("/_meta/site", .init(zh: "机构代码", en: "a site's code")) }
        case "idempotencyKey":
            self.idempotencyKey = Self.text(value, 1...200)
            if self.idempotencyKey == nil { self.refuse("/_meta/idempotencyKey", Self.length(200)) }
        case "deadlineMs":
            self.deadlineMs = value.integerValue
            if self.deadlineMs == nil {
                self.refuse("/_meta/deadlineMs", .init(zh: "毫秒数，整数", en: "an integer of milliseconds"))
            }
        case "locale":
            self.locale = value.stringValue.flatMap { Locale(rawValue: $0) }
            if self.locale == nil { self.refuse("/_meta/locale", .init(zh: "zh 或 en", en: "zh or en")) }
        case "traceparent":
            self.traceparent = Self.text(value, 1...512)
            if self.traceparent == nil { self.refuse("/_meta/traceparent", Self.length(512)) }
        default:
            let escaped = name.reduce(into: "") { $0 += $1 == "~" ? "~0" : $1 == "/" ? "~1" : String($1) }
            self.refuse(
                "/_meta/\(escaped)",
                .init(
                    zh: "只能有 site、idempotencyKey、deadlineMs、locale、traceparent",
                    en: "only site, idempotencyKey, deadlineMs, locale, traceparent"))
        }
    }

    private mutating func refuse(_ pointer: String, _ expected: LocalizedText) {
        guard self.malformed == nil else { return }
        self.malformed = pointer
        self.expected = expected
    }

    private static func length(_ most: Int) -> LocalizedText {
        LocalizedText(zh: "1 至 \(most) 个字符的文字", en: "text of 1 to \(most) characters")
    }

    /// PostgreSQL stores no NUL, so none may come in.
    private static func text(_ value: JSONValue, _ length: ClosedRange<Int>) -> String? {
        guard let text = value.stringValue, length.contains(text.unicodeScalars.count), !text.utf8.contains(0) else {
            return nil
        }
        return text
    }
}
