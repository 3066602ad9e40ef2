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
        default: self.refuse("/_meta", "an object")
        }
    }

    private mutating func read(_ name: String, _ value: JSONValue) {
        switch name {
        case "site":
            self.site = Self.text(value, 1...200)
            if self.site == nil { self.refuse("/_meta/site", "a site's code") }
        case "idempotencyKey":
            self.idempotencyKey = Self.text(value, 1...200)
            if self.idempotencyKey == nil { self.refuse("/_meta/idempotencyKey", "text of 1 to 200 characters") }
        case "deadlineMs":
            self.deadlineMs = value.integerValue
            if self.deadlineMs == nil { self.refuse("/_meta/deadlineMs", "an integer of milliseconds") }
        case "locale":
            self.locale = value.stringValue.flatMap { Locale(rawValue: $0) }
            if self.locale == nil { self.refuse("/_meta/locale", "zh or en") }
        case "traceparent":
            self.traceparent = Self.text(value, 1...512)
            if self.traceparent == nil { self.refuse("/_meta/traceparent", "text of 1 to 512 characters") }
        default:
            let escaped = name.reduce(into: "") { $0 += $1 == "~" ? "~0" : $1 == "/" ? "~1" : String($1) }
            self.refuse("/_meta/\(escaped)", "only site, idempotencyKey, deadlineMs, locale, traceparent")
        }
    }

    private mutating func refuse(_ pointer: String, _ expected: String) {
        guard self.malformed == nil else { return }
        self.malformed = pointer
        self.expected = expected
    }

    /// PostgreSQL stores no NUL, so none may come in.
    private static func text(_ value: JSONValue, _ length: ClosedRange<Int>) -> String? {
        guard let text = value.stringValue, length.contains(text.unicodeScalars.count), !text.utf8.contains(0) else {
            return nil
        }
        return text
    }
}
