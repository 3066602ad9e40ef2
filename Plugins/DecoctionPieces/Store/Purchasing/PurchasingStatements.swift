internal import XinglinKit

/// The statements of suppliers, for the conformance suite.
enum PurchasingStatements {
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
        ]
    }
}
