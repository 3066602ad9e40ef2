internal import XinglinKit

/// `people.person.update`
struct UpdatePerson: RPCMethod {
    struct Params: Codable, Sendable {
        let personId: RecordID
        let version: Int64
        var nameZh: String?
        var sex: Sex?
        var birthDate: LocalDate?
        var document: TypedDocument?
        var phone: String?
        var address: String?
        var clear: [Clearable]?
    }

    /// What can be made empty.
    enum Clearable: String, Codable, Sendable, CaseIterable {
        case birthDate, document, phone, address
    }

    struct Reply: Codable, Sendable {
        let personId: RecordID
        let version: Int64
        let changed: [String]
    }

    static let name = "people.person.update"
    static let summary = """
        Changes what is said of a person, or adds the document of one with a temporary number. What was there before is \
        kept, with who changed it and when.
        """
    static let effect = Effect.write
    static let access = PeopleAccess.care
    static let params = Schema.object(
        .required("personId", .id, "The person; not one that was merged into another."),
        .required(
            "version", .integer(1...Int64.max),
            "The version that was read; `host.conflict` where someone changed it since."),
        .optional("nameZh", .text(1...60), "The name."),
        .optional("sex", .enumeration(Sex.codes), "Sex; it must agree with a citizen number."),
        .optional("birthDate", .date, "Birth date; it must agree with a citizen number."),
        .optional("document", TypedDocument.schema, "The document, in place of the one that was there."),
        .optional("phone", .text(1...30), "Telephone."),
        .optional("address", .text(1...200), "Where the person lives."),
        .optional(
            "clear", .array(.enumeration(Clearable.allCases.map(\.rawValue)), 1...4), "What shall be empty from now on."
        ))
    static let reply = Schema.object(
        .required("personId", .id, "The person."),
        .required("version", .integer(1...Int64.max), "The version from now on."),
        .required(
            "changed", .array(.code(1...20), 0...6), "The fields that are not as before; none where all was so already."
        ))
    static let faults = [PeopleFault.documentInvalid, PeopleFault.documentExists, PeopleFault.personMerged]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let old = try Self.read(params, call)
        let details = try PersonDetails.reading(Self.typed(params, old), call)
        let now = Snapshot(details)
        let changed = now.differences(from: old)
        call.note("personId", .string(params.personId.description))
        guard !changed.isEmpty else { return Reply(personId: params.personId, version: params.version, changed: []) }
        call.note("changed", .array(changed.map { .string($0) }))
        let act = try PersonStore.Act(call)
        let change = call.newID()
        let before = try call.seal(old.text(of: changed), for: Sealed.before, row: change)
        try call.db.batch([
            Statement(
                PersonStore.update(try .init(params.personId, details, call), from: params.version, act), .rows(1))
        ])
        if changed.contains("document") { try Self.replaceDocument(details.document, of: params.personId, call) }
        try call.db.execute(
            ChangeStore.insert(
                change, of: params.personId, version: params.version + 1, fields: changed, before: before, act),
            expecting: .rows(1))
        let version = params.version + 1
        try call.publish(
            PeopleTopic.updated, subject: params.personId,
            PeopleTopic.Updated(personId: params.personId, version: version, changed: changed))
        return Reply(personId: params.personId, version: version, changed: changed)
    }

    /// The person as it is, where it is the version that the caller read.
    private static func read(_ params: Params, _ call: Call) throws -> Snapshot {
        guard
            let row = try call.db.first(PersonStore.cards(asked: [params.personId]), as: PersonCard.Columns.self)
        else { throw PeopleFault.notFound("personId", params.personId) }
        guard row.1 == params.personId else { throw PeopleFault.merged(into: row.1) }
        guard row.7 == params.version else {
            throw HostFault.conflict.fault(["version": .integer(row.7)])
        }
        return try Snapshot(row, call)
    }

    private static func replaceDocument(_ document: IdentityDocument?, of person: RecordID, _ call: Call) throws {
        try call.db.execute(PersonStore.deleteDocument(of: person))
        guard let document else { return }
        let sealed = try SealedDocument(document, of: person, call)
        guard try call.db.execute(PersonStore.insert(sealed, of: person)) == 1 else {
            throw try PersonStore.existing(sealed, call)
        }
    }

    private static func typed(_ params: Params, _ old: Snapshot) -> PersonDetails.Typed {
        let cleared = Set(params.clear ?? [])
        let document = params.document.map { ($0.kind, $0.number) } ?? old.document.map { ($0.kind, $0.number) }
        return PersonDetails.Typed(
            nameZh: params.nameZh ?? old.nameZh, sex: params.sex ?? old.sex,
            birthDate: params.birthDate
                ?? (cleared.contains(.birthDate) ? nil : old.birthDate(replacedBy: params.document)),
            document: cleared.contains(.document) && params.document == nil ? nil : document,
            phone: params.phone ?? (cleared.contains(.phone) ? nil : old.phone),
            address: params.address ?? (cleared.contains(.address) ? nil : old.address))
    }

    static var examples: Examples<Params, Reply> {
        let reply = Reply(personId: Sample.person, version: 2, changed: ["phone"])
        return Examples(
            full: (
                Params(
                    personId: Sample.person, version: 1, nameZh: "张三", sex: .female, birthDate: Sample.bornOn,
                    document: Sample.document, phone: "138 0000 1234", address: "某县某镇某村一组", clear: [.phone]), reply
            ), minimal: (Params(personId: Sample.person, version: 1, phone: "138 0000 1234"), reply))
    }
}
