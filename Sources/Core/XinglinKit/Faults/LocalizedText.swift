/// The languages that messages and hints come in; `_meta.locale` on the wire.
public enum Locale: String, Sendable, CaseIterable, Codable {
    case zh
    case en
}

/// A text in both languages.
public struct LocalizedText: Sendable, Hashable {
    public let zh: String
    public let en: String

    public init(zh: String, en: String) {
        self.zh = zh
        self.en = en
    }

    public subscript(_ locale: Locale) -> String {
        switch locale {
        case .zh: self.zh
        case .en: self.en
        }
    }
}
