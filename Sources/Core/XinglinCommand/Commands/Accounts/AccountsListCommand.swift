internal import ArgumentParser
internal import XinglinKit

struct AccountsListCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "list",
            abstract: words(zh: "列出本人管理的账号。", en: "List the accounts in one's charge."),
            discussion: words(
                zh: "例：xinglin accounts list --site township-01",
                en: "Example: xinglin accounts list --site township-01"))
    }

    @Option(
        help: .both(zh: "只列在该机构有角色的账号。", en: "Only accounts with a role at this site.", value: "code"),
        completion: Completions.sites)
    var site: String?

    @OptionGroup var client: ClientOptions
    @OptionGroup var form: FormOptions

    func run() async throws {
        try await FrontEnd.run(self.client, self.form) { front in
            let site = self.site.map { ["site": JSONValue.string($0)] } ?? [:]
            let accounts = try await front.pages("accounts.list", site, of: "accounts")
            try front.show(["accounts": .array(accounts)], Self.table(accounts))
        }
    }

    static func table(_ accounts: [JSONValue]) -> Table {
        let rows = accounts.map { account in
            let roles = (account["roles"]?.arrayValue ?? []).map(RoleArgument.text).joined(separator: ", ")
            let isDisabled = account["disabled"] == true
            return Table.Row(
                cells: [account["account"]?.stringValue ?? "", Self.state(account), roles],
                colour: isDisabled ? .grey : nil)
        }
        return Table(
            heading: [
                words(zh: "账号", en: "ACCOUNT"), words(zh: "状态", en: "STATE"), words(zh: "角色", en: "ROLES"),
            ], rows: rows)
    }

    private static func state(_ account: JSONValue) -> String {
        if account["disabled"] == true { return words(zh: "已停用", en: "disabled") }
        if account["passwordChangeRequired"] == true { return words(zh: "待改密码", en: "one-time password") }
        return words(zh: "在用", en: "in use")
    }
}
