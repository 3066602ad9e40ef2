import Synchronization
import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import XinglinCrypto

@Suite("Enrolling machines")
struct MachineEnrolmentTests {
    @Test("a machine enrols with its code once, and calls with its certificate")
    func enrol() async throws {
        let lab = try await Laboratory.open()
        let (host, admin) = (lab.host, lab.admin)
        let (reply, machine) = try await lab.enrol()
        let who = try await machine.call("session.whoami")
        #expect(who["account"] == "lab.t1" && who["sites"] == ["t1"] && who["token"] == nil)
        #expect(who["expiresAt"] == reply["expiresAt"])
        let again = await refusal { try await host.anonymous().call("machine.enrol", lab.enrolment()) }
        #expect(again?.reason == "host.badCredentials")
        let list = try await admin.call("accounts.list", ["site": "t1"])
        #expect(list["accounts"]?.arrayValue?.first { $0["account"] == "lab.t1" }?["machine"] == true)
        // Only the code's digest is kept.
        #expect(try host.sql("SELECT count(*) FROM host.enrolment_code WHERE length(code_digest) = 32") == [["1"]])
        let audit = try host.sql(
            "SELECT account_id IS NOT NULL, request_digest IS NULL FROM host.audit WHERE method = 'machine.enrol' ORDER BY seq"
        )
        #expect(audit == [["t", "t"], ["t", "t"]])
    }

    @Test("racing enrolments with one code give exactly one certificate")
    func race() async throws {
        let lab = try await Laboratory.open()
        let (host, code) = (lab.host, lab.code)
        let params = try (0..<8).map { _ in try lab.enrolment(code) }
        let clients = (0..<8).map { host.anonymous(address: "198.51.100.\($0)") }
        let next = Numbers()
        let outcomes = Racing.run(8) {
            let index = next.take()
            return try Racing.retrying { try clients[index].callAndWait("machine.enrol", params[index]) }
        }
        #expect(outcomes.count { (try? $0.get()) != nil } == 1)
        for case .failure(let error) in outcomes {
            #expect((error as? CallRefused)?.reason == "host.badCredentials")
        }
        #expect(try host.sql("SELECT count(*) FROM host.machine_certificate") == [["1"]])
    }

    @Test("a request that cannot be used does not use up the code; wrong, expired and replaced codes look alike")
    func codes() async throws {
        let lab = try await Laboratory.open()
        let (host, admin, first) = (lab.host, lab.admin, lab.code)
        let bad: JSONValue = ["account": "lab.t1", "code": .string(first), "csr": "no request"]
        let invalid = await refusal { try await host.anonymous().call("machine.enrol", bad) }
        #expect(invalid?.reason == "host.invalidParams" && invalid?.details?[0]?["pointer"] == "/csr")
        #expect(invalid?.details?[0]?["expectedZh"]?.stringValue?.isEmpty == false)
        let renewed = try await admin.call("accounts.enrolmentCode", ["account": "lab.t1"])
        let second = try #require(renewed["enrolmentCode"]?.stringValue)
        try await admin.call("accounts.disable", ["account": "lab.t1"])
        var refusals: [CallRefused?] = []
        for (account, code) in [("lab.t1", first), ("nobody", second), ("admin", second), ("lab.t1", second)] {
            refusals.append(
                await refusal {
                    try await host.anonymous(address: "198.51.100.\(refusals.count)").call(
                        "machine.enrol", lab.enrolment(code, account: account))
                })
        }
        try await admin.call("accounts.enable", ["account": "lab.t1"])
        let now = HostClock.system.now
        host.setClock(now.adding(seconds: 24 * 3600 + 60))
        refusals.append(
            await refusal {
                try await host.anonymous(address: "198.51.100.9").call("machine.enrol", lab.enrolment(second))
            })
        host.setClock(nil)
        for refused in refusals {
            #expect(refused?.reason == "host.badCredentials" && refused?.details == nil)
            #expect(refused?.message == refusals[0]?.message)
        }
        let reply = try await host.anonymous().call("machine.enrol", lab.enrolment(second))
        #expect(reply["serial"] != nil)
    }

    @Test("guessing codes is slowed from where it comes")
    func guessing() async throws {
        let lab = try await Laboratory.open()
        let (host, code) = (lab.host, lab.code)
        var reasons: [String] = []
        for _ in 0..<7 {
            let refused = await refusal {
                try await host.anonymous(address: "203.0.113.9").call("machine.enrol", lab.enrolment("wrong"))
            }
            reasons.append(refused?.reason ?? "")
        }
        #expect(reasons.prefix(5).allSatisfy { $0 == "host.badCredentials" } && reasons.contains("host.rateLimited"))
        let reply = try await host.anonymous(address: "203.0.113.10").call("machine.enrol", lab.enrolment(code))
        #expect(reply["serial"] != nil)
    }

    @Test("a machine renews by itself; the old certificate stays valid, and there are never more than ten")
    func renew() async throws {
        let lab = try await Laboratory.open()
        let admin = lab.admin
        let (_, machine) = try await lab.enrol()
        let request: JSONValue = ["csr": .string(try MachineKey(account: "other").requestPEM)]
        let renewed = try await machine.call("machine.renew", request)
        let second = try lab.machine(renewed)
        #expect(try await second.call("session.whoami")["account"] == "lab.t1")
        try await machine.call("session.whoami")
        for _ in 0..<8 { try await machine.call("machine.renew", request) }
        let refused = await refusal { try await machine.call("machine.renew", request) }
        #expect(refused?.reason == "host.conflict" && refused?.details == ["limit": 10])
        let page = try await admin.call("accounts.certificates", ["account": "lab.t1", "limit": 7])
        let rest = try await admin.call(
            "accounts.certificates", ["account": "lab.t1", "after": try #require(page["next"])])
        let serials = [page, rest].flatMap { $0["certificates"]?.arrayValue ?? [] }.compactMap {
            $0["serial"]?.stringValue
        }
        #expect(serials.count == 10 && Set(serials).count == 10 && rest["next"] == nil)
        let person = await refusal { try await admin.call("machine.renew", request) }
        #expect(person?.reason == "host.unauthenticated")
    }

    @Test("racing renewals do not pass the limit")
    func renewalRace() async throws {
        let lab = try await Laboratory.open()
        let host = lab.host
        let (_, machine) = try await lab.enrol()
        let request: JSONValue = ["csr": .string(try MachineKey(account: "lab.t1").requestPEM)]
        _ = Racing.run(16) { try Racing.retrying { try machine.callAndWait("machine.renew", request) } }
        #expect(try host.sql("SELECT count(*) FROM host.machine_certificate") == [["10"]])
    }

    @Test("a repeated creation gives the reply without the code")
    func repeated() async throws {
        let lab = try await Laboratory.open()
        let gate: JSONValue = ["account": "gate.t1", "roles": []]
        let admin = lab.admin
        let first = try await admin.call("accounts.createMachine", gate, key: "k1")
        let second = try await admin.call("accounts.createMachine", gate, key: "k1")
        #expect(first["enrolmentCode"] != nil && second["enrolmentCode"] == nil)
        #expect(first["expiresAt"] == second["expiresAt"])
    }
}

/// Gives each racing thread a number of its own.
private final class Numbers: Sendable {
    private let next = Mutex(0)

    func take() -> Int {
        self.next.withLock { next in
            defer { next += 1 }
            return next
        }
    }
}
