internal import ArgumentParser
internal import XinglinKit

struct AccountsRolesCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "roles",
            abstract: words(zh: "重新设定账号的全部角色。", en: "Set all roles of an account anew."),
            discussion: words(
                zh: """
                    例：xinglin accounts roles pharmacist-2 pharmacist@township-01 reviewer@township-01

                    所列即此后的全部角色；取消全部角色用 --none。
                    """,
                en: """
                    Example: xinglin accounts roles pharmacist-2 pharmacist@township-01 reviewer@township-01

                    What is listed is all it has from then on; --none takes every role away.
                    """))
    }

    @Argument(help: .account)
    var account: String

    @Argument(help: .roles, completion: Completions.roles)
    var roles: [String] = []

    @Flag(help: .both(zh: "取消全部角色。", en: "Take every role away."))
    var none = false

    @OptionGroup var client: ClientOptions
    @OptionGroup var form: FormOptions

    func validate() throws {
        for role in self.roles { _ = try RoleArgument(role) }
        guard self.roles.isEmpty == self.none else {
            throw ValidationError(
                words(
                    zh: "请列出角色，或只用 --none 取消全部角色", en: "name the roles, or take every role away with --none alone"))
        }
    }

    func run() async throws {
        try await FrontEnd.run(self.client, self.form) { front in
            let roles = try self.roles.map { try RoleArgument($0).json }
            let reply = try await front.call(
                "accounts.setRoles", ["account": .string(self.account), "roles": .array(roles)])
            let now = (reply["roles"]?.arrayValue ?? []).map(RoleArgument.text).joined(separator: ", ")
            try front.show(reply) {
                now.isEmpty
                    ? [words(zh: "\(self.account) 已没有角色", en: "\(self.account) has no role now")]
                    : [words(zh: "\(self.account) 的角色：\(now)", en: "\(self.account) has the roles \(now)")]
            }
        }
    }
}
