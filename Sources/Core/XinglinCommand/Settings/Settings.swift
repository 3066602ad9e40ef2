internal import Foundation
internal import Logging
internal import XinglinHost
internal import XinglinKit

/// The settings as read, with what only the command line needs.
struct Settings: Sendable {
    var host: HostSettings
    /// nil where nobody set it: `serve` then logs from `info` on, the other commands from `warning` on.
    var logLevel: Logger.Level?
    var logFormat = LogFormat.auto
    /// What was set, by key, and where; the rest is as it comes.
    var origins: [String: Origin] = [:]

    /// Where a setting's value came from.
    struct Origin: Sendable {
        let source: LocalizedText
        /// As it stands in a file; a connection string with its password.
        let value: String
    }

    init(dataDirectory: String) {
        self.host = HostSettings(dataDirectory: dataDirectory)
    }
}

/// How log lines look.
enum LogFormat: String, CaseIterable, Sendable {
    case auto
    case json
    case text

    var isText: Bool { self == .auto ? Console.errorIsTerminal : self == .text }

    /// What holds until the settings are read, and where they cannot be.
    static var ofEnvironment: LogFormat {
        ProcessInfo.processInfo.environment["XINGLIN_LOG_FORMAT"].flatMap { LogFormat(rawValue: $0) } ?? .auto
    }
}

/// A setting that cannot be used. The text never holds a value: it may be a password.
enum SettingsError: Error, Equatable, CustomStringConvertible {
    case unknownKey(String, file: String, nearest: String)
    /// A variable XINGLIN_… that nothing reads.
    case unknownVariable(String, nearest: String)
    case badValue(String, source: LocalizedText, expected: LocalizedText)
    case unreadable(file: String, reason: LocalizedText)
    /// Settings that do not go together.
    case contradiction(LocalizedText)

    var text: LocalizedText {
        switch self {
        case .unknownKey(let key, let file, let nearest):
            LocalizedText(
                zh: "\(file)：没有设置 \"\(key)\"，是否想用 \"\(nearest)\"？（全部设置见 docs/settings.md）",
                en: "\(file): there is no setting \"\(key)\"; did you mean \"\(nearest)\"? (docs/settings.md lists all)"
            )
        case .unknownVariable(let name, let nearest):
            LocalizedText(
                zh: "环境变量 \(name) 不对应任何设置，是否想用 \(nearest)？（xinglin settings 列出全部）",
                en: "the environment variable \(name) is no setting; did you mean \(nearest)? "
                    + "(xinglin settings lists all)")
        case .badValue(let key, let source, let expected):
            LocalizedText(
                zh: "\(source.zh)：\(key) 应为 \(expected.zh)", en: "\(source.en): \(key) must be \(expected.en)")
        case .unreadable(let file, let reason):
            LocalizedText(zh: "\(file)：\(reason.zh)", en: "\(file): \(reason.en)")
        case .contradiction(let text):
            text
        }
    }

    var description: String { self.text.here }
}
