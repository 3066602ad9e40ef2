/// A table as migrations define it: just what the rules need.
struct TableDefinition {
    struct Unique {
        let columns: [String]
        let treatsNullsAsEqual: Bool
        let text: String
    }

    let name: String
    let file: String
    var columns: [String] = []
    var required: Set<String> = []
    var uniques: [Unique] = []
    var hasForcedRowSecurity = false
    var hasEnabledRowSecurity = false
    var hasPolicy = false

    /// The tables that a schema's migrations, in order, define.
    static func read(_ files: [File]) -> [TableDefinition] {
        var tables: [TableDefinition] = []
        for file in files {
            for statement in SQLStatements.split(file.text) { Self.read(statement, file.path, &tables) }
        }
        return tables
    }

    private static func read(_ statement: String, _ file: String, _ tables: inout [TableDefinition]) {
        if let match = statement.prefixMatch(of: #/(?i)CREATE TABLE (?:IF NOT EXISTS )?([\w.]+) ?\(/#) {
            var table = TableDefinition(name: String(match.1), file: file)
            for part in SQLStatements.parts(statement[match.range.upperBound...]) { table.read(part) }
            tables.append(table)
        } else if let match = statement.prefixMatch(
            of: #/(?i)CREATE UNIQUE INDEX (?:\w+ )?ON ([\w.]+) (?:USING \w+ )?\(/#)
        {
            let rest = statement[match.range.upperBound...]
            let condition = rest.firstRange(of: " WHERE ").map { rest[$0.upperBound...] } ?? ""
            let columns = SQLStatements.names(rest).filter { !condition.contains("\($0) IS NOT NULL") }
            Self.change(String(match.1), &tables) { $0.add(columns, statement) }
        } else if let match = statement.prefixMatch(of: #/(?i)ALTER TABLE (?:ONLY )?([\w.]+) /#) {
            let rest = statement[match.range.upperBound...]
            Self.change(String(match.1), &tables) { $0.alter(rest) }
        } else if let match = statement.prefixMatch(of: #/(?i)CREATE POLICY \w+ ON ([\w.]+)/#) {
            Self.change(String(match.1), &tables) { $0.hasPolicy = true }
        }
    }

    private static func change(
        _ name: String, _ tables: inout [TableDefinition], _ body: (inout TableDefinition) -> Void
    ) {
        guard let index = tables.firstIndex(where: { $0.name == name }) else { return }
        body(&tables[index])
    }

    private mutating func alter(_ action: Substring) {
        switch action {
        case "ENABLE ROW LEVEL SECURITY": self.hasEnabledRowSecurity = true
        case "FORCE ROW LEVEL SECURITY": self.hasForcedRowSecurity = true
        default:
            for part in SQLStatements.parts(action) {
                if let added = part.prefixMatch(of: #/(?i)ADD (?:COLUMN )?(?:IF NOT EXISTS )?/#) {
                    self.read(String(part[added.range.upperBound...]))
                }
                if let column = part.prefixMatch(of: #/(?i)ALTER (?:COLUMN )?(\w+) SET NOT NULL/#) {
                    self.required.insert(String(column.1))
                }
            }
        }
    }

    /// Reads a column or a table constraint.
    private mutating func read(_ part: String) {
        let body = part.prefixMatch(of: #/(?i)CONSTRAINT \w+ /#).map { part[$0.range.upperBound...] } ?? part[...]
        if let key = body.prefixMatch(of: #/(?i)PRIMARY KEY ?\(/#) {
            self.required.formUnion(SQLStatements.names(body[key.range.upperBound...]))
        } else if let unique = body.prefixMatch(of: #/(?i)UNIQUE (?:NULLS (?:NOT )?DISTINCT ?)?\(/#) {
            self.add(SQLStatements.names(body[unique.range.upperBound...]), part)
        } else if body.prefixMatch(of: #/(?i)(?:CHECK|FOREIGN KEY|EXCLUDE|LIKE)\b/#) == nil,
            body.startIndex == part.startIndex,
            let column = part.prefixMatch(of: /\w+/)
        {
            let name = String(column.0)
            self.columns.append(name)
            if part.contains(#/(?i)\bNOT NULL\b|\bPRIMARY KEY\b/#) { self.required.insert(name) }
            if part.contains(#/(?i)\bUNIQUE\b/#) { self.add([name], part) }
        }
    }

    private mutating func add(_ columns: [String], _ text: String) {
        let treatsNullsAsEqual = text.contains(#/(?i)NULLS NOT DISTINCT/#)
        self.uniques.append(Unique(columns: columns, treatsNullsAsEqual: treatsNullsAsEqual, text: text))
    }
}
