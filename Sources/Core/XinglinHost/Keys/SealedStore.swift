internal import XinglinCrypto
internal import XinglinKit

/// A column with sealed values: one that a module's manifest names, or one of the host's own.
struct SealedStore: Sendable {
    /// The blind index beside the values.
    struct Index: Sendable {
        let column: SQLName
        let context: String
    }

    /// `people.person.phone`.
    let name: String
    let table: SQLName
    let column: SQLName
    /// What the context of a value is made of.
    let identity: [SQLName]
    let index: Index?
    /// How many values are worked on at once.
    let portion: Int
    /// The context that a row's value is bound to, by the values of `identity`.
    let context: @Sendable ([String]) throws -> String

    private static let usualPortion = 500

    /// A module's column.
    init(_ column: SealedColumn, module: String) {
        self.name = "\(module).\(column.table).\(column.column)"
        self.table = SQLName(module, column.table)
        self.column = SQLName(column.column)
        self.identity = [SQLName(column.key)]
        self.index = column.index.map { Index(column: SQLName($0), context: column.indexContext(module: module)) }
        self.portion = Self.usualPortion
        self.context = { identity in
            guard let row = identity.first.flatMap({ RecordID($0) }) else {
                throw CryptoError.malformed("a row of \(module).\(column.table) has no id")
            }
            return column.context(module: module, row: row)
        }
    }

    private init(
        _ name: String, table: SQLName, column: SQLName, identity: [SQLName], portion: Int = usualPortion,
        context: @escaping @Sendable ([String]) throws -> String
    ) {
        self.name = name
        self.table = table
        self.column = column
        self.identity = identity
        self.index = nil
        self.portion = portion
        self.context = context
    }

    /// The host's own columns.
    static let ofHost = [
        SealedStore(
            "host.idempotency.reply", table: SQLName("host", "idempotency"), column: SQLName("reply"),
            identity: [SQLName("principal_id"), SQLName("site_id"), SQLName("key")],
            context: { IdempotencyRecord.context(principal: $0[0], site: $0[1], key: $0[2]) }),
        // Each value holds hundreds of lines.
        SealedStore(
            "host.import_chunk.content", table: SQLName("host", "import_chunk"), column: SQLName("content"),
            identity: [SQLName("chunk_id")], portion: 4, context: { ImportChunkStore.context($0[0]) }),
    ]

    /// Every column that this process knows of.
    static func all(_ registry: Registry) -> [SealedStore] {
        Self.ofHost
            + registry.runningModules.flatMap { entry in
                (entry.manifest?.sealedColumns ?? []).map { SealedStore($0, module: entry.code) }
            }
    }
}

/// A table's or column's name, quoted: it comes from a manifest or the catalogue and cannot be bound.
struct SQLName: Sendable {
    let text: String

    init(_ parts: String...) {
        self.text = parts.map { "\"" + $0.replacing("\"", with: "\"\"") + "\"" }.joined(separator: ".")
    }
}

extension SQL.StringInterpolation {
    /// Pastes a quoted name.
    mutating func appendInterpolation(_ name: SQLName) {
        self.appendLiteral(name.text)
    }

    /// Pastes the first bytes of what a key sealed, as a literal: a cursor's statement is stored and cannot wait for values.
    mutating func appendInterpolation(prefixOf key: UInt32) {
        self.appendLiteral("'\(SQLBytes(FieldCipher.prefix(of: key)).sqlText ?? "")'::bytea")
    }

    /// Pastes a number that the program made itself.
    mutating func appendInterpolation(number: Int) {
        self.appendLiteral(String(number))
    }

    /// Pastes quoted names with commas between, each as text, NULL as ''.
    mutating func appendInterpolation(texts names: [SQLName]) {
        self.appendLiteral(names.map { "coalesce(\($0.text)::text, '')" }.joined(separator: ", "))
    }
}
