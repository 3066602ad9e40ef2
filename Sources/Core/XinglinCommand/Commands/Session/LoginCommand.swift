internal import ArgumentParser
internal import Foundation
internal import XinglinKit

struct LoginCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "login",
            abstract: words(zh: "登录主机，供之后的命令使用。", en: "Log in to a host for the commands that follow."),
            discussion: words(
                zh: """
                    例：xinglin login pharmacist --data data

                    在终端询问密码，或读取 XINGLIN_PASSWORD。使用一次性密码时随即要求另设密码
                    （或读取 XINGLIN_NEW_PASSWORD）。会话保存在 ~/.local/state/xinglin/session.json，只有本人可读。
                    """,
                en: """
                    Example: xinglin login pharmacist --data data

                    It asks for the password at the terminal, or reads XINGLIN_PASSWORD. After a one-time password it
                    asks for a new one (or reads XINGLIN_NEW_PASSWORD). The session is kept in
                    ~/.local/state/xinglin/session.json, readable by its owner alone.
                    """))
    }

    @Argument(help: .both(zh: "账号。", en: "The account."))
    var account: String

    @OptionGroup var client: ClientOptions
    @OptionGroup var form: FormOptions

    func run() async throws {
        try await FrontEnd.run(self.client, self.form) { front in
            let environment = ProcessInfo.processInfo.environment
            var login = CallParameters(object: ["account": .string(self.account)])
            try login.askSecrets(of: "session.login", environment)
            let session = try await front.call("session.login", login.members)
            if session["passwordChangeRequired"] == true {
                try await self.changePassword(login.members["password"], session, front, environment)
            }
            try front.show(session) {
                [Session.greeting(session, address: front.client.target.address)]
            }
        }
    }

    /// Until the one-time password is changed nothing else is allowed, so it is changed at once.
    private func changePassword(
        _ current: JSONValue?, _ session: JSONValue, _ front: FrontEnd, _ environment: [String: String]
    ) async throws {
        guard let token = session["token"]?.stringValue else { return }
        if environment["XINGLIN_NEW_PASSWORD"] == nil {
            Console.error(
                words(
                    zh: "这是一次性密码，请另设密码（至少 10 个字符，其中至少 5 个不同）。",
                    en: "This is a one-time password: set a new one (at least 10 characters, 5 of them different)."))
        }
        var change = CallParameters(object: current.map { ["current": $0] } ?? [:])
        try change.askSecrets(of: "session.changePassword", environment, twice: true)
        let again = FrontEnd(client: front.client.with(token: token), json: front.json)
        _ = try await again.call("session.changePassword", change.members)
    }
}

/// A session in words.
enum Session {
    static func greeting(_ reply: JSONValue, address: String) -> String {
        let account = reply["account"]?.stringValue ?? ""
        let roles = (reply["roles"]?.arrayValue ?? []).map(RoleArgument.text).joined(separator: ", ")
        let until = Self.minute(reply["expiresAt"])
        return words(
            zh: "\(account) 已登录 \(address)，角色 \(roles)，有效期至 \(until)",
            en: "\(account) is logged in at \(address) as \(roles) until \(until)")
    }

    /// `2026-11-22T14:30:…+08:00` as `2026-11-22 14:30`.
    static func minute(_ instant: JSONValue?) -> String {
        String((instant?.stringValue ?? "").prefix(16)).replacing("T", with: " ")
    }
}
