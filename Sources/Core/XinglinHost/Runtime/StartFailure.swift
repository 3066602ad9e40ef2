public import XinglinKit

/// Why the host does not start: one sentence, and what to do about it.
public struct StartFailure: Error, Sendable, CustomStringConvertible {
    public let reason: LocalizedText
    public let remedy: LocalizedText

    public init(_ reason: LocalizedText, remedy: LocalizedText) {
        self.reason = reason
        self.remedy = remedy
    }

    /// A failure whose text there is in English only.
    public init(_ reason: String, remedy: String) {
        self.init(.init(zh: reason, en: reason), remedy: .init(zh: remedy, en: remedy))
    }

    public var description: String { "\(self.reason.en) — \(self.remedy.en)" }
}
