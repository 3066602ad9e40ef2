internal import XinglinKit

/// Imports and exports of the register, and its pages to print.
enum RegisterPart {
    static let uses = RegisterPeople.uses
    static let faults = RegisterFault.all
    static let samples = RegisterStore.samples

    static var methods: [any RPCMethod] { [RollPage(), DevelopmentPage()] }

    static var imports: [any BulkImport] { [RegisterImport(), OrganizationImport()] }

    static var exports: [any BulkExport] { [RegisterExport(), StatisticsExport(), DevelopmentExport()] }
}
