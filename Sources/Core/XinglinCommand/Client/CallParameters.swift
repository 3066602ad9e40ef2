internal import XinglinKit
internal import XinglinRPC

/// The params of a call, with what the flags add to `_meta`.
struct CallParameters {
    private(set) var value: JSONValue

    /// Secrets that are asked for rather than typed into the command line, which others can see: member, variable,
    /// prompt.
    private static let secrets: [String: [(member: String, variable: String, prompt: LocalizedText)]] = [
        "session.login": [("password", "XINGLIN_PASSWORD", .init(zh: "密码：", en: "Password: "))],
        "machine.enrol": [("code", "XINGLIN_ENROLMENT_CODE", .init(zh: "注册码：", en: "Enrolment code: "))],
        "session.changePassword": [
            ("current", "XINGLIN_PASSWORD", .init(zh: "当前密码：", en: "Current password: ")),
            ("new", "XINGLIN_NEW_PASSWORD", .init(zh: "新密码：", en: "New password: ")),
        ],
    ]

    /// Params that a command put together itself.
    init(object members: [String: JSONValue]) {
        self.value = .object(members)
    }

    var members: [String: JSONValue] { self.value.objectValue ?? [:] }

    /// - Throws: `Failure` where the text is no JSON object.
    init(_ text: [UInt8], site: String?, key: String?, locale: Locale) throws {
        guard var members = try Self.parse(text).objectValue else {
            throw Failure(
                words(
                    zh: "参数应为一个 JSON 对象，例如 '{\"limit\":5}'",
                    en: "the parameters must be a JSON object, such as '{\"limit\":5}'"), exitCode: ExitStatus.usage)
        }
        guard var meta = (members["_meta"] ?? [:]).objectValue else {
            throw Failure(
                words(zh: "_meta 应为一个 JSON 对象", en: "_meta must be a JSON object"), exitCode: ExitStatus.usage)
        }
        if let site { meta["site"] = .string(site) }
        if let key { meta["idempotencyKey"] = .string(key) }
        if meta["locale"] == nil { meta["locale"] = .string(locale.rawValue) }
        members["_meta"] = .object(meta)
        self.value = .object(members)
    }

    /// Fills in the passwords that the method wants and the parameters lack.
    /// - Parameter twice: a new password is asked for once more, so that a slip of the hand locks nobody out.
    mutating func askSecrets(of method: String, _ environment: [String: String], twice: Bool = false) throws {
        guard var members = self.value.objectValue else { return }
        for secret in Self.secrets[method] ?? [] where members[secret.member] == nil {
            if let text = environment[secret.variable] {
                members[secret.member] = .string(text)
                continue
            }
            guard let text = try PasswordPrompt.ask(secret.prompt.here) else {
                throw Failure(
                    words(
                        zh: "\(method) 缺少 \(secret.member)，又没有终端可供输入 — 请设置 \(secret.variable)",
                        en: "\(method) lacks \(secret.member), and there is no terminal to ask at — set "
                            + secret.variable), exitCode: ExitStatus.usage)
            }
            if twice, secret.member == "new",
                try PasswordPrompt.ask(words(zh: "再次输入新密码：", en: "New password again: ")) != text
            {
                throw Failure(
                    words(zh: "两次输入的新密码不一致 — 请再试一次", en: "the new passwords differ — try again"),
                    exitCode: ExitStatus.usage)
            }
            members[secret.member] = .string(text)
        }
        self.value = .object(members)
    }

    /// Sets a member.
    mutating func set(_ member: String, _ value: JSONValue) {
        guard var members = self.value.objectValue else { return }
        members[member] = value
        self.value = .object(members)
    }

    private static func parse(_ text: [UInt8]) throws -> JSONValue {
        do {
            return try JSONReader.parse(text)
        } catch {
            throw Failure(
                words(
                    zh: "参数不是合法的 JSON：第 \(error.offset) 字节，\(error.reason)",
                    en: "the parameters are no JSON: \(error.reason) at byte \(error.offset)"),
                exitCode: ExitStatus.usage)
        }
    }
}
