internal import ArgumentParser
internal import XinglinKit

struct AccountsCreateCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "create",
            abstract: words(zh: "新建账号，并显示一次性密码。", en: "Create an account and show its one-time password."),
            discussion: words(
                zh: "例：xinglin accounts create yaoshi-02 pharmacist@township-02",
                en: "Example: xinglin accounts create yaoshi-02 pharmacist@township-02"))
    }

    @Argument(
        help: .both(zh: "新账号：3 至 64 个字母、数字、点、横线。", en: "The new account: 3 to 64 letters, digits, dots and dashes."))
    var account: String

    @Argument(help: .roles, completion: Completions.roles)
    var roles: [String] = []

    @Option(
        help: .both(zh: "所属职工的编号。", en: "The id of the staff member it belongs to.", value: "id"))
    var staff: String?

    @OptionGroup var client: ClientOptions
    @OptionGroup var form: FormOptions

    func validate() throws {
        for role in self.roles { _ = try RoleArgument(role) }
    }

    func run() async throws {
        try await FrontEnd.run(self.client, self.form) { front in
            var params: [String: JSONValue] = [
                "account": .string(self.account), "roles": .array(try self.roles.map { try RoleArgument($0).json }),
            ]
            if let staff = self.staff { params["staffId"] = .string(staff) }
            let reply = try await front.call("accounts.create", params)
            try front.show(reply) { OneTimePassword.lines(reply) }
        }
    }
}
