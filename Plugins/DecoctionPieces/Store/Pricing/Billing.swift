internal import XinglinKit

/// Works out what a prescription costs, and freezes it.
struct Billing {
    let call: Call
    let prescription: RecordID
    let doses: Int

    init(_ stored: StoredPrescription, _ call: Call) {
        self.call = call
        self.prescription = stored.id
        self.doses = stored.draft.doses
    }

    /// By the prices and fees of today.
    func today() throws -> Bill {
        let (rows, tariff) = try self.read()
        let pieces = rows.map { row in
            Bill.Line(
                kind: .piece, pieceCode: row.0, nameZh: row.1, quantity: row.2, charge: Self.charge(row.4, row.5))
        }
        return Bill(lines: pieces + Bill.fees(doses: self.doses, cookings: rows.map(\.3), tariff.fees))
    }

    private func read() throws -> ([(String, String, Int64, Cooking, Int64?, Int?)], Bill.Tariff) {
        let site = try self.call.site.id
        let results = try self.call.db.batch([
            Statement(BillStore.pieces(of: self.prescription, on: self.call.today, site: site)),
            Statement(BillStore.fees(on: self.call.today, site: site)),
        ])
        let pieces = try results[0].decode(as: (String, String, Int64, Cooking, Int64?, Int?).self)
        let fees = try results[1].decode(
            as: (BillKind, Int64, Int, String, LocalDate, String, Timestamp, RecordID).self)
        let tariff = Bill.Tariff(
            pieces: Dictionary(
                pieces.compactMap { row in Self.charge(row.4, row.5).map { (row.0, $0) } },
                uniquingKeysWith: { first, _ in first }),
            fees: Dictionary(
                fees.map { ($0.0, Charge(fen: $0.1, revision: $0.2)) }, uniquingKeysWith: { first, _ in first }))
        return (pieces, tariff)
    }

    /// A bill that was frozen.
    struct Frozen {
        let number: Int
        let pricedOn: LocalDate
        let isReturned: Bool
        let bill: Bill
    }

    /// The latest one; nil where the prescription was never approved.
    func latest() throws -> Frozen? {
        let site = try self.call.site.id
        let results = try self.call.db.batch([
            Statement(BillStore.latest(of: self.prescription, site: site)),
            Statement(BillStore.lines(of: self.prescription, site: site)),
        ])
        guard let (number, day, isReturned) = try results[0].first(as: (Int, LocalDate, Bool).self) else { return nil }
        let lines = try results[1].decode(as: (BillKind, String?, String?, Int64, Int64?, Int?).self).map { row in
            Bill.Line(
                kind: row.0, pieceCode: row.1, nameZh: row.2 ?? row.0.labelZh, quantity: row.3,
                charge: Self.charge(row.4, row.5))
        }
        return Frozen(number: number, pricedOn: day, isReturned: isReturned, bill: Bill(lines: lines))
    }

    private static func charge(_ fen: Int64?, _ revision: Int?) -> Charge? {
        guard let fen, let revision else { return nil }
        return Charge(fen: fen, revision: revision)
    }

    /// At the review: by the prices of the day.
    func freeze() throws {
        let bill = try self.today()
        try self.call.db.execute(
            BillStore.freeze(bill, of: self.prescription, LotStore.Act(self.call)), expecting: .rows(bill.lines.count))
    }

    /// At the dispensing: what had a price keeps it, and what had none gets that of the day.
    func complete() throws {
        guard let frozen = try self.latest() else { return try self.freeze() }
        guard Bill.total(frozen.bill.lines) == nil else { return }
        let bill = frozen.bill.completed(by: try self.read().1)
        guard bill != frozen.bill else { return }
        try self.call.db.execute(
            BillStore.freeze(bill, of: self.prescription, LotStore.Act(self.call)), expecting: .rows(bill.lines.count))
    }

    func isBoiledHere() throws -> Bool {
        try self.call.db.first(
            BillStore.boiledHere(self.prescription, site: self.call.site.id), as: Int.self) != nil
    }

    /// What another site's pharmacy charges, where that is where it was dispensed; nil where it is priced here.
    func elsewhere() throws -> Elsewhere? {
        try self.call.db.first(
            BillStore.elsewhere(self.prescription, site: self.call.site.id), as: (String, Int64?).self
        ).map { Elsewhere(pharmacy: $0.0, totalFen: $0.1) }
    }

    struct Elsewhere {
        /// By its code.
        let pharmacy: String
        /// nil where it has not set out yet, or a price was missing there.
        let totalFen: Int64?
    }

    /// What is charged now, as a label and a hand-over show it.
    func charged() throws -> [Bill.Line] {
        try (self.latest()?.bill ?? self.today()).charged(boiledHere: self.isBoiledHere())
    }
}
