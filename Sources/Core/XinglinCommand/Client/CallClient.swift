internal import XinglinKit
internal import XinglinRPC

/// Calls one method, under the stored session where there is one.
struct CallClient: Sendable {
    private static let connectSeconds = 10
    /// These need no session.
    private static let open: Set<String> = [
        "host.ping", "rpc.discover", "session.login", "session.resume", "machine.enrol",
    ]

    let target: CallTarget
    let sessions: SessionStore
    let locale: Locale

    /// - Throws: `Failure` with exit code 3 where the host cannot be reached or does not answer.
    func call(_ method: String, _ params: JSONValue) async throws -> RPCAnswer {
        let client = try await self.connect()
        do {
            let answer = try await self.call(method, params, client)
            await client.close()
            try self.keep(method, answer)
            return answer
        } catch {
            await client.close()
            throw error
        }
    }

    private func call(_ method: String, _ params: JSONValue, _ client: LineClient) async throws -> RPCAnswer {
        if let token = self.target.token, !Self.open.contains(method) {
            let resume: JSONValue = ["token": .string(token), "_meta": ["locale": .string(self.locale.rawValue)]]
            if case .error(let json) = try await self.send("session.resume", resume, client) {
                return try self.refusedSession(json)
            }
        }
        return try await self.send(method, params, client)
    }

    func connect() async throws -> LineClient {
        do {
            return try await LineClient.connect(
                host: self.target.host, port: self.target.port, caFile: self.target.caFile,
                serverName: self.target.host, identity: self.target.identity,
                timeoutSeconds: Self.connectSeconds)
        } catch {
            throw Failure("\(error) — \(self.remedy(error))", exitCode: ExitStatus.noConnection)
        }
    }

    private func remedy(_ error: any Error) -> String {
        if case .certificateNotTrusted? = error as? LineClientError {
            return
                "\(self.target.caFile) is not the CA of this host; give tls/ca.pem of its data folder with --ca"
        }
        if case .clientCertificateRefused? = error as? LineClientError { return Self.enrolAgain }
        return "is the host running there?"
    }

    private static let enrolAgain =
        "have the site's administrator make a new code with accounts.enrolmentCode, and enrol again with xinglin enrol"

    func send(_ method: String, _ params: JSONValue, _ client: LineClient) async throws -> RPCAnswer {
        do {
            return try await client.call(method: method, params: Array(params.canonicalText.utf8))
        } catch let error as LineClientError {
            // In TLS 1.3 a client learns only after its handshake that its certificate is refused.
            if case .clientCertificateRefused = error {
                throw Failure("\(error) — \(Self.enrolAgain)", exitCode: ExitStatus.noConnection)
            }
            throw Failure(
                "\(self.target.address) did not answer \(method): \(error) — whether it was done is unknown; "
                    + "send a write again with the same --key", exitCode: ExitStatus.noConnection)
        }
    }

    /// A session that is over is forgotten, so that the next call does not stumble over it again.
    func refusedSession(_ json: [UInt8]) throws -> RPCAnswer {
        let reason = try JSONReader.parse(json)["data"]?["reason"]?.stringValue
        if reason == "host.sessionExpired" || reason == "host.unauthenticated" { try self.sessions.remove() }
        return .error(json)
    }

    private func keep(_ method: String, _ answer: RPCAnswer) throws {
        guard case .result(let json) = answer else { return }
        switch method {
        case "session.login", "session.resume":
            guard let token = try JSONReader.parse(json)["token"]?.stringValue else { return }
            try self.sessions.write(
                StoredSession(address: self.target.address, caFile: self.target.caFile, token: token))
        case "session.logout": try self.sessions.remove()
        default: return
        }
    }
}
