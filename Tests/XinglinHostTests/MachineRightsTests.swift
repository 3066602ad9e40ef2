import Foundation
import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import XinglinCrypto

@Suite("What a machine may do")
struct MachineRightsTests {
    @Test("roles, sites and the audit hold for a machine as for a person")
    func roles() async throws {
        let lab = try await Laboratory.open()
        let (host, admin) = (lab.host, lab.admin)
        let (_, machine) = try await lab.enrol()
        let refused = await refusal { try await machine.call("accounts.list") }
        #expect(refused?.reason == "host.forbidden")
        #expect(
            try host.sql(
                """
                SELECT a.account FROM host.audit JOIN host.account a USING (account_id) \
                WHERE method = 'accounts.list' AND reason = 'host.forbidden'
                """) == [["lab.t1"]])
        try await admin.call(
            "accounts.setRoles",
            ["account": "lab.t1", "roles": [["role": "siteAdmin", "site": "t1"]]])
        #expect(try await machine.call("accounts.list")["accounts"] != nil)
    }

    @Test("a revoked certificate is refused on the open connection and on a new one, and the audit says so once each")
    func revoked() async throws {
        let lab = try await Laboratory.open()
        let (host, admin) = (lab.host, lab.admin)
        let (reply, open) = try await lab.enrol()
        try await open.call("session.whoami")
        let serial = try #require(reply["serial"]?.stringValue)
        let revocation: JSONValue = [
            "account": "lab.t1", "serial": .string(serial.uppercased()), "reason": "设备报废",
        ]
        try await admin.call("accounts.revokeCertificate", revocation)
        for client in [open, try lab.machine(reply)] {
            for _ in 0..<3 {
                let refused = await refusal { try await client.call("session.whoami") }
                #expect(refused?.reason == "host.unauthenticated" && refused?.code == -32001)
                #expect(refused?.details == ["certificate": "revoked", "serial": .string(serial)])
                #expect(refused?.hint.contains("accounts.enrolmentCode") == true)
            }
            #expect(try await client.call("host.ping")["now"] != nil)
        }
        let audit = try host.sql(
            """
            SELECT a.account, notes::jsonb->>'certificate', notes::jsonb->>'serial' \
            FROM host.audit LEFT JOIN host.account a USING (account_id) WHERE reason = 'host.unauthenticated'
            """)
        #expect(audit == [["lab.t1", "revoked", serial], ["lab.t1", "revoked", serial]])
        let twice = await refusal { try await admin.call("accounts.revokeCertificate", revocation) }
        #expect(twice?.reason == "host.conflict")
        let unknown = await refusal {
            try await admin.call(
                "accounts.revokeCertificate", ["account": "lab.t1", "serial": "00", "reason": "x"])
        }
        #expect(unknown?.reason == "host.notFound")
        let listed = try await admin.call("accounts.certificates", ["account": "lab.t1"])["certificates"]?.arrayValue
        #expect(listed?.map { $0["state"] } == ["revoked"] && listed?[0]["reason"] == "设备报废")
    }

    @Test("certificates that the host has not issued, or whose account is disabled, are refused with the reason")
    func unknownAndDisabled() async throws {
        let lab = try await Laboratory.open()
        let (host, admin) = (lab.host, lab.admin)
        let (_, machine) = try await lab.enrol()
        try await admin.call("accounts.disable", ["account": "lab.t1"])
        #expect(
            (await refusal { try await machine.call("session.whoami") })?.details?["certificate"]
                == "accountDisabled")
        try await admin.call("accounts.enable", ["account": "lab.t1"])
        try await machine.call("session.whoami")
        // Of the same CA and for the same account, but never kept.
        let authority = try ClientAuthority(
            directory: "\(host.folder)/tls", now: HostClock.system.now.microseconds / 1_000_000)
        func present(_ account: String, _ from: Int64, _ until: Int64) async throws -> CallRefused? {
            let now = HostClock.system.now.microseconds / 1_000_000
            let issued = try authority.issue(
                request: MachineKey(account: account).requestPEM, account: account, from: now + from,
                until: now + until)
            let client = try lab.machine(["certificate": .string(issued.pem)])
            return await refusal { try await client.call("session.whoami") }
        }
        #expect(try await present("lab.t1", -60, 600)?.details?["certificate"] == "unknown")
        #expect(try await present("admin", -60, 600)?.details?["certificate"] == "unknown")
        #expect(try await present("lab.t1", -600, -1)?.details?["certificate"] == "expired")
        let noise = host.machine(certificate: [1, 2, 3])
        #expect((await refusal { try await noise.call("session.whoami") })?.details?["certificate"] == "unsuited")
    }

    @Test("a kept certificate that is made out to another account than its row's speaks for nobody")
    func swapped() async throws {
        let lab = try await Laboratory.open()
        let (host, admin) = (lab.host, lab.admin)
        let (_, machine) = try await lab.enrol()
        try await admin.call("accounts.createMachine", ["account": "gate.t2", "roles": []])
        try host.script(
            """
            UPDATE host.machine_certificate SET account_id = \
            (SELECT account_id FROM host.account WHERE account = 'gate.t2')
            """)
        try host.core.reloadDirectory()
        #expect((await refusal { try await machine.call("session.whoami") })?.details?["certificate"] == "unknown")
    }

    @Test("a machine has no password: login, reset and change are refused, and login does not tell why")
    func noPassword() async throws {
        let lab = try await Laboratory.open()
        let (host, admin) = (lab.host, lab.admin)
        let (_, connected) = try await lab.enrol()
        let login: JSONValue = ["account": "lab.t1", "password": "wrong password"]
        let machine = await refusal { try await host.anonymous().call("session.login", login) }
        let nobody = await refusal {
            try await host.anonymous().call("session.login", ["account": "nobody", "password": "wrong password"])
        }
        #expect(machine?.reason == "host.badCredentials" && machine?.message == nobody?.message)
        let reset = await refusal { try await admin.call("accounts.resetPassword", ["account": "lab.t1"]) }
        #expect(reset?.details?[0]?["pointer"] == "/account")
        let change = await refusal {
            try await connected.call("session.changePassword", ["current": "a", "new": "long enough password"])
        }
        #expect(change?.reason == "host.unauthenticated")
        #expect((await refusal { try await connected.call("session.logout") })?.reason == "host.unauthenticated")
        // One connection never speaks for two.
        #expect(
            (await refusal { try await connected.call("session.login", login) })?.reason == "host.unauthenticated")
        let resumed = await refusal { try await connected.call("session.resume", ["token": "x"]) }
        #expect(resumed?.reason == "host.unauthenticated")
    }

    @Test("who may make, enrol anew, look at and revoke is who administers the account's sites")
    func administration() async throws {
        let lab = try await Laboratory.open()
        let (host, admin) = (lab.host, lab.admin)
        let (reply, _) = try await lab.enrol()
        let serial = try #require(reply["serial"])
        let stranger = try await host.client(role: .siteAdmin, site: "t2")
        let pharmacist = try await host.client(role: .pharmacist, site: "t1")
        let calls: [(String, JSONValue)] = [
            ("accounts.createMachine", ["account": "lab.t2", "roles": [["role": "integrator", "site": "t1"]]]),
            ("accounts.enrolmentCode", ["account": "lab.t1"]), ("accounts.certificates", ["account": "lab.t1"]),
            ("accounts.revokeCertificate", ["account": "lab.t1", "serial": serial, "reason": "x"]),
        ]
        for client in [stranger, pharmacist] {
            for (method, params) in calls {
                #expect((await refusal { try await client.call(method, params) })?.reason == "host.forbidden")
            }
        }
        let local = try await host.client(role: .siteAdmin, site: "t1")
        for (method, params) in calls { try await local.call(method, params) }
        let person = await refusal {
            try await admin.call("accounts.enrolmentCode", ["account": .string(pharmacist.account)])
        }
        #expect(person?.details?[0]?["pointer"] == "/account")
    }

    @Test("a machine does not count as an administrator of every site")
    func lastAdministrator() async throws {
        let host = try await TestHost.start(CounterModule.self)
        let client = host.anonymous()
        let password = try String(contentsOfFile: "\(host.folder)/first-password", encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        _ = try await client.call("session.login", ["account": "admin", "password": .string(password)])
        _ = try await client.call(
            "session.changePassword", ["current": .string(password), "new": "apricot grove 2026"])
        _ = try await client.call(
            "accounts.createMachine", ["account": "robot", "roles": [["role": "siteAdmin", "site": "*"]]])
        let refused = await refusal { try await client.call("accounts.disable", ["account": "admin"]) }
        #expect(refused?.reason == "host.invalidParams")
        let roles = await refusal {
            try await client.call("accounts.setRoles", ["account": "admin", "roles": []])
        }
        #expect(roles?.details?[0]?["pointer"] == "/roles")
    }
}
