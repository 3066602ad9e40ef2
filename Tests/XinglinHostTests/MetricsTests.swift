import Foundation
import Testing
import XinglinKit
import XinglinRPC
import XinglinTesting

@testable import XinglinHost

@Suite("Metrics") struct MetricsTests {
    @Test("docs/operations.md has exactly one row per metric, as the program has it")
    func documentation() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try String(contentsOf: root.appendingPathComponent("docs/operations.md"), encoding: .utf8)
        let rows = page.split(separator: "\n").filter { $0.hasPrefix("| `xinglin_") }.map(String.init)
        let expected = MetricFamily.all.map { family in
            let labels = family.labels.map { "`\($0)`" }.joined(separator: ", ")
            return "| `\(family.name)` | \(family.kind.rawValue) | \(labels.isEmpty ? "—" : labels) | \(family.help) |"
        }
        #expect(rows == expected)
        #expect(Set(MetricFamily.all.map(\.name)).count == expected.count)
    }

    @Test("names are as Prometheus wants them: counters end in _total, and nothing else does")
    func names() {
        for family in MetricFamily.all {
            #expect(family.name.wholeMatch(of: /xinglin_[a-z_]+/) != nil, "\(family.name)")
            #expect(family.name.hasSuffix("_total") == (family.kind == .counter), "\(family.name)")
            #expect(family.labels.allSatisfy { $0.wholeMatch(of: /[a-z]+/) != nil && $0 != "job" && $0 != "instance" })
            #expect(!family.help.isEmpty && family.help.hasSuffix("."))
        }
    }

    @Test("a label's value and a help text cannot break out of their line")
    func escaping() {
        let family = MetricFamily("xinglin_test", .gauge, ["a", "b"], "one\\two\nthree \"four\"")
        var text = MetricsText()
        text.begin(family)
        text.sample(family, ["x\\y\n\"z\"", ""], 0.5)
        text.sample(family, ["药", "w"], 3.0)
        #expect(
            String(decoding: text.bytes, as: UTF8.self) == """
                # HELP xinglin_test one\\\\two\\nthree "four"
                # TYPE xinglin_test gauge
                xinglin_test{a="x\\\\y\\n\\"z\\""} 0.5
                xinglin_test{a="药",b="w"} 3

                """)
    }

    @Test(
        "numbers are written as Prometheus reads them",
        arguments: [
            (0.0, "0"), (-1.5, "-1.5"), (1e15, "1000000000000000"), (1e300, "1e+300"), (.infinity, "+Inf"),
            (-.infinity, "-Inf"), (.nan, "NaN"), (0.0005, "0.0005"), (2.5e-7, "2.5e-07"),
        ])
    func numbers(value: Double, text: String) {
        #expect(MetricsText.number(value) == text)
        if value.isFinite { #expect(Double(MetricsText.number(value)) == value) }
    }

    @Test("a time falls into the first bucket that holds it; buckets add up to the count, and the sum is exact")
    func histogram() {
        var random = SeededGenerator(seed: UInt64.random(in: 0...UInt64.max))
        let histogram = TimeHistogram()
        var times: [UInt64] = TimeHistogram.bounds + TimeHistogram.bounds.map { $0 + 1 } + [0, 1, 3_600_000_000]
        times += (0..<500).map { _ in UInt64.random(in: 0...40_000_000, using: &random) }
        for time in times { histogram.record(.microseconds(Int64(time))) }
        let (buckets, sum) = histogram.contents
        #expect(sum == times.reduce(0, +), "seed \(random.seed)")
        for (place, bound) in TimeHistogram.bounds.enumerated() {
            let below = place == 0 ? nil : TimeHistogram.bounds[place - 1]
            let expected = times.count { time in time <= bound && (below.map { time > $0 } ?? true) }
            #expect(buckets[place] == UInt64(expected), "seed \(random.seed)")
        }
        #expect(buckets.reduce(0, +) == UInt64(times.count))
        histogram.record(.microseconds(-5))
        #expect(histogram.contents.sum == sum, "a clock that went back counts as no time")
    }

    @Test("counting from several threads loses nothing")
    func races() async {
        let meter = MethodMeter()
        await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
            let left = DispatchGroup()
            for _ in 0..<4 {
                Thread.detachNewThread(group: left) {
                    for turn in 0..<20_000 {
                        meter.record(CallOutcome.allCases[turn % CallOutcome.allCases.count], .microseconds(turn))
                    }
                }
            }
            left.notify(queue: .global()) { done.resume() }
        }
        #expect(CallOutcome.allCases.reduce(0) { $0 + meter.count($1) } == 80_000)
        #expect(meter.times.contents.buckets.reduce(0, +) == 80_000)
    }

    @Test("every reason of the host has its class, and what is not the caller's is failed")
    func outcomes() {
        let classes = Dictionary(grouping: HostFault.all) { CallOutcome($0) }
        #expect(classes[.failed] == [HostFault.internal])
        #expect(classes[.done] == nil && classes[.domain] == nil)
        let expected: [(FaultKind, CallOutcome)] = [
            (.init("x.y", code: 1101, message: .init(zh: "", en: ""), hint: .init(zh: "", en: "")), .domain),
            (HostFault.busy, .busy), (HostFault.rateLimited, .rateLimited), (HostFault.overloaded, .overloaded),
            (HostFault.notFound, .notFound), (HostFault.conflict, .conflict), (HostFault.replyTooLarge, .tooLarge),
            (HostFault.methodNotFound, .unknownMethod), (HostFault.badCredentials, .unauthenticated),
        ]
        for (kind, outcome) in expected { #expect(CallOutcome(kind) == outcome) }
    }

    @Test(
        "only a well-formed traceparent may stand in the log",
        arguments: [
            ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", true),
            ("00-4BF92F3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", false),
            ("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", false),
            ("00-00000000000000000000000000000000-00f067aa0ba902b7-01", false),
            ("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01", false),
            ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0", false), ("张三", false), ("", false),
            ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x", false),
            ("00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01", false),
        ])
    func traceContext(parent: String, isGood: Bool) {
        #expect(PeekedMeta(traceparent: parent).traceContext == (isGood ? parent : nil))
    }
}

extension Thread {
    fileprivate static func detachNewThread(group: DispatchGroup, _ body: @escaping @Sendable () -> Void) {
        group.enter()
        Thread.detachNewThread {
            body()
            group.leave()
        }
    }
}
