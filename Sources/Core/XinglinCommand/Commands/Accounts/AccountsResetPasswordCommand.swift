internal import ArgumentParser
internal import XinglinKit

struct AccountsResetPasswordCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "reset-password",
            abstract: words(zh: "为忘记密码的人重置密码。", en: "Give a new one-time password to someone who forgot theirs."),
            discussion: words(
                zh: "例：xinglin accounts reset-password nurse", en: "Example: xinglin accounts reset-password nurse"))
    }

    @Argument(help: .account)
    var account: String

    @OptionGroup var client: ClientOptions
    @OptionGroup var form: FormOptions

    func run() async throws {
        try await FrontEnd.run(self.client, self.form) { front in
            let reply = try await front.call("accounts.resetPassword", ["account": .string(self.account)])
            try front.show(reply) { OneTimePassword.lines(reply) }
        }
    }
}
