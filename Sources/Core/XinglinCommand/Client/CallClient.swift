internal import XinglinKit
internal import XinglinRPC

/// Calls one method, under the stored session where there is one.
struct CallClient: Sendable {
    private static let connectSeconds = 10
    /// These need no session.
    private static let open: Set<String> = [
        "host.ping", "rpc.discover", "session.login", "session.resume", "machine.enrol",
    ]

    /// These replies tell what later calls or the shell's completion need.
    private static let kept: Set<String> = [
        "session.login", "session.resume", "session.logout", "sites.list", "modules.list",
    ]

    let target: CallTarget
    let sessions: SessionStore
    let locale: Locale
    let names: KnownNames

    /// The same client on another session.
    func with(token: String) -> CallClient {
        CallClient(
            target: self.target.with(token: token), sessions: self.sessions, locale: self.locale, names: self.names)
    }

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
            let reason = (error as? LineClientError)?.text.here ?? "\(error)"
            throw Failure("\(reason) — \(self.remedy(error))", exitCode: ExitStatus.noConnection)
        }
    }

    private func remedy(_ error: any Error) -> String {
        if case .certificateNotTrusted? = error as? LineClientError {
            return words(
                zh: "\(self.target.caFile) 不是这台主机的 CA；请用 --ca 指定其数据文件夹中的 tls/ca.pem",
                en: "\(self.target.caFile) is not the CA of this host; give tls/ca.pem of its data folder with --ca")
        }
        if case .clientCertificateRefused? = error as? LineClientError { return Self.enrolAgain }
        return words(zh: "主机是否在那里运行？可用 --host 指定地址", en: "is the host running there? --host names another")
    }

    private static var enrolAgain: String {
        words(
            zh: "请机构管理员用 accounts.enrolmentCode 开具新的注册码，再用 xinglin enrol 重新注册",
            en:
                "have the site's administrator make a new code with accounts.enrolmentCode, and enrol again with xinglin enrol"
        )
    }

    /// - Parameter advice: what to do where no answer comes.
    func send(
        _ method: String, _ params: JSONValue, _ client: LineClient, advice: NoAnswer? = nil
    ) async throws -> RPCAnswer {
        do {
            return try await client.call(method: method, params: Array(params.canonicalText.utf8))
        } catch {
            // In TLS 1.3 a client learns only after its handshake that its certificate is refused.
            if case .clientCertificateRefused? = error as? LineClientError {
                let reason = (error as? LineClientError)?.text.here ?? "\(error)"
                throw Failure("\(reason) — \(Self.enrolAgain)", exitCode: ExitStatus.noConnection)
            }
            let reason = (error as? LineClientError)?.text.here ?? "\(error)"
            let advice = (advice ?? NoAnswer(method, params)).text.here
            throw Failure(
                words(
                    zh: "\(self.target.address) 没有应答 \(method)：\(reason) — \(advice)",
                    en: "\(self.target.address) did not answer \(method): \(reason) — \(advice)"),
                exitCode: ExitStatus.noConnection)
        }
    }

    /// A session that is over is forgotten, so that the next call does not stumble over it again.
    func refusedSession(_ json: [UInt8]) throws -> RPCAnswer {
        let reason = try JSONReader.parse(json)["data"]?["reason"]?.stringValue
        if reason == "host.sessionExpired" || reason == "host.unauthenticated" { try self.sessions.remove() }
        return .error(json)
    }

    private func keep(_ method: String, _ answer: RPCAnswer) throws {
        guard case .result(let json) = answer, Self.kept.contains(method) else { return }
        let reply = try JSONReader.parse(json)
        self.names.keep(method, reply)
        switch method {
        case "session.login", "session.resume":
            guard let token = reply["token"]?.stringValue else { return }
            try self.sessions.write(
                StoredSession(address: self.target.address, caFile: self.target.caFile, token: token))
        case "session.logout": try self.sessions.remove()
        default: return
        }
    }
}
