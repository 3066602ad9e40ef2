internal import XinglinKit

/// `decoction.openingStock`: what lay on the shelves before the ledger began (PC-01, PC-02, PC-04). A line is a batch of a piece.
///
/// The pharmacist who imports it answers for its acceptance: uncontrolled pieces come in accepted by that person, controlled
/// ones await the second person like any other lot.
struct OpeningStockImport: BulkImport {
    static let kind = "decoction.openingStock"
    static let summary = LocalizedText(
        zh: "期初库存：每行一个批次的在架饮片", en: "Opening stock: each line is one batch of a piece on the shelf")
    static let access = Access.roles([.pharmacist])

    func check(_ lines: [ImportLine], _ call: Call) throws -> [ImportVerdict] {
        let site = try call.site.id
        let codes = Set(lines.compactMap { $0["pieceCode"].map(OpeningStockLine.code) })
        let licences = Set(lines.compactMap { $0["supplierLicence"].map(PlainText.number) })
        let results = try call.db.batch([
            Statement(PieceStore.names(Array(codes))),
            Statement(SupplierStore.known(Array(licences), site: site)),
            Statement(OpeningStockStore.there(Array(codes), site: site)),
        ])
        let names: [(String, String)] = try results[0].decode()
        let suppliers: [(String, RecordID)] = try results[1].decode()
        let there: [(String, String, String)] = try results[2].decode()
        let shelf = OpeningStockLine.Shelf(
            pieces: Dictionary(names, uniquingKeysWith: { first, _ in first }), suppliers: Set(suppliers.map(\.0)),
            taken: Set(there.map { OpeningStockLine.Batch(piece: $0.0, licence: $0.1, number: $0.2) }),
            today: call.today)
        return lines.map { OpeningStockLine.judge($0, shelf) }
    }

    func apply(_ lines: [PreparedLine], _ call: Call) throws -> [Int: [ImportFault]] {
        let act = try LotStore.Act(call)
        let acceptor = try Acceptor.judged(call)
        let entries = try lines.map { try OpeningStockLine(prepared: $0.content) }
        let newSuppliers = Dictionary(entries.map { ($0.licence, $0.supplierName) }, uniquingKeysWith: { $0 ?? $1 })
            .compactMapValues(\.self).sorted { $0.key < $1.key }
        let results = try call.db.batch([
            Statement(
                SupplierStore.createMissing(
                    newSuppliers.map { .init(id: call.newID(), nameZh: $0.value, licence: $0.key) }, act)),
            Statement(SupplierStore.known(entries.map(\.licence), site: act.site)),
        ])
        let known: [(String, RecordID)] = try results[1].decode()
        let suppliers = Dictionary(known, uniquingKeysWith: { first, _ in first })
        var lots: [OpeningStockStore.Lot] = []
        var faults: [Int: [ImportFault]] = [:]
        for (line, entry) in zip(lines, entries) {
            if entry.expiresOn < act.now.localDate {
                faults[line.number] = [OpeningStockFault.expired]
            } else if let supplier = suppliers[entry.licence] {
                lots.append(.init(number: line.number, lotID: call.newID(), supplierID: supplier, entry: entry))
            } else {
                faults[line.number] = [OpeningStockFault.supplierUnknown]
            }
        }
        let added: [RecordID] = try call.db.query(
            OpeningStockStore.add(lots, document: call.newID(), by: acceptor, act))
        let present = Set(added)
        for lot in lots where !present.contains(lot.lotID) { faults[lot.number] = [OpeningStockFault.takenInBefore] }
        for lot in lots where present.contains(lot.lotID) {
            try call.publish(
                DecoctionTopic.lotReceived, subject: lot.lotID,
                DecoctionTopic.LotReceived(
                    lotId: lot.lotID, pieceCode: lot.entry.piece, quantityMg: lot.entry.quantityMg, isOpening: true))
        }
        return faults
    }
}
