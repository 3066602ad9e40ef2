internal import XinglinKit

/// What stocktakes add to the module.
enum StocktakePart {
    static let tables: [ModuleManifest.Table] = [
        .perSite("stocktake"), .perSite("stocktake_line"), .ledger("stocktake_count"),
    ]

    static var methods: [any RPCMethod] {
        [
            StartStocktake(),
            CountSheet(),
            CountLot(),
            FinishCounting(),
            RecountLots(),
            ApproveStocktake(),
            CancelStocktake(),
            ReverseStocktake(),
            GetStocktake(),
            ListStocktakes(),
            ListDueStocktakes(),
        ]
    }

    /// The statements, for the conformance suite.
    static var samples: [SQL] {
        let id = RecordID(high: 0, low: 0)
        let act = LotStore.Act(site: id, account: id, now: Timestamp(microseconds: 0))
        let count = LotCount(bookMg: 1, countedMg: 1, person: id)
        return [
            StocktakeStore.start(id, at: id, scope: .all, ruleVersion: "", act),
            StocktakeStore.running(at: id, site: id),
            StocktakeStore.lock(id, site: id), StocktakeStore.lots(at: id, scope: .all, site: id),
            StocktakeStore.book(id, at: id, scope: .all, site: id), StocktakeStore.counts(of: id, in: id, site: id),
            StocktakeStore.count(id, of: "XLYP0001", in: id, count, status: .counted, by: id, act),
            StocktakeStore.unfinished(id, at: id, scope: .all, site: id, limit: 1), StocktakeStore.finish(id, act),
            StocktakeStore.reopen([id], in: id, site: id), StocktakeStore.countAgain(id, site: id),
            StocktakeStore.cancel(id, reason: "", act), ActorStore.counts(of: id, site: id),
            StocktakeApproval.lockLots(id, site: id), StocktakeApproval.differences(id, at: id, site: id),
            StocktakeApproval.closed(id, site: id),
            StocktakeApproval.explain([id], [""], in: id, site: id),
            StocktakeApproval.book(id, at: id, document: id, reason: "", act),
            StocktakeApproval.losses(id, at: id, scope: .all, volatile: [], site: id),
            StocktakeApproval.approve(id, document: id, reason: "", lossReason: "", act),
            StocktakeQueries.sheet(id, at: id, scope: .all, site: id, after: .init(), limit: 1),
            StocktakeQueries.subject(id, site: id), StocktakeQueries.one(id, site: id),
            StocktakeQueries.list(state: nil, site: id, before: id, limit: 1),
            StocktakeQueries.differences(id, site: id, after: ("", id), limit: 1),
            StocktakeQueries.due(on: act.now.localDate, months: 1, toxicDays: 1, preciousDays: 7, site: id),
        ]
    }
}
