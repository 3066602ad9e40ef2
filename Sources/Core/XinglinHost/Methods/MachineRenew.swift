internal import XinglinKit

/// `machine.renew`: a further certificate for a machine that still has a valid one.
struct MachineRenew: RPCMethod {
    struct Params: Codable, Sendable {
        var csr: String
    }

    static let name = "machine.renew"
    static let summary =
        "Gives a machine that calls with a valid certificate a new one; the old one stays valid until it expires or is revoked."
    static let effect = Effect.write
    static let access = Access.authenticated
    static let scope = Scope.host
    static let params = Schema.object(CertificateReply.requestField)
    static let reply = CertificateReply.schema
    static let examples = Examples<Params, CertificateReply>(
        full: (Params(csr: CertificateReply.exampleRequest), .example),
        minimal: (Params(csr: CertificateReply.exampleRequest), .example))

    func handle(_ params: Params, _ call: Call) throws -> CertificateReply {
        guard let certificate = try call.hosted.admission.certificate else {
            throw MachineFault.certificateRequired.fault()
        }
        return try CertificateIssue.issue(
            request: params.csr, account: try call.caller.account, id: certificate.accountID, call)
    }
}
