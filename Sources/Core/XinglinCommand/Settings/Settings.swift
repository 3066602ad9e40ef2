internal import Logging
internal import XinglinHost

/// The settings as read, with what only the command line needs.
struct Settings: Sendable {
    var host: HostSettings
    /// nil where nobody set it: `serve` then logs from `info` on, the other commands from `warning` on.
    var logLevel: Logger.Level?

    init(dataDirectory: String) {
        self.host = HostSettings(dataDirectory: dataDirectory)
    }
}

/// A setting that cannot be used. The text never holds a value: it may be a password.
enum SettingsError: Error, Equatable, CustomStringConvertible {
    case unknownKey(String, file: String, nearest: String)
    case badValue(String, source: String, expected: String)
    case unreadable(file: String, reason: String)
    /// Settings that do not go together.
    case contradiction(String)

    var description: String {
        switch self {
        case .unknownKey(let key, let file, let nearest):
            "\(file): there is no setting \"\(key)\"; did you mean \"\(nearest)\"? (docs/settings.md lists all)"
        case .badValue(let key, let source, let expected):
            "\(source): \(key) must be \(expected)"
        case .unreadable(let file, let reason):
            "\(file): \(reason)"
        case .contradiction(let text):
            text
        }
    }
}
