internal import Glibc

/// Asks for a password at the terminal without showing it.
enum PasswordPrompt {
    /// The line that was typed, or nil where there is no terminal.
    static func ask(_ prompt: String) throws -> String? {
        // The terminal itself, because stdin may carry the parameters.
        let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC)
        guard terminal >= 0 else { return nil }
        defer { close(terminal) }
        var original = termios()
        guard tcgetattr(terminal, &original) == 0 else { throw FileFailure("/dev/tty") }
        var silent = original
        // Without line mode and signals, Ctrl-C comes as a byte and cannot leave the terminal without echo.
        silent.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG)
        try Files.writeAll(Array(prompt.utf8), to: terminal, name: "/dev/tty")
        guard tcsetattr(terminal, TCSAFLUSH, &silent) == 0 else { throw FileFailure("/dev/tty") }
        defer { tcsetattr(terminal, TCSAFLUSH, &original) }
        let line = try self.readLine(terminal)
        try Files.writeAll([0x0A], to: terminal, name: "/dev/tty")
        return line
    }

    private static func readLine(_ terminal: Int32) throws -> String {
        var line = ""
        var pending: [UInt8] = []
        var byte: UInt8 = 0
        while true {
            let count = read(terminal, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileFailure("/dev/tty") }
            switch byte {
            case _ where count == 0, 0x0A, 0x0D: return line
            case 0x03, 0x04:
                throw Failure(
                    words(zh: "已放弃输入密码", en: "given up at the password"), exitCode: ExitStatus.usage)
            case 0x08, 0x7F: _ = line.popLast()
            default:
                // A Chinese character comes in several bytes.
                pending.append(byte)
                guard let text = String(validating: pending, as: UTF8.self) else { continue }
                line += text
                pending = []
            }
        }
    }
}
