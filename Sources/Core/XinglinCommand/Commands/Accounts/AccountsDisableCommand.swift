internal import ArgumentParser
internal import XinglinKit

struct AccountsDisableCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "disable",
            abstract: words(zh: "停用账号，并立即结束其会话。", en: "Disable an account and end its sessions."),
            discussion: words(zh: "例：xinglin accounts disable nurse", en: "Example: xinglin accounts disable nurse"))
    }

    @Argument(help: .account)
    var account: String

    @OptionGroup var client: ClientOptions
    @OptionGroup var form: FormOptions

    func run() async throws {
        try await FrontEnd.run(self.client, self.form) { front in
            let reply = try await front.call("accounts.disable", ["account": .string(self.account)])
            try front.show(reply) { [words(zh: "\(self.account) 已停用", en: "\(self.account) is disabled")] }
        }
    }
}
