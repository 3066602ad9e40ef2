internal import ArgumentParser
internal import XinglinKit

struct LogoutCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "logout",
            abstract: words(zh: "结束会话并删除其记录。", en: "End the session and forget it."),
            discussion: words(zh: "例：xinglin logout", en: "Example: xinglin logout"))
    }

    @OptionGroup var client: ClientOptions
    @OptionGroup var form: FormOptions

    func run() async throws {
        try await FrontEnd.run(self.client, self.form) { front in
            let reply = try await front.call("session.logout")
            let account = reply["account"]?.stringValue ?? ""
            try front.show(reply) { [words(zh: "\(account) 已退出", en: "\(account) is logged out")] }
        }
    }
}
