import Testing
import XinglinTesting

@testable import XinglinRPC

@Suite("Splitting into lines")
struct LineFramerTests {
    @Test("gives the same lines wherever the bytes are split")
    func everySplit() {
        let bytes = Array("{\"a\":1}\n\n \t\r\n[2]\r\n麻黄\nrest".utf8)
        let expected = ["{\"a\":1}", "[2]\r", "麻黄"].map { LineFramer.Event.line(Array($0.utf8)) }
        for first in bytes.indices {
            for second in first...bytes.count {
                var framer = LineFramer(limit: 100)
                var events: [LineFramer.Event] = []
                for part in [bytes[..<first], bytes[first..<second], bytes[second...]] {
                    events += framer.events(adding: part)
                }
                #expect(events == expected, "split at \(first) and \(second)")
                #expect(framer.partialLine != nil)
            }
        }
    }

    @Test("lines that nobody takes stay until they are taken")
    func surplus() {
        var framer = LineFramer(limit: 100)
        Array("1\n2\n".utf8).withUnsafeBytes { framer.append($0) }
        #expect(framer.next() == .line(Array("1".utf8)))
        #expect(!framer.isExhausted)
        Array("3\n".utf8).withUnsafeBytes { framer.append($0) }
        #expect(framer.next() == .line(Array("2".utf8)))
        #expect(framer.next() == .line(Array("3".utf8)))
        #expect(framer.next() == nil)
        #expect(framer.isExhausted)
        #expect(framer.partialLine == nil)
    }

    @Test("a line may have as many bytes as the limit says, with or without its end in sight")
    func oversize() {
        let fits = [UInt8](repeating: 0x78, count: 10)
        var framer = LineFramer(limit: 10)
        #expect(framer.events(adding: fits[...]) == [])
        #expect(framer.events(adding: [0x0A]) == [.line(fits)])
        #expect(framer.events(adding: (fits + [0x78, 0x0A])[...]) == [.oversize])
        var endless = LineFramer(limit: 10)
        #expect(endless.events(adding: (fits + [0x78])[...]) == [.oversize])
        var behind = LineFramer(limit: 10)
        #expect(behind.events(adding: ([0x31, 0x0A] + fits + [0x78])[...]) == [.line([0x31]), .oversize])
    }

    @Test("the ordinal of a partial line stays while it grows and changes with the next")
    func ordinal() {
        var framer = LineFramer(limit: 100)
        #expect(framer.events(adding: [0x31]) == [])
        let first = framer.partialLine
        #expect(framer.events(adding: [0x32]) == [])
        #expect(framer.partialLine == first)
        #expect(framer.events(adding: [0x0A, 0x33]).count == 1)
        #expect(framer.partialLine != nil)
        #expect(framer.partialLine != first)
    }

    @Test("a long stream of random pieces comes out whole")
    func randomPieces() {
        var random = SeededGenerator(seed: 7)
        let lines = (0..<500).map { "\($0)" + String(repeating: "x", count: Int.random(in: 0...300, using: &random)) }
        let bytes = Array(lines.joined(separator: "\n").utf8) + [0x0A]
        var framer = LineFramer(limit: 1000)
        var events: [LineFramer.Event] = []
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + Int.random(in: 1...900, using: &random))
            events += framer.events(adding: bytes[start..<end])
            start = end
        }
        #expect(events == lines.map { .line(Array($0.utf8)) }, "seed \(random.seed)")
    }
}

extension LineFramer {
    mutating func events(adding bytes: ArraySlice<UInt8>) -> [Event] {
        bytes.withUnsafeBytes { self.append($0) }
        var events: [Event] = []
        while let event = self.next() {
            events.append(event)
            if event == .oversize { break }
        }
        return events
    }
}
