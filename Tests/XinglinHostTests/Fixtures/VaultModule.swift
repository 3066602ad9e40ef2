import XinglinKit

/// A module for the tests of the keys: entries of a site with an encrypted text that is found by its blind index.
struct VaultModule: FeatureModule {
    static let text = SealedColumn("entry", "sealed", key: "entry_id", index: "sealed_index")
    /// Sealed too, but by and by forgotten in the index: it has none.
    static let remark = SealedColumn("entry", "remark", key: "entry_id")

    static let manifest = ModuleManifest(
        code: "vault", version: "1", summary: .init(zh: "密存", en: "Vault"),
        migrations: [
            Migration(
                "m0001_create",
                Array(
                    """
                    CREATE TABLE vault.entry (
                        entry_id uuid PRIMARY KEY, site_id uuid NOT NULL, sealed bytea NOT NULL, sealed_index bytea,
                        remark bytea, undeclared bytea);
                    ALTER TABLE vault.entry ENABLE ROW LEVEL SECURITY;
                    ALTER TABLE vault.entry FORCE ROW LEVEL SECURITY;
                    CREATE POLICY entry_site ON vault.entry
                        USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());
                    """.utf8))
        ],
        tables: [.perSite("entry")], sealedColumns: [text, remark])

    init(_ boot: Boot) throws {}
    var methods: [any RPCMethod] { [PutEntry(), FindEntry(), ListEntries()] }
}

struct VaultEntry: Codable, Sendable {
    var text: String
    var entryId: RecordID?
}

/// Puts a text in, or another one in its place.
struct PutEntry: RPCMethod {
    struct Reply: Codable, Sendable { var entryId: RecordID }
    static let name = "vault.entry.put"
    static let summary = "Puts a text in, or another one in its place."
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist])
    static let params = Schema.object(
        .required("text", .text(1...100), "The text."), .optional("entryId", .id, "The entry to change."))
    static let reply = Schema.object(.required("entryId", .id, "The entry."))
    static let examples = Examples<VaultEntry, Reply>(
        full: (VaultEntry(text: "a"), Reply(entryId: RecordID(high: 1, low: 1))),
        minimal: (VaultEntry(text: "a"), Reply(entryId: RecordID(high: 1, low: 1))))

    func handle(_ params: VaultEntry, _ call: Call) throws -> Reply {
        let id = params.entryId ?? call.newID()
        let sealed = try call.seal(params.text, for: VaultModule.text, row: id)
        let remark = try call.seal("remark of \(params.text)", for: VaultModule.remark, row: id)
        let index = try call.blindIndex(params.text, of: VaultModule.text)
        try call.db.execute(
            """
            INSERT INTO vault.entry (entry_id, site_id, sealed, sealed_index, remark)
            VALUES (\(id), \(call.site.id), \(sealed), \(index), \(remark))
            ON CONFLICT (entry_id) DO UPDATE
            SET sealed = excluded.sealed, sealed_index = excluded.sealed_index, remark = excluded.remark
            """, expecting: .rows(1))
        return Reply(entryId: id)
    }
}

/// Finds an entry by its whole text.
struct FindEntry: RPCMethod {
    static let name = "vault.entry.find"
    static let summary = "Finds an entry by its whole text."
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist])
    static let params = Schema.object(.required("text", .text(1...100), "The text."))
    static let reply = PutEntry.reply
    static let examples = Examples<VaultEntry, PutEntry.Reply>(
        full: PutEntry.examples.full, minimal: PutEntry.examples.minimal)

    func handle(_ params: VaultEntry, _ call: Call) throws -> PutEntry.Reply {
        let index = try call.blindIndex(params.text, of: VaultModule.text)
        let found = try call.db.first(
            "SELECT entry_id FROM vault.entry WHERE sealed_index = \(index)", as: RecordID.self)
        guard let found else { throw HostFault.notFound.fault() }
        return PutEntry.Reply(entryId: found)
    }
}

/// Opens everything that the site has.
struct ListEntries: RPCMethod {
    struct Reply: Codable, Sendable { var texts: [String] }
    static let name = "vault.entry.list"
    static let summary = "Opens everything that the site has."
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist])
    static let params = Schema.object()
    static let reply = Schema.object(.required("texts", .array(.text(1...200), 0...100_000), "The texts and remarks."))
    static let examples = Examples<Empty, Reply>(
        full: (Empty(), Reply(texts: [])), minimal: (Empty(), Reply(texts: [])))

    func handle(_ params: Empty, _ call: Call) throws -> Reply {
        let rows = try call.db.rows("SELECT entry_id, sealed, remark FROM vault.entry ORDER BY entry_id")
        let texts = try rows.decode(as: (RecordID, SQLBytes, SQLBytes).self).flatMap { id, sealed, remark in
            [
                try call.open(sealed, of: VaultModule.text, row: id),
                try call.open(remark, of: VaultModule.remark, row: id),
            ]
        }
        return Reply(texts: texts)
    }
}
