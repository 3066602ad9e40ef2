internal import XinglinKit

/// What the second person of documents of toxic and narcotic pieces adds to the module.
enum PersonsPart {
    static let tables: [ModuleManifest.Table] = [.ledger("toxic_document"), .ledger("toxic_confirmation")]

    static var methods: [any RPCMethod] { [ListUnconfirmedToxic(), ConfirmToxic()] }
}
