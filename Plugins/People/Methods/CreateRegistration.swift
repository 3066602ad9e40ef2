internal import XinglinKit

/// `people.registration.create`
struct CreateRegistration: RPCMethod {
    struct Params: Codable, Sendable {
        let personId: RecordID
        let basis: Purpose
    }

    struct Reply: Codable, Sendable {
        let personId: RecordID
        let created: Bool
    }

    static let name = "people.registration.create"
    static let summary = """
        Registers at the acting site a person whom the county's index has, as people.person.find by document number \
        or people.documentExists gave it; from then on the site sees the person.
        """
    static let effect = Effect.write
    static let access = PeopleAccess.desk
    static let params = Schema.object(
        .required("personId", .id, "The person; the id of a merged record registers the record kept."),
        .required("basis", .enumeration(Purpose.codes), "What the site needs the person for. It is kept and audited."))
    static let reply = Schema.object(
        .required("personId", .id, "The person as registered."),
        .required("created", .boolean, "False where the site knew the person already."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let act = try PersonStore.Act(call)
        let results = try call.db.batch([
            Statement(RegistrationStore.enrol(params.personId, basis: params.basis, act)),
            Statement(RegistrationStore.current(of: params.personId)),
        ])
        guard let person = try results[1].first(as: RecordID.self) else {
            throw PeopleFault.notFound("personId", params.personId)
        }
        call.recordAccess(basis: params.basis.rawValue, subjects: [person])
        return Reply(personId: person, created: results[0].affected == 1)
    }

    static var examples: Examples<Params, Reply> {
        let example = (
            params: Params(personId: Sample.person, basis: .treatment),
            reply: Reply(personId: Sample.person, created: true)
        )
        return Examples(full: example, minimal: example)
    }
}
