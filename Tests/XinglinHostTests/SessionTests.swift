import Foundation
import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@Suite("Sessions and accounts")
struct SessionTests {
    private func firstPassword(_ host: TestHost) throws -> String {
        try String(contentsOfFile: "\(host.folder)/first-password", encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @Test("the first administrator must change the password from the file before anything else")
    func firstLogin() async throws {
        let host = try await TestHost.start(CounterModule.self)
        let client = host.anonymous()
        let password = try self.firstPassword(host)
        let login = try await client.call("session.login", ["account": "admin", "password": .string(password)])
        #expect(login["roles"] == [["role": "siteAdmin", "site": "*", "scope": "subtree"]])
        #expect(login["passwordChangeRequired"] == true)
        let refused = await #expect(throws: CallRefused.self) { try await client.call("sites.list") }
        #expect(refused?.reason == "host.passwordChangeRequired")
        _ = try await client.call(
            "session.changePassword", ["current": .string(password), "new": "apricot grove 2026"])
        #expect(try await client.call("sites.list")["sites"]?.arrayValue?.count == 3)
        let mode = try FileManager.default.attributesOfItem(atPath: "\(host.folder)/first-password")[.posixPermissions]
        #expect((mode as? NSNumber)?.intValue == 0o600)
    }

    @Test(
        "weak passwords are refused with what is expected",
        arguments: ["short", "aaaaaaaaaaaaaaaa", "the admin of all", ""])
    func weak(password: String) async throws {
        let host = try await TestHost.start(CounterModule.self)
        let client = host.anonymous()
        let first = try self.firstPassword(host)
        _ = try await client.call("session.login", ["account": "admin", "password": .string(first)])
        let refused = await #expect(throws: CallRefused.self) {
            try await client.call("session.changePassword", ["current": .string(first), "new": .string(password)])
        }
        #expect(refused?.reason == "host.invalidParams")
        #expect(refused?.details?[0]?["pointer"] == "/new")
    }

    @Test("a wrong password and an unknown account are refused alike, and audited")
    func badCredentials() async throws {
        let host = try await TestHost.start(CounterModule.self)
        for account in ["admin", "nobody"] {
            let refused = await #expect(throws: CallRefused.self) {
                try await host.anonymous().call("session.login", ["account": .string(account), "password": "wrong"])
            }
            #expect(refused?.reason == "host.badCredentials")
        }
        let audit = try host.sql(
            "SELECT reason, account_id IS NOT NULL FROM host.audit WHERE method = 'session.login' ORDER BY seq")
        #expect(audit == [["host.badCredentials", "t"], ["host.badCredentials", "f"]])
        #expect(try host.sql("SELECT count(*) FROM host.audit WHERE request_digest IS NOT NULL") == [["0"]])
    }

