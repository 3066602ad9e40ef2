internal import ArgumentParser
internal import Foundation
internal import XinglinKit

/// The language in which the command line speaks to the person at the terminal.
enum Language {
    /// Chosen once from LC_ALL, LC_MESSAGES and LANG; `--locale` and the tests put another in its place.
    @TaskLocal static var current = Console.locale(ProcessInfo.processInfo.environment)
}

extension LocalizedText {
    /// The text in the terminal's language.
    var here: String { self[Language.current] }
}

/// The text in the terminal's language.
func words(zh: String, en: String) -> String {
    LocalizedText(zh: zh, en: en).here
}

extension ArgumentHelp {
    /// Help in both languages.
    static func both(zh: String, en: String, value: String? = nil) -> ArgumentHelp {
        ArgumentHelp(stringLiteral: words(zh: zh, en: en)).naming(value)
    }

    private func naming(_ value: String?) -> ArgumentHelp {
        var help = self
        help.valueName = value
        return help
    }
}
