internal import ArgumentParser
internal import Logging
internal import XinglinHost
internal import XinglinKit

struct OpenRPCCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "openrpc", abstract: "Print the OpenRPC document of all methods, with examples.",
        discussion: "It comes from the plugins alone and needs no database.")

    @OptionGroup var options: SettingsOptions

    func run() throws {
        let settings = try self.options.load()
        let document = try HostTasks.openRPC(settings.host, log: settings.startLogging(standard: .warning))
        var writer = JSONWriter()
        writer.value(document)
        try Console.output(PrettyJSON.format(writer.bytes, coloured: Console.outputIsTerminal))
    }
}
