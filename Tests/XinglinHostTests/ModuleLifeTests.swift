import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@Suite("Enabling and disabling modules")
struct ModuleLifeTests {
    @Test("modules: disabling keeps data; enabling again shows it")
    func disablingKeepsData() async throws {
        let host = try await TestHost.start(CounterModule.self)
        let admin = try await host.client(role: .siteAdmin, site: "t1")
        let client = try await host.client(role: .pharmacist, site: "t1")
        try await client.call("counter.box.add", ["name": "a", "amount": 7])
        try await admin.call("modules.disable", ["module": "counter", "site": "t1"])
        let refused = await #expect(throws: CallRefused.self) { try await client.call("counter.box.list") }
        #expect(refused?.reason == "host.moduleDisabled")
        try await admin.call("modules.enable", ["module": "counter", "site": "t1"])
        #expect(try await client.call("counter.box.list")["boxes"] == [["name": "a", "amount": 7]])
        let audit = try host.sql("SELECT method FROM host.audit WHERE method LIKE 'modules.%' ORDER BY seq")
        #expect(audit == [["modules.disable"], ["modules.enable"]])
    }

    @Test("modules: a failed boot is quarantined with its reason, and the rest answer")
    func failedBoot() async throws {
        let host = try await TestHost.start(CounterModule.self, BrokenModule.self, NeedsBrokenModule.self)
        let client = try await host.client(role: .pharmacist, site: "t1")
        try await client.call("counter.box.add", ["name": "a", "amount": 1])
        let admin = try await host.client(role: .siteAdmin, site: "t1")
        let modules = try await admin.call("modules.list")["modules"]?.arrayValue ?? []
        let broken = modules.first { $0["code"] == "broken" }
        #expect(broken?["state"] == "quarantined")
        #expect(broken?["reason"]?.stringValue?.contains("no boot today") == true)
        #expect(modules.first { $0["code"] == "dependent" }?["reason"]?.stringValue?.contains("broken") == true)
        let refused = await #expect(throws: CallRefused.self) { try await client.call("broken.thing.do") }
        #expect(refused?.reason == "host.moduleQuarantined")
    }

    @Test("a module that another one needs cannot be disabled below it")
    func needed() async throws {
        let host = try await TestHost.start(CounterModule.self, OrderModule.self)
        let admin = try await host.client(role: .siteAdmin, site: "t1")
        let refused = await #expect(throws: CallRefused.self) {
            try await admin.call("modules.disable", ["module": "counter", "site": "t1"])
        }
        #expect(refused?.reason == "host.conflict")
        #expect(refused?.details == ["neededBy": ["orders"]])
    }
}

/// Throws when it boots.
struct BrokenModule: FeatureModule {
    struct NoBoot: Error, CustomStringConvertible { let description = "no boot today" }
    static let manifest = ModuleManifest(code: "broken", version: "1", summary: .init(zh: "坏", en: "Broken"))
    init(_ boot: Boot) throws { throw NoBoot() }
    var methods: [any RPCMethod] { [] }
}

/// Needs the one that throws.
struct NeedsBrokenModule: FeatureModule {
    static let manifest = ModuleManifest(
        code: "dependent", version: "1", summary: .init(zh: "依", en: "Dependent"), needs: ["broken"])
    init(_ boot: Boot) throws {}
    var methods: [any RPCMethod] { [] }
}
