internal import XinglinKit

/// `decoction.claim.settle`
struct SettleClaim: RPCMethod {
    struct Params: Codable, Sendable {
        let claimId: RecordID
        let settlement: ClaimSettlement
        let reason: String
        var confirmedByStaffId: RecordID?
    }

    struct Reply: Codable, Sendable {
        let claimId: RecordID
        let orderId: RecordID
        let state: ClaimState
        var documentId: RecordID?
    }

    static let name = "decoction.claim.settle"
    static let summary = """
        Settles a claim, by the sender alone and once: resend puts what was left behind in transit again, found takes it back into \
        the sender's store, writeOff books it as the sender's loss.
        """
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist])
    static let params = Schema.object(
        .required("claimId", .id, "An open claim on a shipment of the acting site."),
        .required("settlement", .enumeration(ClaimSettlement.codes), "What became of the missing pieces."),
        .required("reason", .text(1...200), "How it came about."), ToxicDocument.field)
    static let reply = Schema.object(
        .required("claimId", .id, "The claim."), .required("orderId", .id, "The order."),
        .required("state", .enumeration(ClaimState.codes), "Where it stands now."),
        .optional("documentId", .id, "The document of the movements; absent where none were needed."))
    static let faults = [SharedFault.claimSettled, DispensingFault.staffNotEntitled]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let act = try LotStore.Act(call)
        let state = params.settlement.state
        let reason = PlainText.trimmed(params.reason)
        let document = params.settlement == .resend ? nil : call.newID()
        let sql = ClaimStore.settle(params.claimId, as: state, reason: reason, document: document, act)
        guard let (order, lot, quantity) = try call.db.first(sql, as: (RecordID, RecordID, Int64).self) else {
            throw try Self.refusal(of: params.claimId, call)
        }
        if let document, params.settlement == .found {
            try call.db.execute(
                ClaimStore.takeBack(lot, quantityMg: quantity, document: document, reason: reason, act),
                expecting: .rows(1))
        } else if let document {
            let toxic = ToxicDocument(id: document, kind: .disposal, act: act, call: call)
            let booked = try call.db.batch([
                Statement(
                    ClaimStore.writeOff(lot, quantityMg: quantity, document: document, reason: reason, act), .rows(2)),
                toxic.note,
            ])
            try toxic.confirm(by: params.confirmedByStaffId, noted: booked[1])
        } else {
            let due = try OrderStep.due(.shipmentDueDays, call)
            try call.db.batch([
                Statement(ClaimStore.sendAgain(order, dueOn: due.on, ruleVersion: due.version, act), .rows(1)),
                Statement(ClaimStore.resend(lot, quantityMg: quantity, of: order, act), .rows(1)),
            ])
            _ = try OrderStep.done(order, .shipped, call)
        }
        call.note("claimId", .string(params.claimId.description))
        call.note("settlement", .string(params.settlement.rawValue))
        try call.publish(
            SharedTopic.claimMoved, subject: params.claimId,
            SharedTopic.ClaimMoved(claimId: params.claimId, orderId: order, state: state))
        return Reply(claimId: params.claimId, orderId: order, state: state, documentId: document)
    }

    /// A claim that the acting site opened itself is seen by it, and settled by the sender.
    private static func refusal(of id: RecordID, _ call: Call) throws -> Fault {
        let found = try call.db.first(ClaimStore.state(id, site: call.site.id), as: (ClaimState, Bool).self)
        guard let (state, isToSettle) = found else {
            return HostFault.notFound.fault(["claimId": .string(id.description)])
        }
        guard isToSettle else { return HostFault.forbidden.fault(["claimId": .string(id.description)]) }
        return SharedFault.claimSettled.fault([
            "claimId": .string(id.description), "state": .string(state.rawValue),
        ])
    }

    static var examples: Examples<Params, Reply> {
        let full = Params(
            claimId: Sample.claim, settlement: .writeOff, reason: "运输途中破损", confirmedByStaffId: Sample.checker)
        let minimal = Params(claimId: Sample.claim, settlement: .resend, reason: "随下一班车送出")
        return Examples(
            full: (
                full,
                Reply(claimId: Sample.claim, orderId: Sample.order, state: .writtenOff, documentId: Sample.document)
            ), minimal: (minimal, Reply(claimId: Sample.claim, orderId: Sample.order, state: .resent)))
    }
}
