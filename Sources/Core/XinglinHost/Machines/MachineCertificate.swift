internal import XinglinCrypto
internal import XinglinKit

/// A machine's certificate as the directory has it.
struct MachineCertificate: Sendable {
    let fingerprint: SQLBytes
    let serial: String
    let accountID: RecordID
    let expiresAt: Timestamp
    let isRevoked: Bool
}

/// The certificate that a connection has shown. TLS has checked that it is of our CA and was in its time; a resumed TLS
/// session checks neither again, so whatever can change is judged here, at every call.
enum PresentedCertificate: Sendable {
    case client(ClientCertificate)
    /// Of our CA, but not a machine's.
    case unsuited

    init(der: [UInt8]) {
        do {
            self = .client(try ClientCertificate(der: der))
        } catch {
            self = .unsuited
        }
    }

    var certificate: ClientCertificate? {
        if case .client(let certificate) = self { certificate } else { nil }
    }

    /// Whether calls would be taken now.
    func isAccepted(in directory: DirectorySnapshot) -> Bool {
        (try? self.judge(in: directory)) != nil
    }

    /// The account that the connection speaks for.
    /// - Throws: `host.unauthenticated` with `details.certificate`.
    func judge(
        in directory: DirectorySnapshot
    ) throws(Fault) -> (account: DirectorySnapshot.Account, certificate: MachineCertificate) {
        guard case .client(let shown) = self else { throw CertificateRefusal.unsuited.fault(serial: nil) }
        // By the machine's clock, as TLS does, whatever time a demonstration stands at.
        guard HostClock.system.now.secondsSince1970 < shown.notAfter else {
            throw CertificateRefusal.expired.fault(serial: shown.serial)
        }
        guard let known = directory.certificates[SQLBytes(shown.fingerprint)],
            let account = directory.accounts[known.accountID], account.isMachine,
            account.principal.account == shown.account
        else { throw CertificateRefusal.unknown.fault(serial: shown.serial) }
        guard !known.isRevoked else { throw CertificateRefusal.revoked.fault(serial: shown.serial) }
        guard !account.isDisabled else { throw CertificateRefusal.accountDisabled.fault(serial: shown.serial) }
        return (account, known)
    }
}

extension Timestamp {
    /// Whole seconds, as certificates count them.
    var secondsSince1970: Int64 { self.microseconds / 1_000_000 }

    init(secondsSince1970 seconds: Int64) {
        self.init(microseconds: seconds * 1_000_000)
    }
}
