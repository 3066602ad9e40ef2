internal import XinglinKit

/// `decoction.toxic.confirm`
struct ConfirmToxic: RPCMethod {
    struct Params: Codable, Sendable {
        let documentId: RecordID
    }

    typealias Reply = Params

    static let name = "decoction.toxic.confirm"
    static let summary = """
        Confirms, as the second person, a document with which toxic or narcotic pieces left without a prescription (8.4): \
        a pharmacist of the grade who did not make it.
        """
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist, .reviewer])
    static let params = Schema.object(
        .required("documentId", .id, "A document that decoction.toxic.unconfirmed lists."))
    static let reply = Schema.object(.required("documentId", .id, "The document, which awaits nobody any more."))
    static let faults = [ToxicFault.confirmed, DispensingFault.staffNotEntitled]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let act = try LotStore.Act(call)
        let id = JSONValue.string(params.documentId.description)
        let results = try call.db.batch([
            Statement(ToxicDocumentStore.maker(of: params.documentId, site: act.site)),
            Statement(PharmacyRules.table.valid(on: call.today, site: act.site)),
        ])
        guard let (account, staff, isConfirmed) = try results[0].first(as: (RecordID, RecordID?, Bool).self) else {
            throw HostFault.notFound.fault(["documentId": id])
        }
        guard !isConfirmed else { throw ToxicFault.confirmed.fault(["documentId": id]) }
        let duty = PharmacistMustBeEntitled(duty: .checker, least: nil)
        guard try !Persons.isCaller(amongst: [Actor(account: account, staff: staff)], call) else {
            throw duty.refusal("anotherPerson", try Signing.own(call))
        }
        let rules = try PharmacyRules.book(results[1])
        let own = try PharmacyStaff(call: call).caller(as: .checker, least: rules.text(.toxicSecondTitle))
        if try own == nil && PeopleOfPrescription(call: call).isAskable() { throw duty.refusal("ownAccount", nil) }
        try call.db.execute(
            ToxicDocumentStore.confirm(
                params.documentId, by: own?.staffID, isOwnAccount: true,
                ruleVersion: rules.version(of: RuleKey.toxicPersons.rule) ?? "", act), expecting: .rows(1))
        call.note("documentId", id)
        return params
    }

    static var examples: Examples<Params, Reply> {
        let params = Params(documentId: Sample.document)
        return Examples(full: (params, params), minimal: (params, params))
    }
}
