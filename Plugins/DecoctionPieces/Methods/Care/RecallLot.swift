internal import XinglinKit

/// `decoction.lot.recall`
struct RecallLot: RPCMethod {
    struct Params: Codable, Sendable {
        let lotId: RecordID
        let reason: String
        var wholeBatch: Bool?
    }

    typealias Reply = RecallReport

    static let name = "decoction.lot.recall"
    static let summary = """
        Recalls a lot, or every lot that the site has of its batch: nothing of it is issued, moved or accepted any more, it \
        leaves by disposal alone, and every patient who got it is listed. Lots of other sites that came of it are recalled with it. What \
        was reserved of it is let go, and those prescriptions wait for another review.
        """
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist, .reviewer])
    static let params = Schema.object(
        .required("lotId", .id, "The lot."), .required("reason", .text(1...200), "Why."),
        .optional(
            "wholeBatch", .boolean,
            "Also every other lot of the same piece, supplier and batch number at the site; only this one unless told.")
    )
    static let reply = RecallReport.schema
    static let faults = [DecoctionFault.lotStateConflict]

    /// A recalled lot, as `decoction.lot.trace` shows it too.
    static let recalled = Schema.object(
        .required("recallId", .id, "The recall."), .required("lotId", .id, "The lot."),
        .required("reason", .text(1...200), "Why."), .required("at", .timestamp, "When."),
        .required("accountId", .id, "By whom."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let act = try LotStore.Act(call)
        let recall = call.newID()
        let reason = PlainText.trimmed(params.reason)
        let whole = params.wholeBatch ?? false
        // Prescriptions are locked before lots, as everywhere; those that are weighed at this moment are waited for.
        try call.db.execute(ReservationStore.holding(params.lotId, wholeBatch: whole, site: act.site))
        let blocked = try call.db.query(
            RecallStore.recall(params.lotId, wholeBatch: whole, as: recall, reason: reason, act),
            as: (RecordID, Int64).self)
        let lot = try LotStore.description(of: params.lotId, call)
        guard blocked.contains(where: { $0.0 == params.lotId }) else {
            throw DecoctionFault.lotStateConflict.fault(
                ["lotId": .string(params.lotId.description), "state": .string(lot.state.rawValue)])
        }
        try RecallRelease(lot: params.lotId, wholeBatch: whole, pieceCode: lot.pieceCode).run(act, call)
        for (id, left) in blocked {
            try call.publish(
                CareTopic.lotRecalled, subject: id,
                CareTopic.LotRecalled(
                    lotId: id, recallId: recall, pieceCode: lot.pieceCode, onHandMg: left))
        }
        call.note("recallId", .string(recall.description))
        call.note("lotId", .string(params.lotId.description))
        call.note("lots", .integer(Int64(blocked.count)))
        let report = try RecallReport.read(
            recall, lots: blocked.map(\.0), reason: reason, at: call.now, by: act.account, call)
        try Self.tellOthers(report, piece: lot.pieceCode, call)
        return report
    }

    /// Tells the sites whose lots came of these, and those that had sent a patient's prescription here.
    private static func tellOthers(_ report: RecallReport, piece: String, _ call: Call) throws {
        let site = try call.site.id
        let results = try call.db.batch([
            Statement(RecallStore.descended(report.lotIds, site: site)),
            Statement(RecallStore.forwarded(report.patients.map(\.prescriptionId), site: site)),
        ])
        for (other, _, lot, _) in try results[0].decode(as: (RecordID, String, RecordID, Int64).self) {
            call.concern(other)
            try call.publish(
                CareTopic.lotRecalledBySupplier, at: other, subject: lot,
                CareTopic.LotRecalledBySupplier(lotId: lot, recallId: report.recallId, pieceCode: piece))
        }
        for (forwarding, other, patient) in try results[1].decode(as: (RecordID, RecordID, RecordID).self) {
            call.concern(other, subjects: [patient])
            try call.publish(
                ForwardingTopic.recalled, at: other, subject: forwarding,
                ForwardingTopic.Recalled(forwardingId: forwarding, recallId: report.recallId, pieceCode: piece))
        }
    }

    static var examples: Examples<Params, Reply> {
        Examples(
            full: (
                Params(lotId: Sample.lot, reason: "药监部门通报含量不合格", wholeBatch: true), RecallReport.example
            ), minimal: (Params(lotId: Sample.lot, reason: "药监部门通报含量不合格"), RecallReport.empty))
    }
}
