internal import XinglinKit

/// The statements of suppliers, fees and bills, for the conformance suite.
enum PurchasingStatements {
    private static var ofBills: [SQL] {
        let id = RecordID(high: 0, low: 0)
        let act = LotStore.Act(site: id, account: id, now: Timestamp(microseconds: 0))
        let today = act.now.localDate
        let fee = BillStore.NewFee(kind: .decoction, fen: 1, source: "s", validFrom: today, reason: "r")
        return [
            BillStore.set(fee, act), BillStore.fees(on: today, site: id), BillStore.pieces(of: id, on: today, site: id),
            BillStore.freeze(Bill(lines: []), of: id, act), BillStore.latest(of: id, site: id),
            BillStore.lines(of: id, site: id), BillStore.boiledHere(id, site: id),
        ]
    }

    static var samples: [SQL] {
        let id = RecordID(high: 0, low: 0)
        let act = LotStore.Act(site: id, account: id, now: Timestamp(microseconds: 0))
        let today = act.now.localDate
        return [
            SupplierStore.list(.init(today: today, warnDays: 1), site: id, after: id, limit: 1),
            SupplierVersionStore.update(id, .init(), onVersion: 1, reason: "r", act),
            SupplierVersionStore.withdraw(id, on: today, reason: "r", act),
            SupplierVersionStore.versions(of: id, site: id),
            SupplierVersionStore.ending(by: today, today: today, site: id),
            SupplierVersionStore.judged(id, site: id),
        ] + Self.ofBills
    }
}
