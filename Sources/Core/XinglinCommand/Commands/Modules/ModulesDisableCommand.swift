internal import ArgumentParser
internal import XinglinKit

struct ModulesDisableCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "disable",
            abstract: words(zh: "在机构停用模块；数据全部保留。", en: "Disable a module at sites; all its data stay."),
            discussion: words(
                zh: "例：xinglin modules disable decoction township-02",
                en: "Example: xinglin modules disable decoction township-02"))
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
                    "modules.disable", ["module": .string(self.module), "site": .string(site)])
                try front.show(reply) {
                    [
                        words(
                            zh: "\(site) 已停用 \(self.module)，数据保留",
                            en: "\(self.module) is disabled at \(site); its data stay")
                    ]
                }
            }
        }
    }
}
