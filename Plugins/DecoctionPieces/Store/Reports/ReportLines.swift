internal import XinglinKit

/// Reads the lines behind a figure.
struct ReportLines {
    let params: ListReportLines.Params
    let asked: Asked
    let call: Call

    typealias Found = (ListReportLines.Total, [UInt8], String?)

    func balance() throws -> Found {
        let page = try Page(limit: self.params.limit, after: self.params.after, fields: 3)
        var start = BalanceStore.Cursor()
        start.piece = try page.after(0) ?? ""
        start.lot = try page.after(1) ?? start.lot
        start.location = try page.after(2) ?? start.location
        let bound =
            self.params.figure == .closing
            ? self.asked.atEnd
            : Asked(site: self.asked.site, from: self.asked.from, to: self.asked.from, today: self.asked.today)
        let filter = BalanceStore.Filter(
            piece: self.params.pieceCode, storageClass: self.params.storageClass, location: self.params.locationId,
            expiryMonth: self.params.expiryMonth?.firstOfMonth, isExpired: self.params.expired,
            expiresBy: self.params.expiresBy)
        let results = try self.call.db.batch([
            Statement(BalanceStore.total(bound, filter)),
            Statement(BalanceStore.lines(bound, filter, after: start, limit: page.limit + 1)),
        ])
        let total = try results[0].single(as: (Int64, Int64, Int64, Int64, Int64).self)
        let (rows, hasMore) = results[1].page(limit: page.limit)
        let last = hasMore ? try rows.last.first(as: (String, RecordID, RecordID).self) : nil
        return (
            .init(count: total.4, quantityMg: total.2, valueFen: total.3), rows.json(BalanceStore.lineColumns),
            last.map { Page.cursor($0.0, $0.1.description, $0.2.description) }
        )
    }

    func movements() throws -> Found {
        let page = try Page(limit: self.params.limit, after: self.params.after, fields: 1)
        let filter = MovementLineStore.Filter(
            figure: self.params.figure, piece: self.params.pieceCode, kind: self.params.kind?.rawValue,
            reason: self.params.reason, volatile: try self.params.volatile.map { ($0, try self.volatileClasses()) })
        let results = try self.call.db.batch([
            Statement(MovementLineStore.total(self.asked, filter)),
            Statement(
                MovementLineStore.lines(self.asked, filter, after: page.after(0) ?? 0, limit: page.limit + 1)),
        ])
        let total = try results[0].single(as: (Int64, Int64, Int64).self)
        let (rows, hasMore) = results[1].page(limit: page.limit)
        let last = hasMore ? try rows.last.first(as: Int64.self) : nil
        return (
            .init(count: total.0, quantityMg: total.1, valueFen: total.2), rows.json(MovementLineStore.columns),
            last.map { Page.cursor(String($0)) }
        )
    }

    private func volatileClasses() throws -> [String] {
        let rules = try PharmacyRules.book(
            self.call.db.rows(PharmacyRules.table.valid(on: self.asked.to, site: self.asked.site)))
        return try rules.names(.volatileClasses)
    }

    func prescriptions() throws -> Found {
        let page = try Page(limit: self.params.limit, after: self.params.after, fields: 4)
        var start = PrescriptionReportStore.Cursor()
        start.figure = try page.after(0) ?? ""
        start.event = try page.after(1) ?? start.event
        start.rule = try page.after(2) ?? ""
        start.severity = try page.after(3) ?? ""
        let filter = PrescriptionReportStore.Filter(
            figure: self.params.figure, rule: self.params.rule, severity: self.params.severity?.rawValue,
            staff: self.params.staffId)
        let results = try self.call.db.batch([
            Statement(PrescriptionReportStore.total(self.asked, filter)),
            Statement(PrescriptionReportStore.lines(self.asked, filter, after: start, limit: page.limit + 1)),
        ])
        let total = try results[0].single(as: Int64.self)
        let (rows, hasMore) = results[1].page(limit: page.limit)
        let last = hasMore ? try rows.last.first(as: (String, RecordID, String?, String?).self) : nil
        return (
            .init(count: total), rows.json(PrescriptionReportStore.columns),
            last.map { Page.cursor($0.0, $0.1.description, $0.2 ?? "", $0.3 ?? "") }
        )
    }
}
