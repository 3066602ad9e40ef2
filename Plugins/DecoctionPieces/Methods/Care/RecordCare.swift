internal import XinglinKit

/// `decoction.care.record`
struct RecordCare: RPCMethod {
    struct Params: Codable, Sendable {
        let lotId: RecordID
        var locationId: RecordID?
        let kind: CareKind
        let finding: CareFinding
        var countedMg: Int64?
        var note: String?
    }

    struct Reply: Codable, Sendable {
        let inspectionId: RecordID
        let persons: Int
        var differenceMg: Int64?
        let state: LotState
        var proposal: String?
    }

    static let name = "decoction.care.record"
    static let summary = """
        Records what an inspection, or a count, found of a lot at a place (8.2). What is condemned is withheld at once, accepted or \
        not: it is disposed of, or released by another person.
        """
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist, .reviewer])
    static let params = Schema.object(
        .required("lotId", .id, "The lot."),
        .optional("locationId", .id, "Where it lies; in the main store unless told."),
        .required("kind", .enumeration(CareKind.codes), "An inspection, or a count of precious or toxic pieces."),
        .required(
            "finding", .enumeration(CareFinding.codes), "good; treated, where it was put right; or condemned."),
        .optional("countedMg", .integer(0...10_000_000_000), "What was counted, in milligrams; for a count alone."),
        .optional("note", .text(1...200), "What was seen or done; wanted unless it is good."))
    static let reply = Schema.object(
        .required("inspectionId", .id, "The record."),
        .required("persons", .integer(1...10), "How many persons it takes: a second one confirms a count."),
        .optional("differenceMg", .integer(Int64.min...Int64.max), "Counted less what the ledger has there."),
        .required("state", .enumeration(LotState.codes), "Where the lot stands now."),
        .optional(
            "proposal", .enumeration(["dispose", "stocktake"]), "What is to be done next, where there is something."))
    static let faults = [CareFault.nothingThere]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        try Self.check(params)
        let act = try LotStore.Act(call)
        let rules = try PharmacyRules.book(on: call.today, call)
        let found = CareStore.Found(
            id: call.newID(), lot: params.lotId, location: params.locationId ?? act.site, kind: params.kind.rawValue,
            finding: params.finding, note: PlainText.trimmed(params.note ?? ""), countedMg: params.countedMg,
            preciousPersons: try rules.number(.preciousPersons), toxicPersons: try rules.number(.toxicKeepers),
            ruleVersion: rules.version(of: RuleKey.inspectionMonths.rule) ?? "", staff: try Signing.own(call))
        guard let (persons, expected) = try call.db.first(CareStore.record(found, act), as: (Int, Int64?).self) else {
            _ = try LotStore.description(of: params.lotId, call)
            throw CareFault.nothingThere.fault([
                "lotId": .string(params.lotId.description), "locationId": .string(found.location.description),
            ])
        }
        if params.finding == .condemned,
            try call.db.execute(CareStore.withhold(params.lotId, site: act.site)) == 1
        {
            try call.publish(
                CareTopic.lotWithheld, subject: params.lotId,
                CareTopic.LotWithheld(lotId: params.lotId, inspectionId: found.id))
        }
        call.note("inspectionId", .string(found.id.description))
        call.note("lotId", .string(params.lotId.description))
        call.note("finding", .string(params.finding.rawValue))
        let difference = params.countedMg.flatMap { counted in expected.map { counted - $0 } }
        return Reply(
            inspectionId: found.id, persons: persons, differenceMg: difference,
            state: try LotStore.description(of: params.lotId, call).state,
            proposal: params.finding == .condemned ? "dispose" : (difference ?? 0) == 0 ? nil : "stocktake")
    }

    private static func check(_ params: Params) throws {
        guard (params.kind == .count) == (params.countedMg != nil) else {
            throw Fault.invalid("/countedMg", expected: "what was counted, for a count alone", zh: "清点须填清点量，检查不填")
        }
        guard params.finding == .good || !PlainText.trimmed(params.note ?? "").isEmpty else {
            throw Fault.invalid("/note", expected: "what was seen or done", zh: "所见情况或处理措施")
        }
    }

    static var examples: Examples<Params, Reply> {
        Examples(
            full: (
                Params(
                    lotId: Sample.lot, locationId: Sample.location, kind: .count, finding: .treated, countedMg: 4_000,
                    note: "拣去碎屑"),
                Reply(
                    inspectionId: Sample.document, persons: 2, differenceMg: -10, state: .accepted,
                    proposal: "stocktake")
            ),
            minimal: (
                Params(lotId: Sample.lot, kind: .inspection, finding: .good),
                Reply(inspectionId: Sample.document, persons: 1, state: .accepted)
            ))
    }
}
