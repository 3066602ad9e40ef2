internal import XinglinKit
internal import XinglinRPC

/// One connection on the stored session, for commands that make many calls at a site and go on where they stopped when they
/// are run again.
struct CallConnection: Sendable {
    private let client: CallClient
    private let line: LineClient
    private let site: String?

    /// Connects and resumes the stored session.
    /// - Throws: `Failure` where the host cannot be reached or nobody is logged in.
    static func open(_ client: CallClient, site: String?) async throws -> CallConnection {
        let connection = CallConnection(client: client, line: try await client.connect(), site: site)
        do {
            guard let token = client.target.token else {
                throw Failure(
                    words(
                        zh: "尚未登录 \(client.target.address) — 请先运行 xinglin login 账号",
                        en: "nobody is logged in at \(client.target.address) — xinglin login ACCOUNT"))
            }
            try await connection.call("session.resume", ["token": .string(token)])
            return connection
        } catch {
            await connection.close()
            throw error
        }
    }

    /// Calls a method and gives its reply.
    /// - Throws: `Refusal`, or `Failure` where no answer comes.
    @discardableResult
    func call(_ method: String, _ params: [String: JSONValue], deadlineMs: Int64? = nil) async throws -> JSONValue {
        var meta: [String: JSONValue] = ["locale": .string(self.client.locale.rawValue)]
        meta["site"] = self.site.map { .string($0) }
        meta["deadlineMs"] = deadlineMs.map { .integer($0) }
        var params = params
        params["_meta"] = .object(meta)
        switch try await self.client.send(method, .object(params), self.line, advice: .goesOn) {
        case .result(let json): return try JSONReader.parse(json)
        case .error(let json):
            if method == "session.resume" { _ = try self.client.refusedSession(json) }
            throw Refusal(json: json, error: try JSONReader.parse(json))
        }
    }

    func close() async { await self.line.close() }
}

/// A call that was refused.
struct Refusal: Error {
    /// The error object as it came.
    let json: [UInt8]
    let error: JSONValue

    var reason: String? { self.error["data"]?["reason"]?.stringValue }
    var isRetryable: Bool { self.error["data"]?["retryable"]?.boolValue ?? false }
    var details: JSONValue? { self.error["data"]?["details"] }
}
