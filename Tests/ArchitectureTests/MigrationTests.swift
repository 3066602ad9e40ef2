import Testing

/// The schema's rules, read from the migrations' text. The conformance suite checks the same on a database.
struct MigrationTests {
    static func schemas(in folder: String) throws -> [[TableDefinition]] {
        let files = try Repository.files(in: folder, ending: ".sql")
        let groups = Dictionary(grouping: files, by: \.folder)
        return groups.keys.sorted().map { TableDefinition.read(groups[$0] ?? []) }
    }

    @Test("MP, TIX: UNIQUE over a nullable column constrains nothing")
    func uniqueColumnsAreNeverNull() throws {
        let tables = try (Self.schemas(in: "Plugins") + Self.schemas(in: "Sources")).flatMap { $0 }
        expectSome(tables.flatMap(\.uniques), "no UNIQUE was found")
        expectNone(
            tables.flatMap { table in
                table.uniques.filter { unique in
                    !unique.treatsNullsAsEqual
                        && unique.columns.contains { table.columns.contains($0) && !table.required.contains($0) }
                }.map { unique in
                    Violation(
                        rule: "UNIQUE stands over columns that are NOT NULL, or says NULLS NOT DISTINCT",
                        file: "\(table.file): \(table.name): \(unique.text)",
                        wayOut: "make the columns NOT NULL, or write UNIQUE NULLS NOT DISTINCT (…)")
                }
            })
    }

    @Test(
        "MP: 203 methods took an organisation id, 20 checked it — every module table with site_id is guarded by the database"
    )
    func tablesOfSitesAreGuarded() throws {
        let tables = try Self.schemas(in: "Plugins").flatMap { $0 }.filter { $0.columns.contains("site_id") }
        expectSome(tables, "no table with site_id was found")
        expectNone(
            tables.filter { !($0.hasEnabledRowSecurity && $0.hasForcedRowSecurity && $0.hasPolicy) }.map { table in
                Violation(
                    rule: "a table with site_id has ENABLE and FORCE row-level security and a policy",
                    file: "\(table.file): \(table.name)",
                    wayOut: "copy the three statements below the table in Plugins/Example/Migrations/m0001_create.sql")
            })
    }

    @Test("A module's tables lie in one schema of its own")
    func modulesKeepToTheirSchema() throws {
        for schema in try Self.schemas(in: "Plugins") {
            let names = Set(schema.map { $0.name.prefix { $0 != "." } })
            #expect(
                names.count == 1,
                "\(schema.first?.file ?? ""): one schema, named as the module's code, not \(names.sorted())")
        }
    }

    @Test(
        "The reader of table definitions finds what it is there to find",
        arguments: [
            ("CREATE TABLE a.b (x text, y text NOT NULL, UNIQUE (x, y));", true),
            ("CREATE TABLE a.b (x text UNIQUE);", true),
            ("CREATE TABLE a.b (x text CONSTRAINT c UNIQUE, y int DEFAULT 1);", true),
            ("CREATE TABLE a.b (\n  x text, -- UNIQUE\n  y text NOT NULL UNIQUE);", false),
            ("CREATE TABLE a.b (x text, CONSTRAINT c UNIQUE NULLS NOT DISTINCT (x));", false),
            ("CREATE TABLE a.b (x text NOT NULL); CREATE UNIQUE INDEX i ON a.b (x);", false),
            ("CREATE TABLE a.b (x text); CREATE UNIQUE INDEX i ON a.b (x);", true),
            ("CREATE TABLE a.b (x text); CREATE UNIQUE INDEX i ON a.b (x) WHERE x IS NOT NULL;", false),
            ("CREATE TABLE a.b (x text, PRIMARY KEY (x), UNIQUE (x));", false),
            (
                "CREATE TABLE a.b (x int); ALTER TABLE a.b ADD COLUMN y text; ALTER TABLE a.b ADD CONSTRAINT c UNIQUE (x, y);",
                true
            ),
        ])
    func theReaderSees(sql: String, isWrong: Bool) {
        let tables = TableDefinition.read([File(path: "test.sql", text: sql)])
        let found = tables.contains { table in
            table.uniques.contains { unique in
                !unique.treatsNullsAsEqual && unique.columns.contains { !table.required.contains($0) }
            }
        }
        #expect(found == isWrong)
    }
}
