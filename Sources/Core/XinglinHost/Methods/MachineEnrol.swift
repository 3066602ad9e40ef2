internal import XinglinCrypto
internal import XinglinKit
internal import XinglinRPC

/// `machine.enrol`: a machine's certificate for its one-time code.
struct MachineEnrol: RPCMethod {
    struct Params: Codable, Sendable {
        var account: String
        var code: String
        var csr: String
    }

    static let name = "machine.enrol"
    static let summary =
        "Gives a machine account a client certificate for its one-time enrolment code; the private key never leaves the machine."
    static let effect = Effect.write
    static let access = Access.anonymous
    static let scope = Scope.host
    static let lane = Lane.credential
    static let params = Schema.object(
        .required("account", .code(1...64), "The machine account."),
        .required("code", .opaque(1...64), "The code that accounts.createMachine or accounts.enrolmentCode gave."),
        CertificateReply.requestField
    )
    static let reply = CertificateReply.schema
    private static let example = (
        Params(account: "lab.t1", code: "k7wm-9qhd-t4xz-3rfn", csr: CertificateReply.exampleRequest),
        CertificateReply.example
    )
    static let examples = Examples<Params, CertificateReply>(full: example, minimal: example)

    func handle(_ params: Params, _ call: Call) throws -> CertificateReply {
        let context = try call.hosted
        let services = context.services
        let attempt = try LoginAttempt(
            services.limiter, params.account, context.connection.network, HostClock.system.now)
        // A request that cannot be used must not use up the code.
        do {
            try services.authority.check(request: params.csr)
        } catch let refusal as CertificateRequestRefused {
            attempt.abandon()
            throw refusal.fault
        }
        context.auditedAccount = services.directory.snapshot.account(named: params.account)?.principal.accountID
        guard let id = try EnrolmentCode.claim(params.code, of: params.account, call) else {
            throw MachineFault.badCode.fault()
        }
        context.auditedAccount = id
        let reply = try CertificateIssue.issue(request: params.csr, account: params.account, id: id, call)
        attempt.succeed()
        return reply
    }
}
