internal import ArgumentParser
internal import Foundation
internal import Logging
internal import XinglinHost

/// The flags of every command that reads the settings.
struct SettingsOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The folder for keys, certificates and the embedded database.", valueName: "folder"))
    var data: String?

    @Option(
        help: ArgumentHelp("The settings file (YAML or JSON); else xinglin.yaml in the data folder.", valueName: "file")
    )
    var config: String?

    @Option(help: ArgumentHelp("trace, debug, info, notice, warning, error or critical.", valueName: "level"))
    var logLevel: String?

    /// - Throws: `SettingsError`.
    func load(listen: String? = nil, demo: Bool = false) throws -> Settings {
        let loader = SettingsLoader(
            environment: ProcessInfo.processInfo.environment, workingDirectory: Files.workingDirectory)
        return try loader.load(
            SettingsFlags(data: self.data, config: self.config, listen: listen, logLevel: self.logLevel, demo: demo))
    }
}

extension Settings {
    /// Sends all logging of the process to stderr from the set level on.
    func startLogging(standard: Logger.Level) -> Logger {
        let level = self.logLevel ?? standard
        LoggingSystem.bootstrap { StderrLog(label: $0, level: level, isText: Console.errorIsTerminal) }
        return Logger(label: "xinglin")
    }
}
