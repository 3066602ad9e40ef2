internal import XinglinKit

/// `membership.person.find`
struct FindPerson: RPCMethod {
    struct Params: Codable, Sendable {
        var documentNumber: String?
        var namePrefix: String?
        var pinyinPrefix: String?
        var birthDate: LocalDate?
        var unmask: GetMember.Unmask?
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let persons: [Found]
        var next: String?
    }

    struct Found: Codable, Sendable {
        let personId: RecordID
        let nameZh: String
        var birthDate: LocalDate?
        var documentMasked: String?
        let registered: Bool
        var claim: ClaimKind?
        var claimedHere: Bool?
        var memberId: RecordID?
        var candidateId: RecordID?
    }

    static let name = "membership.person.find"
    static let summary = """
        Finds the person whom an officer is about to record: by a whole document number in the county, or by the beginning of name or \
        pinyin within the readable sites; and says whether some register has the person already. Audited.
        """
    static let effect = Effect.read
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        [
            .optional("documentNumber", .text(1...40), "A whole number. It is looked for in the whole county."),
            .optional("namePrefix", .text(1...60), "How the name begins."),
            .optional("pinyinPrefix", .text(1...60), "How its pinyin or initials begin: zhangs, zs."),
            .optional("birthDate", .date, "Only who was born on that day."), GetMember.Unmask.field,
        ] + Schema.pageParams)
    static let reply = Schema.object(
        .required(
            "persons",
            .array(
                .object(
                    .required("personId", .id, "The person."),
                    .required(
                        "nameZh", .text(1...60),
                        "The name, masked (张*) unless a purpose was named, and always where `registered` is false."),
                    .optional("birthDate", .date, "Birth date; only of registered persons, where a purpose was named."),
                    .optional("documentMasked", .text(1...40), "The document's number, most of it hidden."),
                    .required(
                        "registered", .boolean,
                        "Whether a readable site knows the person; where not, the desk registers them first."),
                    .optional(
                        "claim", .enumeration(["candidate", "member"]),
                        "What the person is in a register of the county."),
                    .optional("claimedHere", .boolean, "Whether that register is the acting site's."),
                    .optional("memberId", .id, "The member, where that is here."),
                    .optional("candidateId", .id, "The candidate, where that is here.")), 0...500),
            "The persons of this page."), Schema.pageReply)

    private struct Asked: Encodable {
        let documentNumber: String?
        let namePrefix: String?
        let pinyinPrefix: String?
        let birthDate: LocalDate?
        let basis: String
        let limit: Int?
        let after: String?
    }

    private struct Answer: Decodable {
        struct Person: Decodable {
            let personId: RecordID
            let nameZh: String
            let birthDate: LocalDate?
            let documentMasked: String?
            let registered: Bool
        }
        let persons: [Person]
        let next: String?
    }

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        guard [params.documentNumber, params.namePrefix, params.pinyinPrefix].compactMap(\.self).count == 1 else {
            throw Fault.invalid(
                "", expected: "one of documentNumber, namePrefix and pinyinPrefix", zh: "证件号码、姓名、拼音三者填且只填一项")
        }
        let answer: Answer = try call.module(
            "people.person.find",
            Asked(
                documentNumber: params.documentNumber, namePrefix: params.namePrefix, pinyinPrefix: params.pinyinPrefix,
                birthDate: params.birthDate, basis: "registration", limit: params.limit, after: params.after))
        let site = try call.site.id
        let claims = try call.db.query(
            MemberStore.claims(of: answer.persons.map(\.personId)), as: (RecordID, ClaimKind, RecordID, RecordID).self)
        let byPerson = Dictionary(claims.map { ($0.0, ($0.1, $0.2, $0.3)) }, uniquingKeysWith: { first, _ in first })
        let isUnmasked = params.unmask != nil
        call.recordAccess(
            basis: params.unmask?.purpose.rawValue ?? "registration", subjects: answer.persons.map(\.personId))
        if isUnmasked { call.note("unmasked", true) }
        return Reply(
            persons: answer.persons.map { person in
                var found = Found(
                    personId: person.personId,
                    nameZh: isUnmasked && person.registered ? person.nameZh : MaskedName.of(person.nameZh),
                    birthDate: isUnmasked && person.registered ? person.birthDate : nil,
                    documentMasked: person.documentMasked, registered: person.registered)
                // Of somebody whom no readable site knows nothing is said but that they cannot be recorded here.
                if let (kind, record, place) = byPerson[person.personId], person.registered {
                    found.claim = kind
                    found.claimedHere = place == site
                    if place == site && kind == .member { found.memberId = record }
                    if place == site && kind == .candidate { found.candidateId = record }
                }
                return found
            }, next: answer.next)
    }

    static var examples: Examples<Params, Reply> {
        let found = Found(
            personId: Sample.person, nameZh: "张三", birthDate: Sample.joined.adding(years: -30),
            documentMasked: "110105********002X", registered: true, claim: .member, claimedHere: true,
            memberId: Sample.member, candidateId: Sample.candidate)
        return Examples(
            full: (
                Params(
                    documentNumber: "11010519491231002X", birthDate: Sample.joined.adding(years: -30),
                    unmask: GetMember.Unmask(purpose: .development)),
                Reply(persons: [found], next: "zhangsan~\(Sample.person)")
            ),
            minimal: (
                Params(namePrefix: "张", pinyinPrefix: "zh", limit: 1, after: "zhangsan~\(Sample.person)"),
                Reply(persons: [])
            ))
    }
}
