internal import XinglinKit

/// `decoction.spotCheck.record`
struct RecordSpotCheck: RPCMethod {
    struct Params: Codable, Sendable {
        let prescriptionId: RecordID
        let passed: Bool
        var reweighedMg: Int64?
        var note: String?
    }

    struct Reply: Codable, Sendable {
        let spotCheckId: RecordID
        let documentId: RecordID
    }

    static let name = "decoction.spotCheck.record"
    static let summary = """
        Records the spot-check of a dispensed prescription (8.4) by somebody who neither dispensed nor checked it; one that did not pass says why.
        """
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist, .reviewer])
    static let params = Schema.object(
        .required("prescriptionId", .id, "A prescription that is dispensed or handed over."),
        .required("passed", .boolean, "Whether all was as it should be."),
        .optional("reweighedMg", .integer(1...10_000_000_000), "What it weighed in all when it was weighed again."),
        .optional("note", .text(1...500), "What was found; needed where it did not pass. It is kept encrypted."))
    static let reply = Schema.object(
        .required("spotCheckId", .id, "The spot-check."),
        .required("documentId", .id, "The dispensing that was checked."))
    static let faults = [
        PrescriptionFault.prescriptionStateConflict, DispensingFault.staffNotEntitled, DispensingFault.spotCheckExists,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        guard params.passed || params.note != nil else {
            throw Fault.invalid("/note", expected: "a note, where it did not pass", zh: "不合格须写明情况")
        }
        let stored = try StoredPrescription.read(params.prescriptionId, call)
        let act = try LotStore.Act(call)
        let results = try call.db.batch([
            Statement(DispensingStore.latest(of: stored.id, site: act.site)),
            Statement(PharmacyRules.table.valid(on: call.today, site: act.site)),
        ])
        guard [.dispensed, .handedOver].contains(stored.state),
            let dispensing = try results[0].first(as: (RecordID, RecordID?, RecordID, RecordID, Timestamp).self)
        else { throw stored.stateConflict }
        let actors = [
            Actor(account: dispensing.3, staff: dispensing.1), Actor(account: nil, staff: dispensing.2),
        ]
        guard try !Persons.isCaller(amongst: actors, call) else {
            throw PharmacistMustBeEntitled(duty: .checker, least: nil).refusal("anotherPerson", try Signing.own(call))
        }
        let id = call.newID()
        let new = SpotCheckStore.New(
            id: id, document: dispensing.0, hasPassed: params.passed, reweighedMg: params.reweighedMg,
            note: try params.note.map {
                try call.seal(PlainText.trimmed($0), for: DispensingColumns.spotCheckNote, row: id)
            }, ruleVersion: try PharmacyRules.book(results[1]).version(of: RuleKey.spotCheckPercent.rule) ?? "")
        try call.db.execute(SpotCheckStore.add(new, act), expecting: .rows(1))
        call.recordAccess(basis: "treatment", subjects: [stored.patient])
        call.note("prescriptionId", .string(stored.id.description))
        call.note("passed", .bool(params.passed))
        return Reply(spotCheckId: id, documentId: dispensing.0)
    }

    static var examples: Examples<Params, Reply> {
        let reply = Reply(spotCheckId: Sample.spotCheck, documentId: Sample.document)
        return Examples(
            full: (
                Params(prescriptionId: Sample.prescription, passed: false, reweighedMg: 41_000, note: "第二剂少一味"), reply
            ),
            minimal: (Params(prescriptionId: Sample.prescription, passed: true), reply))
    }
}
