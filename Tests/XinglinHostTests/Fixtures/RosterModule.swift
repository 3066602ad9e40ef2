import XinglinKit

/// A module for the tests of imports: names with a number, each name once per site.
struct RosterModule: FeatureModule {
    static let refused = FaultKind(
        "roster.refused", code: 9850, message: .init(zh: "不接受", en: "Not accepted"), hint: .init(zh: "无", en: "None"))

    static let manifest = ModuleManifest(
        code: "roster", version: "1", summary: .init(zh: "名册", en: "Roster"), faults: [refused],
        migrations: [
            Migration(
                "m0001_create",
                Array(
                    """
                    CREATE TABLE roster.entry (
                        site_id uuid NOT NULL, name text NOT NULL, amount bigint NOT NULL, by_account uuid NOT NULL,
                        CONSTRAINT entry_once PRIMARY KEY (site_id, name));
                    ALTER TABLE roster.entry ENABLE ROW LEVEL SECURITY;
                    ALTER TABLE roster.entry FORCE ROW LEVEL SECURITY;
                    CREATE POLICY entry_site ON roster.entry
                        USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());
                    """.utf8))
        ],
        tables: [.perSite("entry")])

    init(_ boot: Boot) throws {}
    var methods: [any RPCMethod] { [] }
    var imports: [any BulkImport] { [RosterImport()] }
}

/// Names of a roster. A name that begins with `taken` is good when it is checked and gone when it is applied; `write` writes in
/// the check, `boom` fails in it, and `stop` refuses everything when it is applied.
struct RosterImport: BulkImport {
    static let kind = "roster.entries"
    static let summary = LocalizedText(zh: "名册条目", en: "An entry of the roster")
    static let access = Access.roles([.nurse])
    static let columns = [
        ImportColumn("name", .init(zh: "姓名", en: "Name"), required: true, .init(zh: "任意", en: "Any")),
        ImportColumn("amount", .init(zh: "数量", en: "Amount"), required: false, .init(zh: "整数", en: "An integer")),
    ]
    static let chunk = 10

    struct Failure: Error {}

    func check(_ lines: [ImportLine], _ call: Call) throws -> [ImportVerdict] {
        let names = lines.compactMap { $0["name"] }
        if names.contains("boom") { throw Failure() }
        if names.contains("write") { try call.db.execute("DELETE FROM roster.entry") }
        let there: [String] = try call.db.query(
            "SELECT name FROM roster.entry WHERE site_id = \(call.site.id) AND name = ANY (\(names)::text[])")
        return lines.map { line in
            var faults: [ImportFault] = []
            if line["name"] == nil { faults.append(ImportFault("name", .init(zh: "必须填写", en: "must not be empty"))) }
            if let name = line["name"], there.contains(name) {
                faults.append(ImportFault("name", .init(zh: "已有该姓名", en: "is there already")))
            }
            if let amount = line["amount"], Int64(amount) == nil {
                faults.append(ImportFault("amount", .init(zh: "须为整数", en: "must be an integer")))
            }
            guard faults.isEmpty, let name = line["name"] else { return .faulty(faults) }
            return .good(prepared: Array("\(line["amount"] ?? "0") \(name)".utf8), unique: Array(name.utf8))
        }
    }

    func apply(_ lines: [PreparedLine], _ call: Call) throws -> [Int: [ImportFault]] {
        var names: [String] = []
        var amounts: [Int64] = []
        var faults: [Int: [ImportFault]] = [:]
        for line in lines {
            let parts = String(decoding: line.content, as: UTF8.self).split(separator: " ", maxSplits: 1)
            let name = String(parts[1])
            if name == "stop" { throw RosterModule.refused.fault() }
            if name.hasPrefix("taken") {
                faults[line.number] = [ImportFault("name", .init(zh: "刚被占用", en: "was taken meanwhile"))]
            } else {
                names.append(name)
                amounts.append(Int64(parts[0]) ?? 0)
            }
        }
        try call.db.execute(
            """
            INSERT INTO roster.entry (site_id, name, amount, by_account)
            SELECT \(call.site.id), name, amount, \(call.caller.accountID)
            FROM unnest(\(names)::text[], \(amounts)::bigint[]) AS line (name, amount)
            """, expecting: .rows(names.count))
        return faults
    }
}
