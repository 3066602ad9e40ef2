internal import XinglinKit

/// The statements of orders between sites and of deliveries, for the conformance suite.
enum SharedStatements {
    static var samples: [SQL] {
        let id = RecordID(high: 0, low: 0)
        let act = LotStore.Act(site: id, account: id, now: Timestamp(microseconds: 0))
        let today = act.now.localDate
        let site = Site(id: id, code: "t", nameZh: "", kind: .other, parentID: nil)
        let line = OrderStore.Line(pieceCode: "XLYP0001", quantityMg: 1)
        let part = ShippingStore.Part(lineNo: 1, lot: id, quantityMg: 1)
        let count = ShippingStore.Count(lot: id, quantityMg: 1, newLot: id, claim: id)
        return [
            OrderStore.setPharmacy(licence: "1", isOpen: true, of: site, by: id, at: act.now),
            OrderStore.pharmacies(after: "", limit: 1),
            OrderStore.place(id, to: "c", lines: [line], note: "", from: site, act),
            OrderStore.cancel(id, reason: "r", act), OrderStore.accept(id, act),
            OrderStore.refuse(id, reason: "r", act), OrderStore.state(id, site: id),
            OrderStore.list(.init(), site: id, today: today, before: id, limit: 1),
            OrderStore.head(of: id, site: id, today: today), OrderStore.lines(of: id), OrderStore.ordered(id),
            ShippingStore.ship(id, document: id, dueOn: today, ruleVersion: "1.0", act),
            ShippingStore.add([part], to: id, act), ShippingStore.receive(id, act), ShippingStore.inTransit(id, act),
            ShippingStore.book([count], of: id, from: id, document: id, reason: "r", act),
            ShippingStore.lots(of: id), ShippingStore.receipts(of: id),
            ShippingStore.transit(site: id, today: today, after: (id, id), limit: 1),
            ShippingStore.isOfTwoSites(id, site: id),
        ] + Self.ofClaimsAndDeliveries
    }

    private static var ofClaimsAndDeliveries: [SQL] {
        let id = RecordID(high: 0, low: 0)
        let act = LotStore.Act(site: id, account: id, now: Timestamp(microseconds: 0))
        let today = act.now.localDate
        let bytes = SQLBytes([])
        let new = DeliveryStore.New(
            id: id, prescription: id, document: nil, village: bytes, carrier: bytes, dueOn: today, ruleVersion: "1.0")
        let taken = DeliveryStore.HandOver(receivedBy: bytes, relation: .family, at: act.now, file: nil)
        return [
            ClaimStore.settle(id, as: .found, reason: "r", document: id, act),
            ClaimStore.sendAgain(id, dueOn: today, ruleVersion: "1.0", act),
            ClaimStore.resend(id, quantityMg: 1, of: id, act),
            ClaimStore.takeBack(id, quantityMg: 1, document: id, reason: "r", act),
            ClaimStore.writeOff(id, quantityMg: 1, document: id, reason: "r", act), ClaimStore.state(id, site: id),
            ClaimStore.list(order: nil, state: nil, site: id, before: id, limit: 1),
            DeliveryStore.create(new, act), DeliveryStore.handOver(id, taken, act),
            DeliveryStore.bringBack(id, reason: bytes, act), DeliveryStore.onTheWay(id, site: id),
            DeliveryStore.patient(of: id, site: id), DeliveryStore.state(id, site: id),
            DeliveryStore.list(state: nil, lateOnly: true, site: id, today: today, before: id, limit: 1),
        ]
    }
}
