/// A kind of event that a module publishes: what its name says has happened. Declared once, in the manifest's `publishes`.
///
/// A body holds ids, codes and quantities; never names, numbers of documents, or text that a person typed: whoever may subscribe
/// sees it, and it is kept for more than a year.
public struct EventTopic: Sendable {
    /// `module.nounVerbed` or `module.noun.verbed`, such as `people.person.registered`. The first segment is the module's code.
    public let name: String
    /// What has happened.
    public let summary: LocalizedText
    /// Who may subscribe, judged at the event's site. `.modules`: only handlers get it. Never `.anonymous`.
    public let access: Access
    public let body: Schema
    /// A body as the schema wants it, for the documentation.
    public let example: any Encodable & Sendable

    public init(
        _ name: String, _ summary: LocalizedText, access: Access, body: Schema, example: some Encodable & Sendable
    ) {
        self.name = name
        self.summary = summary
        self.access = access
        self.body = body
        self.example = example
    }

    /// The most bytes of a body's JSON.
    public static let longestBody = 8192
}
