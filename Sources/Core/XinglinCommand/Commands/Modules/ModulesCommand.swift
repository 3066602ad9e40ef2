internal import ArgumentParser

struct ModulesCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "modules",
            abstract: words(
                zh: "列出本机可加载的模块；在机构启用或停用模块。", en: "List this machine's modules; enable and disable them at sites."),
            discussion: words(
                zh: "例：xinglin modules；xinglin modules enable decoction township-02",
                en: "Examples: xinglin modules; xinglin modules enable decoction township-02"),
            subcommands: [ModulesListCommand.self, ModulesEnableCommand.self, ModulesDisableCommand.self],
            defaultSubcommand: ModulesListCommand.self)
    }
}
