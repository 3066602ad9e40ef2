import Foundation
import Testing
import XinglinCrypto
import XinglinHost
import XinglinKit
import XinglinTesting

/// A host with the machine account `lab.t1`, and what its tests do over and over.
struct Laboratory {
    let host: TestHost
    /// Administers the county.
    let admin: TestClient
    /// The account's first code, unused.
    let code: String

    static let account: JSONValue = ["account": "lab.t1", "roles": [["role": "integrator", "site": "t1"]]]

    static func open() async throws -> Laboratory {
        let host = try await TestHost.start(CounterModule.self)
        let admin = try await host.client(role: .siteAdmin, site: "county", reach: .subtree)
        let made = try await admin.call("accounts.createMachine", Self.account)
        return Laboratory(host: host, admin: admin, code: try #require(made["enrolmentCode"]?.stringValue))
    }

    /// The params of `machine.enrol` with a key of its own.
    func enrolment(_ code: String? = nil, account: String = "lab.t1") throws -> JSONValue {
        [
            "account": .string(account), "code": .string(code ?? self.code),
            "csr": .string(try MachineKey(account: account).requestPEM),
        ]
    }

    /// Enrols, and gives the reply with a client that shows the certificate.
    func enrol() async throws -> (reply: JSONValue, machine: TestClient) {
        let reply = try await self.host.anonymous().call("machine.enrol", self.enrolment())
        return (reply, try self.machine(reply))
    }

    /// A new client that shows the certificate of a reply.
    func machine(_ reply: JSONValue) throws -> TestClient {
        let pem = try #require(reply["certificate"]?.stringValue)
        let text = pem.split(separator: "\n").dropFirst().dropLast().joined()
        return self.host.machine(certificate: Array(try #require(Data(base64Encoded: text))))
    }
}

/// The refusal that a call must meet with.
func refusal(_ body: () async throws -> Void) async -> CallRefused? {
    await #expect(throws: CallRefused.self) { try await body() }
}
