import Foundation
import Testing

@testable import XinglinCommand

@Suite("Writing the log beside the calls") struct LogWriterTests {
    /// Everything that can be read until the pipe's writing end is closed.
    private static func lines(_ descriptor: Int32) throws -> [String] {
        let bytes = try Files.readAll(descriptor, name: "pipe")
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private static func pipe() -> (read: Int32, write: Int32) {
        var ends: [Int32] = [0, 0]
        #expect(Foundation.pipe(&ends) == 0)
        return (ends[0], ends[1])
    }

    @Test("lines come out whole and in their order")
    func order() throws {
        let pipe = Self.pipe()
        let writer = LogWriter(descriptor: pipe.write)
        for number in 0..<1_000 { writer.write(Array("line \(number)".utf8)) }
        #expect(writer.flush(within: .seconds(20)))
        close(pipe.write)
        #expect(try Self.lines(pipe.read) == (0..<1_000).map { "line \($0)" })
        writer.close()
        close(pipe.read)
    }

    @Test("a reader that stands still holds up nobody; what is lost is counted where it is missing")
    func full() throws {
        let pipe = Self.pipe()
        let writer = LogWriter(descriptor: pipe.write, limits: .init(lines: 100, bytes: 1_000_000))
        let line = String(repeating: "x", count: 1_000)
        // Nobody reads: the pipe takes 64 KiB, the queue a hundred lines, and the rest is counted.
        for number in 0..<5_000 { writer.write(Array("\(number) \(line)".utf8)) }
        #expect(!writer.flush(within: .milliseconds(50)))
        let reader = Thread { _ = try? Self.collect(pipe.read) }
        reader.start()
        #expect(writer.flush(within: .seconds(20)))
        writer.write(Array("after".utf8))
        #expect(writer.flush(within: .seconds(20)))
        close(pipe.write)
        let lines = try #require(Self.collected.wait())
        writer.close()
        let numbers = lines.compactMap { Int($0.prefix { $0.isNumber }) }
        #expect(numbers == numbers.sorted())
        #expect(lines.last == "after")
        let dropped = lines.compactMap { line -> Int? in
            guard line.contains("log lines dropped") else { return nil }
            return line.split(separator: "\"count\":").last.flatMap { Int($0.prefix { $0.isNumber }) }
        }
        #expect(!dropped.isEmpty)
        #expect(numbers.count + dropped.reduce(0, +) == 5_000)
    }

    private final class Box: @unchecked Sendable {
        // SAFETY: written once before the signal, read once after it.
        private var lines: [String]?
        private let done = DispatchSemaphore(value: 0)

        func put(_ lines: [String]) {
            self.lines = lines
            self.done.signal()
        }

        func wait() -> [String]? {
            self.done.wait()
            return self.lines
        }
    }

    private static let collected = Box()

    private static func collect(_ descriptor: Int32) throws {
        Self.collected.put(try self.lines(descriptor))
        close(descriptor)
    }
}
