internal import XinglinKit

/// What sending prescriptions to another site's pharmacy adds to the module.
enum ForwardingPart {
    /// Changed by either side, each into its own states: docs/adr/0021.
    static let tables: [ModuleManifest.Table] = [.perSite("forwarding")]

    static var methods: [any RPCMethod] {
        [
            ForwardPrescription(), WithdrawForward(), ListForwarded(), TakeForwarded(), RefuseForwarded(),
            ShipForwarded(), ReceiveForwarded(), GiveUpForwarded(),
        ]
    }

    /// The statements, for the conformance suite.
    static var samples: [SQL] {
        let id = RecordID(high: 0, low: 0)
        let act = LotStore.Act(site: id, account: id, now: Timestamp(microseconds: 0))
        let today = act.now.localDate
        let bytes = SQLBytes([])
        let site = Site(id: id, code: "t", nameZh: "", kind: .other, parentID: nil)
        let new = ForwardingStore.New(
            id: id, prescription: id, pharmacy: "c", patientName: bytes, patientIDs: [id], prescriberName: nil,
            note: nil)
        let way = ForwardingStore.Way(carrier: bytes, dueOn: today, ruleVersion: "1.0", totalFen: nil)
        let resealed = ForwardingStore.Resealed(former: id, id: id, reason: bytes)
        return [
            ForwardingStore.send(new, from: site, act), ForwardingStore.withdraw(id, act),
            ForwardingStore.bringHome(id, act), ForwardingStore.take(id, act),
            ForwardingStore.refuse(id, reason: bytes, from: .sent, act), ForwardingStore.ship(id, way, act),
            ForwardingStore.receive(id, act), ForwardingStore.giveUp(id, .init(why: .lost, reason: nil), act),
            ForwardingStore.state(id, site: id),
            ForwardingStore.lockMade(id, site: id), ForwardingStore.copyLines(of: id, at: id, to: id, act),
            ForwardingStore.copyFindings(of: id, at: id, to: id, act),
            ForwardingStore.signatureReasons(of: id, at: id),
            ForwardingStore.copySignatures([resealed], of: id, at: id, to: id, act),
            ForwardingStore.carried(with: id, site: id), ForwardingStore.origin(of: id, site: id),
            ForwardingQueries.list(.init(), site: id, today: today, before: id, limit: 1),
            ForwardingQueries.ofPrescription(id, site: id, today: today), DeliveryStore.standing(id, site: id),
        ]
    }
}
