internal import Glibc
internal import XinglinKit

/// Where the command line writes to and what the terminal is like. Nothing is buffered, so a line is out when it is
/// written.
enum Console {
    /// Where a terminal is not there (a pipe, a file), output is for programs: plain and one line.
    static let outputIsTerminal = isatty(1) == 1
    static let errorIsTerminal = isatty(2) == 1

    /// How wide the terminal is; 80 where there is none.
    static var columns: Int {
        var size = winsize()
        guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 20 else { return 80 }
        return Int(size.ws_col)
    }

    static func output(_ line: String) throws {
        try self.output(Array(line.utf8))
    }

    static func output(_ line: [UInt8]) throws {
        try Files.writeAll(line + [0x0A], to: 1, name: "stdout")
    }

    static func error(_ line: String) {
        self.error(Array(line.utf8))
    }

    /// - Parameter isWhole: whether the line is at its end.
    static func error(_ line: [UInt8], isWhole: Bool = true) {
        // When stderr is gone there is nobody left to tell.
        _ = try? Files.writeAll(line + (isWhole ? [0x0A] : []), to: 2, name: "stderr")
    }

    /// The language of the terminal: Chinese where LC_ALL, LC_MESSAGES or LANG says so, else English.
    static func locale(_ environment: [String: String]) -> Locale {
        let name = ["LC_ALL", "LC_MESSAGES", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        return name?.lowercased().hasPrefix("zh") == true ? .zh : .en
    }
}

/// Colours of a terminal.
enum Colour: String {
    case red = "31"
    case green = "32"
    case yellow = "33"
    case blue = "34"
    case grey = "90"
    case bold = "1"

    func callAsFunction(_ text: String, _ isOn: Bool) -> String {
        isOn ? "\u{1B}[\(self.rawValue)m\(text)\u{1B}[0m" : text
    }
}
