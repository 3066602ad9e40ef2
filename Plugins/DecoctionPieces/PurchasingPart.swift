internal import XinglinKit

/// What purchases (PC-01), fees and bills (8.4) add to the module.
enum PurchasingPart {
    static let tables: [ModuleManifest.Table] = [
        .ledger("supplier_version"), .ledger("fee"), .ledger("bill"), .ledger("bill_line"),
    ]

    static var methods: [any RPCMethod] {
        [
            UpdateSupplier(), WithdrawSupplier(), RestoreSupplier(), GetSupplier(), PricePrescription(), SetFee(),
            ListFees(),
            PreviewLocalCodes(), PreviewPrices(),
        ]
    }

    static var imports: [any BulkImport] { [LocalCodeImport(), PriceImport()] }
    static var exports: [any BulkExport] { [LocalCodeExport(), PriceExport()] }
    static var jobs: [any ScheduledJob] { [LicenceWatch()] }
}
