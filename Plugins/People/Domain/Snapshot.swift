internal import XinglinKit

/// What is said of a person at one time, to tell what a change changes and to keep what was before.
struct Snapshot: Equatable {
    var nameZh: String
    var sex: Sex
    var birthDate: LocalDate?
    var document: Document?
    var phone: String?
    var address: String?

    struct Document: Equatable {
        let kind: DocumentKind
        let number: String
    }

    /// The fields' codes, as the wire names them.
    static let fields = ["nameZh", "sex", "birthDate", "document", "phone", "address"]

    init(_ details: PersonDetails) {
        self.nameZh = details.nameZh
        self.sex = details.sex
        self.birthDate = details.birthDate
        self.document = details.document.map { Document(kind: $0.kind, number: $0.number) }
        self.phone = details.phone
        self.address = details.address
    }

    func differences(from old: Snapshot) -> [String] {
        zip(Self.fields, zip(self.members, old.members)).filter { $0.1.0 != $0.1.1 }.map(\.0)
    }

    /// A birth date was often a guess where there was no document: a new citizen number corrects it. Sex was seen: a number
    /// that contradicts it is refused.
    func birthDate(replacedBy document: TypedDocument?) -> LocalDate? {
        document?.kind == .citizenId ? nil : self.birthDate
    }

    /// The values of these fields, one `field=value` a line, for the sealed column; an absent value is absent.
    func text(of fields: [String]) -> String {
        zip(Self.fields, self.members).filter { fields.contains($0.0) }
            .compactMap { field, value in value.map { "\(field)=\($0)" } }.joined(separator: "\n")
    }

    /// Reads what `text` wrote.
    static func values(in text: String) -> [String: String] {
        var values: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { values[String(parts[0])] = String(parts[1]) }
        }
        return values
    }

    /// In the order of `fields`; a document is `kind number`.
    private var members: [String?] {
        [
            self.nameZh, self.sex.rawValue, self.birthDate?.description,
            self.document.map { "\($0.kind.rawValue) \($0.number)" }, self.phone, self.address,
        ]
    }
}
