import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@Suite("Who may import")
struct ImportAccessTests {
    private static let methods: [(String, JSONValue)] = [
        ("imports.get", [:]), ("imports.faults", [:]), ("imports.cancel", [:]), ("imports.finish", ["lines": 1]),
        ("imports.append", ["fromLine": 1, "csv": "b,1\n"]), ("imports.apply", ["mode": "goodLines"]),
    ]

    private static func params(_ more: JSONValue, _ id: JSONValue) -> JSONValue {
        .object((more.objectValue ?? [:]).merging(["importId": id], uniquingKeysWith: { $1 }))
    }

    @Test("another role neither sees nor applies it; at another site it does not exist")
    func others() async throws {
        let roster = try await Roster.open()
        let id = try await roster.upload("a,1\n")
        let doctor = try await roster.host.client(role: .doctor, site: "t1")
        let stranger = try await roster.host.client(role: .nurse, site: "t2")
        for (method, more) in Self.methods {
            let params = Self.params(more, id)
            #expect(try await roster.refusal(method, params, by: doctor).reason == "host.forbidden", "\(method)")
            #expect(try await roster.refusal(method, params, by: stranger).reason == "host.notFound", "\(method)")
        }
        let kind = try await roster.refusal(
            "imports.begin", ["kind": Roster.kind, "name": "a", "header": "name"], by: doctor)
        #expect(kind.reason == "host.forbidden" && kind.details?["roles"] == ["nurse"])
        #expect(try await doctor.call("imports.list")["imports"] == [])
        #expect(try await stranger.call("imports.list")["imports"] == [])
        #expect(try await roster.nurse.call("imports.list")["imports"]?.arrayValue?.count == 1)
        #expect(try roster.names().isEmpty)
    }

    @Test("an unknown kind is refused with the field named")
    func unknownKind() async throws {
        let roster = try await Roster.open()
        let refused = try await roster.refusal("imports.begin", ["kind": "roster.none", "name": "a", "header": "name"])
        #expect(refused.reason == "host.invalidParams")
        #expect(refused.details?[0]?["pointer"] == "/kind")
        #expect(refused.details?[0]?["expected"]?.stringValue?.contains("roster.entries") == true)
    }

    @Test("rights are judged anew when an import goes on: taken away, it is refused and nothing more is applied")
    func rightsLost() async throws {
        let roster = try await Roster.open()
        let id = try await roster.upload((100..<150).map { "n\($0),1\n" }.joined())
        let other = try await roster.host.client(role: .nurse, site: "t1")
        let held = try roster.host.hold(
            "INSERT INTO roster.entry SELECT site_id, 'n115', 0, site_id FROM host.site WHERE code = 't1'")
        try await other.call("imports.apply", ["importId": id, "mode": "goodLines"])
        _ = try await roster.reaches(id) { $0["applied"] == 10 }
        try roster.host.script(
            """
            DELETE FROM host.role_grant USING host.account
            WHERE account.account_id = role_grant.account_id AND account = '\(other.account)'
            """)
        try roster.host.core.reloadDirectory()
        try held.release()
        let state = try await roster.ended(id)
        #expect(state["state"] == "refused" && state["reason"] == "host.forbidden")
        #expect(try roster.names().count <= 20)
        #expect(try await roster.apply(id, "goodLines")["applied"] == 50, "somebody who may goes on with it")
        #expect(try roster.names().count == 50)
    }

    @Test("where the module is disabled nothing is begun, and nothing goes on")
    func disabled() async throws {
        let roster = try await Roster.open()
        let id = try await roster.upload("a,1\n")
        let admin = try await roster.host.client(role: .siteAdmin, site: "t1")
        try await admin.call("modules.disable", ["module": "roster", "site": "t1"])
        #expect(try await roster.refusal("imports.get", ["importId": id]).reason == "host.moduleDisabled")
        let refused = try await roster.refusal("imports.apply", ["importId": id, "mode": "goodLines"])
        #expect(refused.reason == "host.moduleDisabled")
    }

    @Test("a module whose import cannot be used is quarantined with the reason")
    func quarantine() async throws {
        let host = try await TestHost.start(CounterModule.self, WrongImportModule.self)
        let report = host.core.modules.first { $0.code == "wrong" }
        #expect(report?.state == "quarantined" && report?.reason?.contains("does not begin with wrong.") == true)
    }
}

/// Has an import of another module's name.
struct WrongImportModule: FeatureModule {
    static let manifest = ModuleManifest(code: "wrong", version: "1", summary: .init(zh: "错", en: "Wrong"))
    init(_ boot: Boot) throws {}
    var methods: [any RPCMethod] { [] }
    var imports: [any BulkImport] { [RosterImport()] }
}
