internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// Why a client has no answer, in words for the person at the terminal.
public enum LineClientError: Error, Sendable, Hashable, CustomStringConvertible {
    case cannotConnect(String)
    case certificateNotTrusted(String)
    /// The server does not accept the certificate that this client has shown.
    case clientCertificateRefused(String)
    /// The connection ended before the answer came.
    case closed(String)

    public var description: String {
        switch self {
        case .cannotConnect(let reason): "cannot connect: \(reason)"
        case .certificateNotTrusted(let reason): "the server's certificate is not trusted: \(reason)"
        case .clientCertificateRefused(let reason): "the client's certificate was refused: \(reason)"
        case .closed(let reason): "the connection was closed: \(reason)"
        }
    }

    /// What an error of the network or of TLS means while connecting.
    static func connecting(_ error: any Error, server: String) -> LineClientError {
        if let refusal = Self.refusal(of: error) { return refusal }
        switch error {
        case let error as LineClientError: return error
        case let error as NIOSSLExtraError where error == .failedToValidateHostname:
            return .certificateNotTrusted("it is not made out to \(server)")
        case NIOSSLError.handshakeFailed(let reason):
            // The library tells this apart from other failures by the text only.
            if "\(reason)".contains("CERTIFICATE_VERIFY_FAILED") {
                return .certificateNotTrusted("it is not signed by a certificate authority that is trusted here")
            }
            return .cannotConnect("\(server) does not complete the TLS handshake (\(reason))")
        case let error as NIOConnectionError:
            return .cannotConnect("\(server): " + Self.reason(error))
        case ChannelError.connectTimeout:
            return .cannotConnect("\(server) does not answer in time")
        default: return .cannotConnect("\(server): \(error)")
        }
    }

    /// What the server's alert says of the client's certificate; nil where the error is no such alert.
    static func refusal(of error: any Error) -> LineClientError? {
        // The library tells alerts apart by their text only.
        let text = "\(error)"
        let alert = Self.alerts.first { text.contains($0.name) }
        return alert.map { .clientCertificateRefused($0.meaning) }
    }

    private static let alerts = [
        ("ALERT_CERTIFICATE_EXPIRED", "it has expired or is not valid yet"),
        ("ALERT_UNKNOWN_CA", "it is not of the host's own CA"),
        ("ALERT_CERTIFICATE_REVOKED", "it is revoked"),
        ("ALERT_UNSUPPORTED_CERTIFICATE", "it is not one for clients"),
        ("ALERT_BAD_CERTIFICATE", "it is not valid"),
        ("ALERT_CERTIFICATE_UNKNOWN", "it is not valid"),
    ].map { (name: $0.0, meaning: $0.1) }

    private static func reason(_ error: NIOConnectionError) -> String {
        if let first = error.connectionErrors.first {
            if case ChannelError.connectTimeout = first.error { return "does not answer in time" }
            if let system = first.error as? IOError { return Self.systemText(system) }
            return "\(first.error)"
        }
        return "the name is not known"
    }

    private static func systemText(_ error: IOError) -> String {
        error.errnoCode == 111 ? "nothing listens there (connection refused)" : error.description
    }
}
