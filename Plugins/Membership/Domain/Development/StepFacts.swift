internal import XinglinKit

/// The facts of an entry, as the schema of its step has them.
struct StepFacts: Sendable, Equatable {
    var json: JSONValue

    /// Of step 24 that was taken over: the day on which probation ended, as the other register had it.
    static let probationEndedOn = "probationEndedOn"

    init(_ json: JSONValue = .object([:])) {
        self.json = json
    }

    func text(_ name: String) -> String? { self.json[name]?.stringValue }
    func flag(_ name: String) -> Bool? { self.json[name]?.boolValue }
    func number(_ name: String) -> Int64? { self.json[name]?.integerValue }
    func date(_ name: String) -> LocalDate? { self.text(name).flatMap { LocalDate($0) } }
    func id(_ name: String) -> RecordID? { self.text(name).flatMap { RecordID($0) } }

    func texts(_ name: String) -> [String] {
        self.json[name]?.arrayValue?.compactMap(\.stringValue) ?? []
    }

    func ids(_ name: String) -> [RecordID] { self.texts(name).compactMap { RecordID($0) } }

    /// A reason that says something.
    func reason(_ name: String) -> String? {
        self.text(name).map(PlainText.trimmed).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The days of the publicity notice (DV-26).
    var publicity: (from: LocalDate, to: LocalDate)? {
        guard let notice = self.json["publicity"], let from = notice["from"]?.stringValue.flatMap({ LocalDate($0) }),
            let to = notice["to"]?.stringValue.flatMap({ LocalDate($0) })
        else { return nil }
        return (from, to)
    }

    /// The same with one more.
    func adding(_ name: String, _ value: JSONValue) -> StepFacts {
        var members = self.json.objectValue ?? [:]
        members[name] = value
        return StepFacts(.object(members))
    }
}
