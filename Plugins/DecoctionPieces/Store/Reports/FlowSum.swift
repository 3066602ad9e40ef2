internal import XinglinKit

extension FlowStore {
    /// The row of `total`.
    struct Sum {
        let flow: ReportMovements.Flow
        let issuedMg: Int64
        let issuedFen: Int64
        let idlePieces: Int64
        /// Nil where there was no stock, or nothing was issued.
        let turns: String?
        let daysOfStock: String?

        init(_ rows: Rows) throws {
            typealias Columns = (
                Int64, Int64, Int64, Int64, Int64, Int64, Int64, Int64, Int64, Int64, Int64, String?, String?
            )
            let row = try rows.single(as: Columns.self)
            self.flow = .init(
                openingMg: row.0, openingFen: row.1, inMg: row.2, inFen: row.3, outMg: row.4, outFen: row.5,
                closingMg: row.6, closingFen: row.7)
            self.issuedMg = row.8
            self.issuedFen = row.9
            self.idlePieces = row.10
            self.turns = row.11
            self.daysOfStock = row.12
        }
    }
}
