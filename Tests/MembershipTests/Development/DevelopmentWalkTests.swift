import Testing
import XinglinKit
import XinglinTesting

@testable import Membership

struct DevelopmentWalkTests {
    @Test(
        "random steps on random days, many at the edges of periods: the judge and an independent reckoning agree on every one"
    )
    func walk() throws {
        let judge = try ProcessOnPaper.shippedJudge()
        let base = UInt64.random(in: 0..<1_000_000)
        var (allowed, refused, furthest) = (0, 0, 0)
        for seed in base..<(base + 300) {
            var random = SeededGenerator(seed: seed)
            var process = try ProcessOnPaper(judge: judge)
            var oracle = DevelopmentOracle()
            var today = LocalDate(daysSince1970: Int.random(in: 18_000...21_000, using: &random))
            for _ in 0..<140 {
                if Int.random(in: 0..<12, using: &random) == 0 {
                    let months = Int.random(in: 4...14, using: &random)
                    let findings = ProbationIsExtendedOnce.findings(on: today, months: months, process.progress, judge)
                    guard findings.isEmpty == oracle.allowsExtension(months, on: today) else {
                        Issue.record("seed \(seed): extension by \(months) on \(today): \(findings)")
                        return
                    }
                    if findings.isEmpty {
                        process.add(
                            .extended, on: today, status: "probation_extended",
                            facts: StepFacts(["months": .integer(Int64(months))]))
                        oracle.extend(months)
                    }
                }
                let step = Self.step(after: process.progress, &random)
                let on = Self.day(near: today, step, process.progress, judge, &random)
                let against = process.against(step, on: on)
                guard against.isEmpty == oracle.allows(step, on: on) else {
                    Issue.record("seed \(seed): step \(step) on \(on): \(against), \(oracle.days)")
                    return
                }
                if against.isEmpty,
                    let earliest = StepOrder.earliest(
                        step, process.progress.asOf(on, judge.values, judge.table), judge.values),
                    process.progress.taken[step] == nil
                {
                    #expect(earliest <= on, "seed \(seed): step \(step) was allowed before its earliest day")
                    #expect(
                        !oracle.allows(step, on: earliest.adding(days: -1)),
                        "seed \(seed): step \(step) could come earlier")
                }
                guard against.isEmpty else {
                    refused += 1
                    if Int.random(in: 0..<4, using: &random) == 0 {
                        today = today.adding(days: Int.random(in: 1...60, using: &random))
                    }
                    continue
                }
                process.take(step, on: on)
                oracle.take(step, on: on)
                allowed += 1
                furthest = max(furthest, step)
                today = max(today, on)
            }
        }
        // The walk is worth something only where it comes far and is often refused.
        #expect(
            allowed > 2000 && refused > 2000 && furthest >= 24,
            "seeds from \(base): \(allowed), \(refused), \(furthest)")
    }

    /// Mostly the next step, sometimes any.
    private static func step(after progress: Progress, _ random: inout SeededGenerator) -> Int {
        let open = (1...25).filter {
            progress.taken[$0] == nil && StepOrder.before($0).allSatisfy { progress.taken[$0] != nil }
        }
        guard Int.random(in: 0..<4, using: &random) > 0, let step = open.randomElement(using: &random) else {
            return Int.random(in: 1...25, using: &random)
        }
        return step
    }

    /// Mostly the earliest day, the one before, or the day on which a period ends; sometimes any.
    private static func day(
        near today: LocalDate, _ step: Int, _ progress: Progress, _ judge: StepJudge, _ random: inout SeededGenerator
    ) -> LocalDate {
        var edges = [today]
        if let earliest = StepOrder.earliest(step, progress, judge.values) { edges.append(earliest) }
        let periods = [2: (1, 1), 12: (10, 12), 15: (15, 6), 17: (15, 3), 24: (23, 3)]
        if let (from, months) = periods[step], let start = progress.day(of: from) {
            edges.append(start.adding(months: months))
        }
        let edge = edges.randomElement(using: &random) ?? today
        return edge.adding(days: [-1, 0, 0, 0, 1, 3].randomElement(using: &random) ?? 0)
    }
}
