/// A kind of CSV file that can be imported in bulk: lines are checked as they are uploaded, shown with their faults, and then
/// applied, all or nothing or only the good ones. The host keeps the lines (encrypted) and does the rest; a module says what a
/// line is. Its methods run like a method of the module: inside a transaction, under its role, at the acting site.
public protocol BulkImport: Sendable {
    /// `module.things`, such as `people.residents`.
    static var kind: String { get }
    /// What one line is.
    static var summary: LocalizedText { get }
    /// Who may import it; never `.anonymous`.
    static var access: Access { get }
    static var columns: [ImportColumn] { get }
    /// How many lines `check` and `apply` get at once.
    static var chunk: Int { get }

    /// Judges lines, in order; one verdict for each. It changes nothing.
    func check(_ lines: [ImportLine], _ call: Call) throws -> [ImportVerdict]

    /// Does what good lines ask for, with few statements for all of them. A line that cannot be applied after all, because
    /// something changed since the check, is left out and reported. Throw only where no line can be applied.
    /// - Returns: the faults of lines left out, by their number.
    func apply(_ lines: [PreparedLine], _ call: Call) throws -> [Int: [ImportFault]]
}

extension BulkImport {
    public static var chunk: Int { 1000 }
}

/// A column of an import's file. The header may name it by its code or by either of its names.
public struct ImportColumn: Sendable, Hashable {
    /// The code, such as `nameZh`.
    public let code: String
    public let name: LocalizedText
    /// Whether the file must have the column. Whether a line must have a value there is judged by `check`.
    public let isRequired: Bool
    /// What may stand there, with an example.
    public let description: LocalizedText

    public init(_ code: String, _ name: LocalizedText, required: Bool, _ description: LocalizedText) {
        self.code = code
        self.name = name
        self.isRequired = required
        self.description = description
    }
}

/// A line of the file.
public struct ImportLine: Sendable, Hashable {
    /// Its number: the first line after the header is 1.
    public let number: Int
    private let values: [String: String]

    public init(number: Int, values: [String: String]) {
        self.number = number
        self.values = values
    }

    /// The trimmed value of a column by its code; nil where it is empty or the file lacks the column.
    public subscript(_ column: String) -> String? { self.values[column] }
}

/// What is wrong with one field of a line. It never repeats the field's value.
public struct ImportFault: Sendable, Hashable {
    /// The column's code, or nil where it is the whole line.
    public let field: String?
    public let text: LocalizedText

    public init(_ field: String?, _ text: LocalizedText) {
        self.field = field
        self.text = text
    }
}

/// What the check says of a line.
public enum ImportVerdict: Sendable {
    /// It can be applied. `prepared` is what `apply` gets; the host keeps it encrypted.
    /// `unique`, where given, must not come twice in one file: two lines for one document number.
    case good(prepared: [UInt8], unique: [UInt8]? = nil)
    case faulty([ImportFault])
}

/// A good line on its way to be applied.
public struct PreparedLine: Sendable {
    public let number: Int
    /// What `check` prepared.
    public let content: [UInt8]

    public init(number: Int, content: [UInt8]) {
        self.number = number
        self.content = content
    }
}
