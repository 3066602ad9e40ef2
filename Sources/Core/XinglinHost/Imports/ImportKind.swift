internal import XinglinKit

/// A kind of import as the registry keeps it: its declarations and its work.
struct ImportKind: Sendable {
    let name: String
    let module: String
    let summary: LocalizedText
    let access: Access
    let columns: [ImportColumn]
    let chunk: Int
    let work: any BulkImport

    init<Import: BulkImport>(_ work: Import, module: String) {
        self.name = Import.kind
        self.module = module
        self.summary = Import.summary
        self.access = Import.access
        self.columns = Import.columns
        self.chunk = Import.chunk
        self.work = work
    }

    /// How many lines a module may ask for at once.
    private static let chunks = 1...10_000

    /// - Throws: `BootRefusal` where the module's declarations cannot be used.
    func check() throws(BootRefusal) {
        func refuse(_ reason: String) -> BootRefusal { BootRefusal(description: "import \(self.name) \(reason)") }
        guard self.name.hasPrefix("\(self.module).") else { throw refuse("does not begin with \(self.module).") }
        switch self.access {
        case .anonymous, .modules: throw refuse("must name the roles that may import it")
        case .roles(let roles) where roles.isEmpty: throw refuse("names no role")
        case .roles, .authenticated: break
        }
        guard !self.columns.isEmpty else { throw refuse("has no columns") }
        guard Self.chunks.contains(self.chunk) else { throw refuse("takes \(self.chunk) lines at once") }
        // A header may use any of the names, so they must not be confused.
        var owners: [String: String] = [:]
        for column in self.columns {
            for name in Set([column.code, column.name.zh, column.name.en].map(ImportHeader.normalised)) {
                guard !name.isEmpty, owners[name] == nil, !column.code.contains(",") else {
                    throw refuse("has two columns of one name, or one without a name: \(column.code)")
                }
                owners[name] = column.code
            }
        }
    }
}
