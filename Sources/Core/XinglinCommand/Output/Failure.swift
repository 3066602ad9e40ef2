internal import ArgumentParser
internal import XinglinCrypto
internal import XinglinHost
internal import XinglinKit
internal import XinglinPostgres

/// Why a command failed: one line, with what to do.
struct Failure: Error {
    let line: String
    var exitCode = ExitStatus.refused

    init(_ line: String, exitCode: Int32 = ExitStatus.refused) {
        self.line = Self.oneLine(line)
        self.exitCode = exitCode
    }

    /// nil for what the argument parser itself throws (help, usage): it has its own texts.
    init?(_ error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let failure as StartFailure: self.init("\(failure.reason.here) — \(failure.remedy.here)")
        case let failure as SettingsError: self.init(failure.description)
        case let failure as CryptoError: self.init(failure.text.here)
        case let failure as ClusterError: self.init(failure.text.here)
        case let failure as FileFailure: self.init(failure.description)
        case let failure as FileError: self.init(failure.description)
        case let fault as Fault:
            self.init("\(fault.kind.message.here) — \(fault.kind.hint.here) (\(fault.kind.reason))")
        case let failure as DatabaseError:
            let said = "\(failure.description): \(failure.message)"
            self.init(
                words(
                    zh: "数据库拒绝：\(said) — 请运行 xinglin doctor", en: "the database refused: \(said) — see xinglin doctor"))
        case is ValidationError, is CleanExit: return nil
        default:
            guard !Self.isParserError(error) else { return nil }
            self.init(words(zh: "\(error) — 请运行 xinglin doctor", en: "\(error) — see xinglin doctor"))
        }
    }

    /// The parser's own errors are of a type that it keeps to itself.
    private static func isParserError(_ error: any Error) -> Bool {
        String(reflecting: type(of: error)).hasPrefix("ArgumentParser.")
    }

    private static func oneLine(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
