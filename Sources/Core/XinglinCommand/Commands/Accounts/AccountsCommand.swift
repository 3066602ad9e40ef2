internal import ArgumentParser
internal import XinglinKit

struct AccountsCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "accounts",
            abstract: words(zh: "管理账号及其角色。", en: "Administer accounts and their roles."),
            discussion: words(
                zh: """
                    需先以管理员登录：xinglin login bureau-admin --data data

                    角色写作 ROLE@SITE：pharmacist@township-01；siteAdmin@bureau:subtree 含下级机构。
                    """,
                en: """
                    Log in as an administrator first: xinglin login bureau-admin --data data

                    A role is written ROLE@SITE: pharmacist@township-01; siteAdmin@bureau:subtree reaches below the site.
                    """),
            subcommands: [
                AccountsListCommand.self, AccountsCreateCommand.self, AccountsRolesCommand.self,
                AccountsDisableCommand.self, AccountsEnableCommand.self, AccountsResetPasswordCommand.self,
            ])
    }
}

extension ArgumentHelp {
    static var account: ArgumentHelp { .both(zh: "账号。", en: "The account.") }
    static var roles: ArgumentHelp {
        .both(
            zh: "角色，写作 ROLE@SITE 或 ROLE@SITE:subtree。", en: "Roles, written ROLE@SITE or ROLE@SITE:subtree.",
            value: "role@site")
    }
}
