internal import XinglinKit

/// Finds lines that say of themselves what must not come twice in one file, also where one of them, or both, has other faults: whoever mends
/// the one would be told of the other only then. A module names what must not come twice for good lines alone; the column that holds just
/// this in the good lines of a piece holds it in the faulty ones too.
struct ImportTwins {
    /// A line of the piece, good or not.
    struct Line {
        let line: ImportLine
        /// What must not come twice; nil in a faulty line, and where the module names nothing.
        let unique: [UInt8]?
        let isGood: Bool
    }

    /// The keys of a line: those that it leaves for later ones, and those that an earlier one may have left.
    private struct Keys {
        let line: Int
        var left: [RecordID] = []
        var asked: [RecordID] = []
    }

    let store: ImportChunkStore
    let record: ImportRecord
    let kind: ImportKind
    let call: Call

    /// The line before that each is the same as, by its number.
    func earlier(_ lines: [Line]) throws -> [Int: Int] {
        let columns = Self.columns(lines, of: self.record.columns)
        // Where no line teaches, what is kept may meet a good one in a later piece.
        let isTaught = lines.contains { $0.unique != nil }
        let kept = isTaught ? columns : self.kind.columns.filter(\.isRequired).map(\.code)
        let keys = try lines.map { one in
            one.isGood ? try self.keys(good: one, columns) : try self.keys(faulty: one, columns, kept: kept)
        }
        let first = try self.first(keys)
        return keys.reduce(into: [:]) { found, one in
            if let before = one.asked.compactMap({ first[$0] }).min(), before < one.line { found[one.line] = before }
        }
    }

    private func keys(good one: Line, _ columns: [String]) throws -> Keys {
        var keys = Keys(line: one.line.number)
        guard let unique = one.unique else { return keys }
        keys.left = [try self.key(unique)]
        keys.asked = keys.left
        for column in columns where Self.holds(one, column) {
            keys.asked.append(try self.key(of: column, String(decoding: unique, as: UTF8.self)))
        }
        return keys
    }

    private func keys(faulty one: Line, _ columns: [String], kept: [String]) throws -> Keys {
        var keys = Keys(line: one.line.number)
        for column in kept {
            for value in Self.readings(one.line[column]) {
                let key = try self.key(of: column, value)
                keys.left.append(key)
                if columns.contains(column) { keys.asked += [key, try self.key(Array(value.utf8))] }
            }
        }
        return keys
    }

    /// Where each key stands first, in this piece and in those before.
    private func first(_ keys: [Keys]) throws -> [RecordID: Int] {
        var added: [RecordID: Int] = [:]
        for one in keys {
            for key in one.left where added[key] == nil { added[key] = one.line }
        }
        let (all, asked) = (Array(added.keys), Array(Set(keys.flatMap(\.asked))))
        if !all.isEmpty {
            _ = try self.call.db.query(
                ImportChunkStore.addKeys(all, lines: all.map { added[$0] ?? 0 }, of: self.record.id), as: RecordID.self)
        }
        guard !asked.isEmpty else { return [:] }
        return try self.call.db.query(
            ImportChunkStore.keys(asked, of: self.record.id), as: (RecordID, Int).self
        ).reduce(into: [:]) { $0[$1.0] = $1.1 }
    }

    private func key(_ unique: [UInt8]) throws -> RecordID { try self.store.key(unique, of: self.record.id) }

    /// The key of a value of a faulty line.
    private func key(of column: String, _ value: String) throws -> RecordID {
        try self.key(Array("\u{1}\(column)\u{1F}\(value)".utf8))
    }

    /// The columns that hold what must not come twice in most good lines: a module may read some otherwise, as numbers of old.
    private static func columns(_ lines: [Line], of all: [String]) -> [String] {
        let good = lines.filter { $0.unique != nil }
        return all.filter { column in good.count { Self.holds($0, column) } * 2 > good.count }
    }

    private static func holds(_ one: Line, _ column: String) -> Bool {
        Self.readings(one.line[column]).contains { Array($0.utf8) == one.unique }
    }

    /// How modules read a value: without blanks, as it stands or in capitals.
    private static func readings(_ value: String?) -> Set<String> {
        guard let plain = value?.filter({ !$0.isWhitespace }), !plain.isEmpty else { return [] }
        return [plain, plain.uppercased()]
    }
}
