internal import ArgumentParser
internal import Foundation
internal import Logging
internal import Synchronization
internal import XinglinHost

/// The flags of every command that reads the settings.
struct SettingsOptions: ParsableArguments {
    @Option(
        help: .both(
            zh: "存放密钥、证书和内置数据库的文件夹。", en: "The folder for keys, certificates and the embedded database.",
            value: "folder"
        ), completion: .directory)
    var data: String?

    @Option(
        help: .both(
            zh: "设置文件（YAML 或 JSON）；默认为数据文件夹中的 xinglin.yaml。",
            en: "The settings file (YAML or JSON); else xinglin.yaml in the data folder.", value: "file"),
        completion: .file(extensions: ["yaml", "yml", "json"]))
    var config: String?

    @Option(
        help: .both(
            zh: "日志级别：trace、debug、info、notice、warning、error 或 critical。",
            en: "trace, debug, info, notice, warning, error or critical.", value: "level"),
        completion: Completions.levels)
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
        let isText = self.logFormat.isText
        StderrLog.standardIsText.store(isText, ordering: .relaxed)
        LoggingSystem.bootstrap { StderrLog(label: $0, level: level, isText: isText) }
        return Logger(label: "xinglin")
    }
}
