internal import Synchronization
public import XinglinKit
public import XinglinRPC

/// A client in the host's own process: the same requests through the same dispatcher, without a socket. The demonstration
/// county is loaded by it, and tests call through it.
public final class InProcessClient: Sendable {
    private let service: any RPCService
    private let connection: RPCConnection
    private let locale: Locale
    private static let nextID = Atomic<UInt64>(1 << 62)

    /// - Parameters:
    ///   - certificate: the client certificate (DER) that a TLS handshake would have brought.
    ///   - path: takes notifications; without it nothing can be subscribed to.
    public init(
        _ service: any RPCService, address: String = "in process", certificate: [UInt8]? = nil, locale: Locale = .en,
        path: (any PushPath)? = nil
    ) {
        self.service = service
        self.locale = locale
        self.connection = RPCConnection(
            id: Self.nextID.wrappingAdd(1, ordering: .relaxed).newValue, peerAddress: address,
            peerCertificate: certificate, path: path)
        service.opened(self.connection)
    }

    /// Ends the connection, as a client does that closes it.
    public func close() {
        self.service.closed(self.connection, wasReset: false)
    }

    /// Calls a method and gives its reply.
    /// - Throws: `CallRefused`.
    public func call(
        _ method: String, _ params: JSONValue = .object([:]), site: String? = nil, key: String? = nil,
        deadlineMs: Int64? = nil
    ) async throws -> JSONValue {
        let answer = await withCheckedContinuation { continuation in
            self.send(method, params, site: site, key: key, deadlineMs: deadlineMs) {
                continuation.resume(returning: $0)
            }
        }
        return try Self.reply(answer)
    }

    /// Calls a method without waiting; the answer comes on another thread.
    public func send(
        _ method: String, _ params: JSONValue, site: String? = nil, key: String? = nil,
        deadlineMs: Int64? = nil, answer: @escaping @Sendable (RPCAnswer) -> Void
    ) {
        let request = RPCRequest(
            id: .null, method: method, params: Array(params.canonicalText.utf8),
            meta: PeekedMeta(site: site, idempotencyKey: key, deadlineMs: deadlineMs, locale: self.locale))
        self.service.call(request, on: self.connection, answer: answer)
    }

    /// The reply of an answer.
    /// - Throws: `CallRefused`.
    public static func reply(_ answer: RPCAnswer) throws -> JSONValue {
        switch answer {
        case .result(let bytes): return try JSONReader.parse(bytes)
        case .error(let bytes): throw CallRefused(try JSONReader.parse(bytes))
        }
    }
}

/// A refusal as a client sees it.
public struct CallRefused: Error, Sendable, Equatable, CustomStringConvertible {
    public let code: Int64
    public let reason: String
    public let message: String
    public let hint: String
    public let retryable: Bool
    public let details: JSONValue?
    public let trace: String

    /// Reads an error object.
    public init(_ error: JSONValue) {
        let data = error["data"]
        self.code = error["code"]?.integerValue ?? 0
        self.reason = data?["reason"]?.stringValue ?? ""
        self.message = error["message"]?.stringValue ?? ""
        self.hint = data?["hint"]?.stringValue ?? ""
        self.retryable = data?["retryable"]?.boolValue ?? false
        self.details = data?["details"]
        self.trace = data?["trace"]?.stringValue ?? ""
    }

    public var description: String { "\(self.reason): \(self.message)" }
}
