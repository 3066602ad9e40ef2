internal import ArgumentParser
internal import XinglinKit

struct AccountsEnableCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "enable",
            abstract: words(zh: "重新启用账号。", en: "Let a disabled account log in again."),
            discussion: words(zh: "例：xinglin accounts enable nurse", en: "Example: xinglin accounts enable nurse"))
    }

    @Argument(help: .account)
    var account: String

    @OptionGroup var client: ClientOptions
    @OptionGroup var form: FormOptions

    func run() async throws {
        try await FrontEnd.run(self.client, self.form) { front in
            let reply = try await front.call("accounts.enable", ["account": .string(self.account)])
            try front.show(reply) { [words(zh: "\(self.account) 已启用", en: "\(self.account) is enabled")] }
        }
    }
}
