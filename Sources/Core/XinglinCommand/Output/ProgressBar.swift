internal import Glibc
internal import XinglinKit

/// The progress of long work on stderr: a bar that is drawn over and over in a terminal, now and then a plain line where there
/// is none.
struct ProgressBar: ~Copyable {
    private let label: String
    private let total: Int
    private let locale: Locale
    private let isTerminal: Bool
    private let width: Int
    private let start: ContinuousClock.Instant
    private let write: (String) -> Void
    /// What was done before this run: it does not count for the rate.
    private let first: Int
    private var lastDrawn: ContinuousClock.Instant?
    private var lastCount = -1

    private static let terminalInterval = Duration.milliseconds(100)
    private static let plainInterval = Duration.seconds(10)
    private static let barWidth = 24

    /// - Parameters:
    ///   - total: what the count goes up to.
    ///   - first: the count to begin with, where a part was done before.
    init(_ label: String, total: Int, from first: Int = 0, locale: Locale) {
        self.init(
            label, total: total, from: first, locale: locale, isTerminal: Console.errorIsTerminal, width: Self.columns,
            now: .now
        ) { text in
            // When stderr is gone there is nobody left to tell.
            _ = try? Files.writeAll(Array(text.utf8), to: 2, name: "stderr")
        }
    }

    init(
        _ label: String, total: Int, from first: Int = 0, locale: Locale, isTerminal: Bool, width: Int,
        now: ContinuousClock.Instant, write: @escaping (String) -> Void
    ) {
        self.label = label
        self.total = total
        self.locale = locale
        self.isTerminal = isTerminal
        self.width = width
        self.start = now
        self.write = write
        self.first = first
    }

    /// Shows how much is done, unless it was shown a moment ago.
    mutating func update(_ count: Int, now: ContinuousClock.Instant = .now) {
        let interval = self.isTerminal ? Self.terminalInterval : Self.plainInterval
        if let last = self.lastDrawn, now - last < interval { return }
        self.draw(count, now)
    }

    /// Shows the end, and leaves the line.
    mutating func finish(_ count: Int, now: ContinuousClock.Instant = .now) {
        if count != self.lastCount { self.draw(count, now) }
        if self.isTerminal { self.write("\n") }
    }

    private mutating func draw(_ count: Int, _ now: ContinuousClock.Instant) {
        let line = Self.line(
            self.label, count, of: self.total, done: count - self.first, in: now - self.start, self.locale,
            withBar: self.isTerminal)
        self.write(self.isTerminal ? "\r\u{1B}[K" + Self.cut(line, to: self.width) : line + "\n")
        self.lastDrawn = now
        self.lastCount = count
    }

    /// Label, bar, count, rate and the time that is left.
    static func line(
        _ label: String, _ count: Int, of total: Int, done: Int, in time: Duration, _ locale: Locale, withBar: Bool
    ) -> String {
        let share = total > 0 ? min(1, Double(count) / Double(total)) : 1
        let seconds = Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
        var parts = [label]
        if withBar {
            let full = Int(share * Double(Self.barWidth))
            parts.append(
                "[" + String(repeating: "#", count: full) + String(repeating: "-", count: Self.barWidth - full) + "]")
        }
        parts.append("\(Int(share * 100))%")
        parts.append("\(Self.grouped(count))/\(Self.grouped(total))")
        if seconds >= 0.5, done > 0 {
            let rate = Double(done) / seconds
            parts.append(LocalizedText(zh: "\(Self.grouped(Int(rate)))/秒", en: "\(Self.grouped(Int(rate)))/s")[locale])
            if count < total {
                let left = Self.clock(Int((Double(total - count) / rate).rounded(.up)))
                parts.append(LocalizedText(zh: "剩余 \(left)", en: "\(left) left")[locale])
            }
        }
        return parts.joined(separator: " ")
    }

    /// 1234567 as `1,234,567`.
    static func grouped(_ number: Int) -> String {
        var text = ""
        for (index, digit) in String(number).reversed().enumerated() {
            if index > 0, index.isMultiple(of: 3), digit != "-" { text.append(",") }
            text.append(digit)
        }
        return String(text.reversed())
    }

    private static func clock(_ seconds: Int) -> String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let minutes = "\(two(seconds / 60 % 60)):\(two(seconds % 60))"
        return seconds < 3600 ? minutes : "\(seconds / 3600):\(minutes)"
    }

    /// As much of the line as fits, so that the next one covers it.
    private static func cut(_ line: String, to width: Int) -> String {
        var text = line
        while displayWidth(text) >= width, !text.isEmpty { text.removeLast() }
        return text
    }

    private static var columns: Int {
        var size = winsize()
        return ioctl(2, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
    }
}
