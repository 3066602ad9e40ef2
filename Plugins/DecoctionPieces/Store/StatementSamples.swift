internal import XinglinKit

/// Every statement that the module sends, built with sample values: the conformance suite prepares each under the module's role.
enum StatementSamples {
    static var all: [SQL] {
        let id = RecordID(high: 0, low: 0)
        let act = LotStore.Act(site: id, account: id, now: Timestamp(microseconds: 0))
        let delivery = LotStore.Delivery(
            lotID: id, documentID: id, pieceCode: "XLYP0001", supplierID: id, batchNumber: "1",
            producedOn: act.now.localDate,
            expiresOn: act.now.localDate, quantityMg: 1, unitCostFenPerKg: 0)
        let acceptor = Acceptor(staffID: id, title: "", ruleVersion: "")
        return [
            PieceStore.search(SearchQuery(normalised: "mh"), after: "", limit: 1),
            PieceStore.known(["XLYP0001"]),
            PieceStore.names(["XLYP0001"]),
            SupplierStore.create(id, nameZh: "", licence: "", act),
            SupplierStore.find(licence: "", site: id),
            SupplierStore.createMissing([], act),
            SupplierStore.known([""], site: id),
            StockExportStore.list(site: id, after: .init(), limit: 1),
            OpeningStockStore.there(["XLYP0001"], site: id),
            OpeningStockStore.add([], document: id, by: acceptor, act),
            LotStore.receive(delivery, act),
            LotStore.accept(id, by: acceptor, act),
            LotStore.reject(id, reason: "", act),
            LotStore.describe([id], site: id),
            LotStore.expiring(by: act.now.localDate, today: act.now.localDate, site: id),
            StockStore.totals(["XLYP0001"], at: id, act),
            StockStore.totals(["XLYP0001"], site: id, on: act.now.localDate),
            StockStore.list(site: id, onHandOnly: true, after: .init(), limit: 1),
            StockStore.list(piece: "XLYP0001", site: id, onHandOnly: true, after: .init(), limit: 1),
            MovementStore.list(site: id, after: 0, limit: 1),
            MovementStore.list(document: id, site: id, after: 0, limit: 1),
            MovementStore.list(lot: id, documents: [id], site: id, after: 0, limit: 1),
        ] + PrescriptionStatements.samples + PurchasingStatements.samples
    }
}
