internal import XinglinKit

/// `people.person.register`
struct RegisterPerson: RPCMethod {
    struct Params: Codable, Sendable {
        let nameZh: String
        var sex: Sex?
        var birthDate: LocalDate?
        var document: TypedDocument?
        var phone: String?
        var address: String?
    }

    struct Reply: Codable, Sendable {
        let personId: RecordID
        var temporaryNumber: String?
    }

    static let name = "people.person.register"
    static let summary = """
        Records a person in the county's index and registers them at the acting site; who has no document gets a \
        temporary number. A citizen number is judged by GB 11643-1999.
        """
    static let effect = Effect.write
    static let access = PeopleAccess.desk
    static let params = Schema.object(
        .required("nameZh", .text(1...60), "The name as in the document."),
        .optional(
            "sex", .enumeration(Sex.codes),
            "Sex (GB/T 2261.1). Only a citizen number can stand in for it; then it must agree."),
        .optional(
            "birthDate", .date, "Birth date; taken from a citizen number where it is absent, else it must agree."),
        .optional("document", TypedDocument.schema, "The identity document; absent where there is none."),
        .optional("phone", .text(1...30), "Telephone, 5 to 20 digits; blanks and dashes do not count."),
        .optional("address", .text(1...200), "Where the person lives."))
    static let reply = Schema.object(
        .required("personId", .id, "The new person."),
        .optional("temporaryNumber", .code(1...30), "Only where no document was given. It is never given again."))
    static let faults = [PeopleFault.documentInvalid, PeopleFault.documentExists]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let typed = PersonDetails.Typed(
            nameZh: params.nameZh, sex: params.sex, birthDate: params.birthDate,
            document: params.document.map { ($0.kind, $0.number) }, phone: params.phone, address: params.address)
        let details = try PersonDetails.reading(typed, call)
        let id = call.newID()
        let act = try PersonStore.Act(call)
        let row = try PersonStore.Row(id, details, call)
        let person = Statement(PersonStore.insert(row, act), .rows(1))
        let registration = Statement(RegistrationStore.insert(row, basis: .registration, act), .rows(1))
        call.note("personId", .string(id.description))
        try call.publish(PeopleTopic.registered, subject: id, PeopleTopic.Registered(personId: id))
        guard let document = details.document else {
            return Reply(personId: id, temporaryNumber: try Self.numbered(id, [person, registration], call))
        }
        let sealed = try SealedDocument(document, of: id, call)
        let results = try call.db.batch([person, Statement(PersonStore.insert(sealed, of: id)), registration])
        guard results[1].affected == 1 else { throw try PersonStore.existing(sealed, call) }
        return Reply(personId: id)
    }

    private static func numbered(_ id: RecordID, _ statements: [Statement], _ call: Call) throws -> String {
        let results = try call.db.batch(statements + [Statement(PersonStore.nextTemporary(1), .rows(1))])
        guard let sequence = try results.last?.first(as: Int64.self) else { throw HostFault.internal.fault() }
        let number = TemporaryNumber(on: call.today, sequence: sequence).text
        try call.db.execute(PersonStore.insertTemporary([number], of: [id]), expecting: .rows(1))
        return number
    }

    static var examples: Examples<Params, Reply> {
        Examples(
            full: (
                Params(
                    nameZh: "张三", sex: .female, birthDate: Sample.bornOn, document: Sample.document,
                    phone: "138 0000 1234", address: "某县某镇某村一组"), Reply(personId: Sample.person)
            ),
            minimal: (
                Params(nameZh: "无名氏", sex: .unknown),
                Reply(personId: Sample.person, temporaryNumber: Sample.temporaryNumber)
            ))
    }
}
