internal import XinglinKit

/// What recalls, care and the climate of stores add to the module.
enum CarePart {
    static let tables: [ModuleManifest.Table] = [
        .ledger("dispensed"), .ledger("recall"), .ledger("inspection"), .ledger("inspection_witness"),
        .ledger("release"), .perSite("climate_place"), .ledger("climate_reading"),
    ]

    static var methods: [any RPCMethod] {
        [
            RecallLot(), GetRecall(), ListRecalls(), FindBatch(), ReleaseLot(), ListDueCare(), RecordCare(),
            ConfirmCare(), ListCare(), WatchClimate(), RecordClimate(), ListClimate(), MissingClimate(),
        ]
    }
}
