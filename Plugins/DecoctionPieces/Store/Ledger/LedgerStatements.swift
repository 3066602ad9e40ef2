internal import XinglinKit

/// The ledger's statements, for the conformance suite.
enum LedgerStatements {
    static var samples: [SQL] {
        let id = RecordID(high: 0, low: 0)
        let act = LotStore.Act(site: id, account: id, now: Timestamp(microseconds: 0))
        let today = act.now.localDate
        let entry = IssueDocument.Entry(number: 1, line: IssueLine(pieceCode: "XLYP0001", quantityMg: 1))
        let line = TransferStore.Line(number: 1, lot: id, quantityMg: 1)
        let place = LocationStore.NewLocation(id: id, code: "A", nameZh: "", kind: .drawer, pieceCode: "XLYP0001")
        return [
            TakingStore.take(entry, document: id, reason: "", act),
            TakingStore.take(entry, at: id, document: id, reason: "", act),
            TakingStore.dispose(id, quantityMg: 0, reason: "", document: id, act),
            TakingStore.dispose(id, at: id, quantityMg: 0, reason: "", document: id, act),
            TransferStore.transfer(line, from: id, to: id, document: id, reason: "", act),
            TransferStore.reverse(id, by: id, reason: "", act), TransferStore.closedPlaces(of: id, site: id),
            TransferStore.lying([id], at: id, site: id), TransferStore.isReversal(id, site: id),
            LocationStore.create(place, act), LocationStore.find(code: "A", site: id),
            LocationStore.describe([id], site: id), LocationStore.lock(id, site: id), LocationStore.close(id, act),
            LocationStore.list(site: id, after: "", limit: 1),
            LocationStore.contents(of: id, site: id, after: .init(), limit: 1),
            PeriodStore.share(site: id), PeriodStore.own(site: id), PeriodStore.isOpen(today, site: id),
            PeriodStore.close(today, act), PeriodStore.balance(today, act), PeriodStore.sum(today, site: id),
            PeriodStore.list(site: id, before: today, limit: 1),
            LedgerQueries.counts(site: id), LedgerQueries.differences(site: id, limit: 1),
            LedgerQueries.values(ReportStatements.asked, after: "", limit: 1),
            LedgerQueries.totalValue(ReportStatements.asked),
            LedgerQueries.expiring(by: today, site: id, after: .init(), limit: 1),
            LedgerQueries.shortages(since: today, days: 1, cover: 1, today: today, site: id, after: "", limit: 1),
            TraceStore.lot(id, site: id), TraceStore.decisions(id, site: id), TraceStore.places(id, site: id),
            TraceStore.moved(id, site: id), PieceStore.control("XLYP0001"),
        ]
    }
}
