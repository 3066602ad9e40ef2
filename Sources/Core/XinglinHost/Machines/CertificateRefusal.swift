internal import XinglinKit

/// Why a client certificate is not accepted: `details.certificate` of `host.unauthenticated`.
enum CertificateRefusal: String, CaseIterable {
    case expired
    case revoked
    case unknown
    case accountDisabled
    case unsuited

    init?(_ kind: FaultKind) {
        guard let refusal = Self.allCases.first(where: { $0.kind == kind }) else { return nil }
        self = refusal
    }

    func fault(serial: String?) -> Fault {
        var details: [String: JSONValue] = ["certificate": .string(self.rawValue)]
        if let serial { details["serial"] = .string(serial) }
        return self.kind.fault(.object(details))
    }

    /// The texts differ, the reason on the wire does not.
    var kind: FaultKind {
        FaultKind("host.unauthenticated", code: -32001, message: self.message, hint: self.hint)
    }

    private var message: LocalizedText {
        switch self {
        case .expired: .init(zh: "客户端证书已过期", en: "The client certificate has expired")
        case .revoked: .init(zh: "客户端证书已被吊销", en: "The client certificate is revoked")
        case .unknown: .init(zh: "主机没有登记这张客户端证书", en: "The host does not know this client certificate")
        case .accountDisabled:
            .init(zh: "证书所属的接口账号已停用", en: "The machine account of the certificate is disabled")
        case .unsuited:
            .init(zh: "这张证书不是接口账号的证书", en: "The certificate is not that of a machine account")
        }
    }

    private var hint: LocalizedText {
        switch self {
        case .expired, .revoked:
            .init(
                zh: "请机构管理员用 accounts.enrolmentCode 开具新的注册码，再用 machine.enrol 重新注册",
                en:
                    "Have the site's administrator make a new code (accounts.enrolmentCode) and enrol again (machine.enrol)"
            )
        case .unknown:
            .init(
                zh: "刚注册的证书请稍候几秒重试；仍不行时请机构管理员开具新的注册码并重新注册",
                en:
                    "Retry in a few seconds if it is new; otherwise ask the site's administrator for a new code and enrol again"
            )
        case .accountDisabled:
            .init(zh: "请机构管理员启用该账号（accounts.enable）", en: "The site's administrator can enable it (accounts.enable)")
        case .unsuited:
            .init(
                zh: "请使用 machine.enrol 发放的证书，或不带客户端证书连接后登录",
                en: "Use the certificate that machine.enrol gave, or connect without one and log in")
        }
    }
}

/// The other refusals about machines, under reasons of the contract.
enum MachineFault {
    /// `session.login` and `session.resume` on a connection that a certificate speaks for.
    static let certificateSpeaks = FaultKind(
        "host.unauthenticated", code: -32001,
        message: .init(
            zh: "此连接已由客户端证书代表接口账号", en: "This connection speaks for a machine account by its certificate"),
        hint: .init(zh: "要登录，请不带客户端证书重新连接", en: "Connect without a client certificate to log in"))
    /// `session.logout` and `session.changePassword` of a machine.
    static let noSession = FaultKind(
        "host.unauthenticated", code: -32001,
        message: .init(zh: "接口账号没有会话和密码", en: "A machine account has no session and no password"),
        hint: .init(
            zh: "更换证书用 machine.renew；停止使用请断开连接", en: "Use machine.renew to renew its certificate; to end, disconnect"))
    /// `machine.renew` without a certificate.
    static let certificateRequired = FaultKind(
        "host.unauthenticated", code: -32001,
        message: .init(zh: "此方法须由接口账号用其客户端证书调用", en: "Only a machine calls this, with its client certificate"),
        hint: .init(
            zh: "用现有证书连接；证书已失效时请机构管理员开具新的注册码",
            en: "Connect with the certificate; if it is no longer valid, ask the site's administrator for a new code"))
    /// Wrong, used and expired codes, unknown and disabled accounts, which are not told apart.
    static let badCode = FaultKind(
        "host.badCredentials", code: -32001,
        message: .init(
            zh: "接口账号或注册码不正确，或注册码已用过、已过期", en: "Account or code is wrong, or the code was used or has expired"),
        hint: .init(
            zh: "核对后重试；需要新的注册码时请机构管理员用 accounts.enrolmentCode 开具",
            en: "Check and try again; the site's administrator makes a new code with accounts.enrolmentCode"))
    static let tooManyCertificates = FaultKind(
        "host.conflict", code: -32010,
        message: .init(zh: "该接口账号的有效证书已达上限", en: "The machine account has as many valid certificates as it may"),
        hint: .init(
            zh: "请机构管理员用 accounts.revokeCertificate 吊销不再使用的证书",
            en: "Have the site's administrator revoke those no longer used (accounts.revokeCertificate)"))
}

extension HostCallContext {
    /// - Throws: `host.unauthenticated` where the connection has shown a certificate: it never speaks for two.
    func requireNoCertificate() throws {
        guard self.state?.certificate == nil else { throw MachineFault.certificateSpeaks.fault() }
    }

    /// The caller's session.
    /// - Throws: `host.unauthenticated` for a machine, which has none.
    func requireSession() throws -> Session {
        guard let session = self.admission.session else { throw MachineFault.noSession.fault() }
        return session
    }
}
