/// An encrypted column (`bytea`) of a module's table. Its values are bound to their row: one that is moved elsewhere cannot be
/// opened. The manifest names every one, so that rotation of the keys finds it.
public struct SealedColumn: Sendable, Hashable {
    /// The table's name without its schema.
    public let table: String
    public let column: String
    /// The table's primary key: one column of type uuid.
    public let key: String
    /// The column (`bytea`) that holds the blind index to look values up by, where there is one.
    public let index: String?

    public init(_ table: String, _ column: String, key: String, index: String? = nil) {
        self.table = table
        self.column = column
        self.key = key
        self.index = index
    }

    /// What a value of the module's table is bound to.
    public func context(module: String, row: RecordID) -> String {
        "\(module).\(self.table).\(self.column)/\(row)"
    }

    /// What the blind index of the module's column is taken under.
    public func indexContext(module: String) -> String {
        "\(module).\(self.table).\(self.column)"
    }
}

extension Call {
    /// Encrypts a value for a row of the module's table.
    /// - Throws: where the system has no entropy or no SM4.
    public func seal(_ text: String, for column: SealedColumn, row: RecordID) throws -> SQLBytes {
        SQLBytes(try self.context.seal(Array(text.utf8), for: column, row: row))
    }

    /// Decrypts a value of a row of the module's table.
    /// - Throws: where it was altered, moved from another row, or sealed with a key that is not there.
    public func open(_ sealed: SQLBytes, of column: SealedColumn, row: RecordID) throws -> String {
        String(decoding: try self.context.open(sealed.bytes, of: column, row: row), as: UTF8.self)
    }

    /// The value to look a sealed column up by: the same for equal texts. Normalise the text first.
    public func blindIndex(_ text: String, of column: SealedColumn) throws -> SQLBytes {
        SQLBytes(try self.context.blindIndex(text, of: column))
    }
}
