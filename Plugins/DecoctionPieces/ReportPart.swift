internal import XinglinKit

/// What reports and indicators add to the module.
enum ReportPart {
    static let indicatorsFile = "indicators.csv"
    static let indicatorsDigest = "3ffbd1be793fe177e55ea4741776be465714c89c1836cc7762bdaba94a5d51a5"

    static let tables: [ModuleManifest.Table] = [.reference("indicator"), .ledger("outpatient_count")]

    static let dataFiles: [ModuleManifest.DataFile] = [.init(Self.indicatorsFile, sha256: Self.indicatorsDigest)]

    static var methods: [any RPCMethod] {
        [
            ReportStock(), ReportMovements(), ReportLoss(), ReportExpiry(), ReportToxicLedger(), ReportPrescriptions(),
            ReportTurnover(), ListReportLines(), ListIndicators(), ListIndicatorLines(), RecordOutpatientCount(),
            ListOutpatientCounts(),
        ]
    }

    static var exports: [any BulkExport] {
        [
            StockReportExport(), MovementReportExport(), LossReportExport(), ExpiryReportExport(), ToxicLedgerExport(),
            PrescriptionReportExport(), TurnoverReportExport(),
        ]
    }

    /// Who reads reports: figures and ids, no patient.
    static let readers = Access.roles([.pharmacist, .reviewer, .siteAdmin, .statistician])

    /// Ships the indicators.
    static func load(_ files: DataFiles, into db: Database) throws {
        let lines = try IndicatorLine.lines(parsing: files[Self.indicatorsFile])
        try db.batch([
            Statement(IndicatorStore.forget), Statement(IndicatorStore.ship(lines), .rows(lines.count)),
        ])
    }
}
