import Testing
import XinglinKit

@testable import XinglinCommand

@Suite struct ProgressBarTests {
    @Test("a line has label, bar, share, counts, rate and the time that is left")
    func line() {
        let half = ProgressBar.line(
            "importing", 50_000, of: 100_000, done: 50_000, in: .seconds(25), .en, withBar: true)
        #expect(half == "importing [############------------] 50% 50,000/100,000 2,000/s 00:25 left")
        let plain = ProgressBar.line("导入", 1, of: 3, done: 1, in: .seconds(2), .zh, withBar: false)
        #expect(plain == "导入 33% 1/3 0/秒 剩余 00:04")
        #expect(ProgressBar.line("x", 0, of: 0, done: 0, in: .zero, .en, withBar: false) == "x 100% 0/0")
        let long = ProgressBar.line("x", 1, of: 10_000, done: 1, in: .seconds(1), .en, withBar: false)
        #expect(long.hasSuffix("2:46:39 left"))
    }

    @Test("what was done before this run does not count for the rate")
    func resumed() {
        let line = ProgressBar.line("x", 1_500, of: 2_000, done: 500, in: .seconds(5), .en, withBar: false)
        #expect(line == "x 75% 1,500/2,000 100/s 00:05 left")
    }

    @Test(
        "a terminal's line is drawn over, cut to its width, and left at the end; a file gets plain lines now and then")
    func drawing() {
        let start = ContinuousClock.now
        final class Written { var text = "" }
        for isTerminal in [true, false] {
            let written = Written()
            var bar = ProgressBar(
                "label", total: 10, from: 0, locale: .en, isTerminal: isTerminal, width: 20, now: start
            ) { written.text += $0 }
            bar.update(1, now: start)
            bar.update(2, now: start + .milliseconds(10))
            bar.update(3, now: start + .seconds(11))
            bar.finish(10, now: start + .seconds(12))
            if isTerminal {
                #expect(written.text.split(separator: "\r").count == 3 && written.text.hasSuffix("\n"))
                #expect(written.text.split(separator: "\r").allSatisfy { $0.trimmingPrefix("\u{1B}[K").count <= 20 })
            } else {
                #expect(written.text == "label 10% 1/10\nlabel 30% 3/10 0/s 00:26 left\nlabel 100% 10/10 0/s\n")
            }
        }
    }
}
