internal import ArgumentParser
internal import XinglinKit

struct ModulesEnableCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "enable",
            abstract: words(zh: "在机构启用模块，立即生效。", en: "Enable a module at sites, live."),
            discussion: words(
                zh: "例：xinglin modules enable decoction township-02",
                en: "Example: xinglin modules enable decoction township-02"))
    }

    @Argument(help: .both(zh: "模块代码。", en: "The module's code."), completion: Completions.modules)
    var module: String

    @Argument(
        help: .both(zh: "机构代码，可列多个。", en: "The sites' codes.", value: "site"), completion: Completions.sites)
    var sites: [String]

    @OptionGroup var client: ClientOptions
    @OptionGroup var form: FormOptions

    func run() async throws {
        try await FrontEnd.run(self.client, self.form) { front in
            for site in self.sites {
                let reply = try await front.call(
                    "modules.enable", ["module": .string(self.module), "site": .string(site)])
                try front.show(reply) {
                    [words(zh: "\(site) 已启用 \(self.module)", en: "\(self.module) is enabled at \(site)")]
                }
            }
        }
    }
}
