internal import XinglinKit

/// What purchases add to the module (PC-01).
enum PurchasingPart {
    static let tables: [ModuleManifest.Table] = [.ledger("supplier_version")]

    static var methods: [any RPCMethod] {
        [UpdateSupplier(), WithdrawSupplier(), RestoreSupplier(), GetSupplier()]
    }

    static var jobs: [any ScheduledJob] { [LicenceWatch()] }
}