    @Test("guessing is slowed from where it comes")
    func guessing() async throws {
        let host = try await TestHost.start(CounterModule.self)
        var reasons: [String] = []
        // The limiter goes by the machine's clock, and what it asks for doubles from one second on: where a guess takes long to
        // judge, more of them are judged before one comes too soon. The twelfth would have to take a minute.
        while reasons.count < 12, reasons.last != "host.rateLimited" {
            let refused = await #expect(throws: CallRefused.self) {
                try await host.anonymous(address: "203.0.113.9").call(
                    "session.login", ["account": "admin", "password": "wrong guess"])
            }
            reasons.append(refused?.reason ?? "")
        }
        #expect(reasons.prefix(5).allSatisfy { $0 == "host.badCredentials" })
        #expect(reasons.contains("host.rateLimited"))
        let password = try self.firstPassword(host)
        let login = try await host.anonymous(address: "203.0.113.10").call(
            "session.login", ["account": "admin", "password": .string(password)])
        #expect(login["account"] == "admin")
    }

    @Test("logging out, disabling and resetting end sessions at once")
    func ending() async throws {
        let host = try await TestHost.start(CounterModule.self)
        let admin = try await host.client(role: .siteAdmin, site: "county", reach: .subtree)
        let first = try await host.client(role: .pharmacist, site: "t1")
        try await first.call("session.logout")
        #expect((await #expect(throws: CallRefused.self) { try await first.call("session.whoami") })?.code == -32001)
        let second = try await host.client(role: .pharmacist, site: "t1")
        try await admin.call("accounts.disable", ["account": .string(second.account)])
        let refused = await #expect(throws: CallRefused.self) { try await second.call("session.whoami") }
        #expect(refused?.reason == "host.sessionExpired")
        let third = try await host.client(role: .pharmacist, site: "t1")
        let reset = try await admin.call("accounts.resetPassword", ["account": .string(third.account)])
        #expect(reset["oneTimePassword"]?.stringValue?.isEmpty == false)
        #expect((await #expect(throws: CallRefused.self) { try await third.call("session.whoami") })?.code == -32001)
    }

    @Test("the administrator of one township cannot touch another's accounts, nor the county's")
    func administrationIsLocal() async throws {
        let host = try await TestHost.start(CounterModule.self)
        let local = try await host.client(role: .siteAdmin, site: "t1")
        let other = try await host.client(role: .pharmacist, site: "t2")
        let county = try await host.client(role: .siteAdmin, site: "county", reach: .subtree)
        for account in [other.account, county.account, "admin"] {
            let refused = await #expect(throws: CallRefused.self) {
                try await local.call("accounts.resetPassword", ["account": .string(account)])
            }
            #expect(refused?.reason == "host.forbidden")
        }
        let grant: JSONValue = [
            "account": "new.one", "roles": [["role": "siteAdmin", "site": "t1", "scope": "subtree"]],
        ]
        #expect(
            (await #expect(throws: CallRefused.self) { try await local.call("accounts.create", grant) })?.reason
                == "host.forbidden")
        #expect(
            (await #expect(throws: CallRefused.self) {
                try await local.call("modules.disable", ["module": "counter", "site": "t2"])
            })?.reason == "host.forbidden")
    }

    @Test("the last administrator of every site cannot be lost")
    func lastAdministrator() async throws {
        let host = try await TestHost.start(CounterModule.self)
        let client = host.anonymous()
        let password = try self.firstPassword(host)
        _ = try await client.call("session.login", ["account": "admin", "password": .string(password)])
        _ = try await client.call(
            "session.changePassword", ["current": .string(password), "new": "apricot grove 2026"])
        let refused = await #expect(throws: CallRefused.self) {
            try await client.call("accounts.setRoles", ["account": "admin", "roles": []])
        }
        #expect(refused?.details?[0]?["pointer"] == "/roles")
        await #expect(throws: CallRefused.self) { try await client.call("accounts.disable", ["account": "admin"]) }
    }

    @Test("an account without roles is the county's: no township takes it over")
    func accountsWithoutRoles() async throws {
        let host = try await TestHost.start(CounterModule.self)
        let county = try await host.client(role: .siteAdmin, site: "county", reach: .subtree)
        let local = try await host.client(role: .siteAdmin, site: "t1")
        let target = try await host.client(role: .siteAdmin, site: "county", reach: .subtree)
        try await county.call("accounts.setRoles", ["account": .string(target.account), "roles": []])
        for method in ["accounts.resetPassword", "accounts.disable", "accounts.enable"] {
            let refused = await #expect(throws: CallRefused.self) {
                try await local.call(method, ["account": .string(target.account)])
            }
            #expect(refused?.reason == "host.forbidden")
        }
    }

    @Test("disabled accounts do not count as administrators")
    func disabledAdministrators() async throws {
        let host = try await TestHost.start(CounterModule.self)
        let client = host.anonymous()
        let password = try self.firstPassword(host)
        _ = try await client.call("session.login", ["account": "admin", "password": .string(password)])
        _ = try await client.call(
            "session.changePassword", ["current": .string(password), "new": "apricot grove 2026"])
        let everywhere: JSONValue = [["role": "siteAdmin", "site": "*"]]
        _ = try await client.call("accounts.create", ["account": "second.admin", "roles": everywhere])
        _ = try await client.call("accounts.disable", ["account": "second.admin"])
        let refused = await #expect(throws: CallRefused.self) {
            try await client.call("accounts.setRoles", ["account": "admin", "roles": []])
        }
        #expect(refused?.details?[0]?["pointer"] == "/roles")
    }

    @Test("a committed change is answered as done even where the directory cannot be re-read, and it heals by itself")
    func directoryLocked() async throws {
        let host = try await TestHost.start(CounterModule.self)
        let admin = try await host.client(role: .siteAdmin, site: "county", reach: .subtree)
        let lock = try host.hold("LOCK TABLE host.enabled_module IN ACCESS EXCLUSIVE MODE")
        let site: JSONValue = ["code": "t9", "nameZh": "测试机构", "kind": "townshipCentre", "parent": "county"]
        #expect(try await admin.call("sites.create", site) == ["site": "t9"])
        // Longer than a lock is waited for, so that the watcher fails too.
        try await Task.sleep(for: .seconds(3))
        try lock.release()
        for _ in 0..<100 {
            if (try? await admin.call("sites.get", ["code": "t9"])) != nil { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        Issue.record("the directory stayed stale for ten seconds")
    }

    @Test("a session does not expire on one connection while another connection with its token uses it")
    func sharedUse() async throws {
        let host = try await TestHost.start(CounterModule.self)
        let password = try self.firstPassword(host)
        let first = host.anonymous()
        let login = try await first.call("session.login", ["account": "admin", "password": .string(password)])
        let second = host.anonymous()
        _ = try await second.call("session.resume", ["token": login["token"] ?? .null])
        // Each step is within the half hour of idleness, and all together are not.
        let start = HostClock.system.now
        for step in 1...5 {
            host.setClock(start.adding(seconds: Int64(step) * 20 * 60))
            _ = try await first.call("session.whoami")
        }
        _ = try await second.call("session.whoami")
        let third = host.anonymous()
        _ = try await third.call("session.resume", ["token": login["token"] ?? .null])
    }

    @Test("a session that stands idle too long is over")
    func idle() async throws {
        let host = try await TestHost.start(CounterModule.self)
        let now = Timestamp(microseconds: 1_795_000_000_000_000)
        host.setClock(now)
        let client = try await host.client(role: .pharmacist, site: "t1")
        host.setClock(now.adding(seconds: 29 * 60))
        try await client.call("session.whoami")
        host.setClock(now.adding(seconds: 60 * 60))
        let refused = await #expect(throws: CallRefused.self) { try await client.call("session.whoami") }
        #expect(refused?.reason == "host.sessionExpired")
    }
}
