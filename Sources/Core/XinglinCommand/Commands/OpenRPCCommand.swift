internal import ArgumentParser
internal import Logging
internal import XinglinHost
internal import XinglinKit

struct OpenRPCCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "openrpc",
            abstract: words(
                zh: "输出全部方法的 OpenRPC 文档（含示例）。", en: "Print the OpenRPC document of all methods, with examples."),
            discussion: words(
                zh: "例：xinglin openrpc > openrpc.json。只取自插件，不需要数据库。",
                en: "Example: xinglin openrpc > openrpc.json. It comes from the plugins alone and needs no database."))
    }

    @OptionGroup var options: SettingsOptions

    func run() throws {
        let settings = try self.options.load()
        let document = try HostTasks.openRPC(settings.host, log: settings.startLogging(standard: .warning))
        var writer = JSONWriter()
        writer.value(document)
        try Console.output(PrettyJSON.format(writer.bytes, coloured: Console.outputIsTerminal))
    }
}
