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

    /// - Throws: `Failure` where the text is no JSON object.
    init(_ text: [UInt8], site: String?, key: String?, locale: Locale) throws {
        guard var members = try Self.parse(text).objectValue else {
            throw Failure("the parameters must be a JSON object, such as '{\"limit\":5}'", exitCode: ExitStatus.usage)
        }
        guard var meta = (members["_meta"] ?? [:]).objectValue else {
            throw Failure("_meta must be a JSON object", exitCode: ExitStatus.usage)
        }
        if let site { meta["site"] = .string(site) }
        if let key { meta["idempotencyKey"] = .string(key) }
        if meta["locale"] == nil { meta["locale"] = .string(locale.rawValue) }
        members["_meta"] = .object(meta)
        self.value = .object(members)
    }

    /// Fills in the passwords that the method wants and the parameters lack.
    mutating func askSecrets(of method: String, _ environment: [String: String]) throws {
        guard var members = self.value.objectValue else { return }
        let locale = Console.locale(environment)
        for secret in Self.secrets[method] ?? [] where members[secret.member] == nil {
            if let text = environment[secret.variable] {
                members[secret.member] = .string(text)
                continue
            }
            guard let text = try PasswordPrompt.ask(secret.prompt[locale]) else {
                throw Failure(
                    "\(method) lacks \(secret.member), and there is no terminal to ask at — set \(secret.variable)",
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
                "the parameters are no JSON: \(error.reason) at byte \(error.offset)", exitCode: ExitStatus.usage)
        }
    }
}
