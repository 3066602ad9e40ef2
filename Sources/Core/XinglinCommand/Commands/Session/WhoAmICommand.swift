internal import ArgumentParser
internal import XinglinKit

struct WhoAmICommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "whoami",
            abstract: words(zh: "显示当前登录的账号及其角色。", en: "Show the account that is logged in and its roles."),
            discussion: words(zh: "例：xinglin whoami", en: "Example: xinglin whoami"))
    }

    @OptionGroup var client: ClientOptions
    @OptionGroup var form: FormOptions

    func run() async throws {
        try await FrontEnd.run(self.client, self.form) { front in
            let reply = try await front.call("session.whoami")
            try front.show(reply) { Self.lines(reply, address: front.client.target.address) }
        }
    }

    static func lines(_ reply: JSONValue, address: String) -> [String] {
        let roles = (reply["roles"]?.arrayValue ?? []).map(RoleArgument.text).joined(separator: ", ")
        let sites = (reply["sites"]?.arrayValue ?? []).compactMap(\.stringValue).joined(separator: ", ")
        return FieldList.lines([
            (words(zh: "账号", en: "account"), reply["account"]?.stringValue ?? ""),
            (words(zh: "主机", en: "host"), address),
            (words(zh: "角色", en: "roles"), roles),
            (words(zh: "机构", en: "sites"), sites),
            (words(zh: "有效期至", en: "until"), Session.minute(reply["expiresAt"])),
        ])
    }
}
