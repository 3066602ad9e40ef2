internal import XinglinKit

/// A kind of export as the registry keeps it: its declarations and its work.
struct ExportKind: Sendable {
    let name: String
    let module: String
    let summary: LocalizedText
    let access: Access
    let columns: [ExportColumn]
    let params: Schema
    let basis: String?
    let work: any BulkExport

    init<Export: BulkExport>(_ work: Export, module: String) {
        self.name = Export.kind
        self.module = module
        self.summary = Export.summary
        self.access = Export.access
        self.columns = Export.columns
        self.params = Export.params
        self.basis = Export.basis
        self.work = work
    }

    /// - Throws: `BootRefusal` where the module's declarations cannot be used.
    func check() throws(BootRefusal) {
        func refuse(_ reason: String) -> BootRefusal { BootRefusal(description: "export \(self.name) \(reason)") }
        guard self.name.hasPrefix("\(self.module).") else { throw refuse("does not begin with \(self.module).") }
        switch self.access {
        case .anonymous, .modules: throw refuse("must name the roles that may export it")
        case .roles(let roles) where roles.isEmpty: throw refuse("names no role")
        case .roles, .authenticated: break
        }
        guard !self.columns.isEmpty, Set(self.columns.map(\.code)).count == self.columns.count else {
            throw refuse("has no columns, or two of one code")
        }
        guard case .object = self.params else { throw refuse("takes params that are no object") }
        guard self.basis != "" else { throw refuse("names an empty basis") }
    }

    /// The first line, in a language.
    func header(_ locale: Locale) -> [String?] { self.columns.map { $0.name[locale] } }
}
