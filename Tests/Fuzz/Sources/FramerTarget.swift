@testable import XinglinRPC

/// However a stream is cut into pieces and whenever its lines are asked for, the same lines come out: those of a plain reading
/// of the whole. The first byte gives the limit of a line, the next eight the cuts.
struct FramerTarget: FuzzTarget {
    func check(_ bytes: [UInt8]) {
        guard bytes.count > 9 else { return }
        let limit = Int(bytes[0] % 64)
        let seed = bytes[1..<9].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let stream = bytes[9...]
        let expected = Self.lines(of: stream, limit: limit)
        expect(Self.events(stream, limit, [stream.count], 1) == expected, "the whole at once")
        expect(Self.events(stream, limit, [1], 1) == expected, "byte by byte")
        var state = seed
        let cuts = (0..<16).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % 23 + 1
        }
        for asked in [1, 2, 3] { expect(Self.events(stream, limit, cuts, asked) == expected, "in pieces \(cuts)") }
    }

    /// Gives the stream to a framer in pieces of those sizes, in turn, and takes its lines after every so many pieces.
    private static func events(
        _ stream: ArraySlice<UInt8>, _ limit: Int, _ cuts: [Int], _ asked: Int
    ) -> [LineFramer.Event] {
        var framer = LineFramer(limit: limit)
        var events: [LineFramer.Event] = []
        var rest = stream
        var piece = 0
        while !rest.isEmpty {
            let part = rest.prefix(max(1, cuts[piece % cuts.count]))
            rest = rest.dropFirst(part.count)
            part.withUnsafeBytes { framer.append($0) }
            piece += 1
            guard piece % asked == 0 || rest.isEmpty else { continue }
            while let event = framer.next() {
                events.append(event)
                if event == .oversize { return events }
            }
            expect(framer.isExhausted, "a framer that has no more to give says so")
        }
        let tail = stream.reversed().prefix { $0 != 0x0A }
        expect((framer.partialLine != nil) == !tail.isEmpty, "a partial line is one that has begun")
        return events
    }

    /// The lines as one reads them off the whole stream.
    private static func lines(of stream: ArraySlice<UInt8>, limit: Int) -> [LineFramer.Event] {
        var events: [LineFramer.Event] = []
        var line: [UInt8] = []
        for byte in stream {
            guard byte == 0x0A else {
                line.append(byte)
                continue
            }
            if line.count > limit { return events + [.oversize] }
            if line.contains(where: { ![0x20, 0x09, 0x0D].contains($0) }) { events.append(.line(line)) }
            line = []
        }
        return line.count > limit ? events + [.oversize] : events
    }
}
