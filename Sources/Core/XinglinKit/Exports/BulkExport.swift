/// A kind of CSV file that can be made of a module's records. The host runs it beside the calls, reading as the account that
/// asked for it, writes the lines into a file, and audits it; a module gives the lines page by page. Where a `BulkImport` of the
/// same kind exists, give its columns, so that what was exported can be imported.
public protocol BulkExport: Sendable {
    /// `module.things`, such as `people.residents`.
    static var kind: String { get }
    /// What one line is.
    static var summary: LocalizedText { get }
    /// Who may export it; never `.anonymous`.
    static var access: Access { get }
    static var columns: [ExportColumn] { get }
    /// What can be asked for besides. Default: nothing.
    static var params: Schema { get }
    /// Where lines show personal data: the basis under which the export, and each read of its file, is audited.
    static var basis: String? { get }

    /// The lines behind those of the page before, a few hundred or thousand at a time. It changes nothing; every page of one
    /// export sees the records as of one moment.
    /// - Parameter last: the `next` of the page before; nil for the first.
    func page(after last: [String]?, params: JSONValue, _ call: Call) throws -> ExportPage
}

extension BulkExport {
    public static var params: Schema { .object() }
    public static var basis: String? { nil }
}

/// A column of an export.
public struct ExportColumn: Sendable, Hashable {
    /// The code, such as `nameZh`.
    public let code: String
    public let name: LocalizedText

    public init(_ code: String, _ name: LocalizedText) {
        self.code = code
        self.name = name
    }

    /// The same column as in an import.
    public init(_ column: ImportColumn) {
        self.init(column.code, column.name)
    }
}

/// Some lines of an export.
public struct ExportPage: Sendable {
    /// A value for each column, in the columns' order; nil is empty.
    public let lines: [[String?]]
    /// Whose data they show.
    public let subjects: [RecordID]
    /// Where the next page begins; nil at the end.
    public let next: [String]?

    public init(lines: [[String?]], subjects: [RecordID] = [], next: [String]?) {
        self.lines = lines
        self.subjects = subjects
        self.next = next
    }
}
