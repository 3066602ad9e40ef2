internal import XinglinKit

/// The statements of the guards, for the conformance suite.
enum GuardStatements {
    static var samples: [SQL] {
        let id = RecordID(high: 0, low: 0)
        let act = LotStore.Act(site: id, account: id, now: Timestamp(microseconds: 0))
        return [
            HindranceStore.recalled(id, id, site: id), HindranceStore.recalledElsewhere(id, site: id),
            HindranceStore.keepLots(of: id, site: id), HindranceStore.lockDocument(id),
            HindranceStore.delivery(of: id, site: id), HindranceStore.issue(id, site: id),
            HindranceStore.subject(of: id, site: id),
            DispensingGuard.distrusted(id, review: 1, on: act.now.localDate, site: id),
            DispensingGuard.withdrawn(id, site: id),
            StocktakeReversal.isNoStocktake(id, site: id), StocktakeReversal.document(of: id, site: id),
            StocktakeReversal.mark(id, by: id, act), StocktakeApproval.belowReserved(id, at: id, site: id),
            SenderStore.supplier(of: id, site: id), BackDating.below(id, since: act.now.localDate, site: id),
        ]
    }
}
