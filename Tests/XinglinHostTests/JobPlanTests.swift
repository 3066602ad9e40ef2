import Testing
import XinglinKit
import XinglinTesting

@testable import XinglinHost

struct JobPlanTests {
    /// 2026-11-22T14:30:00+08:00.
    private static let now = Timestamp(microseconds: 1_795_329_000_000_000)

    private static func plan(
        _ schedule: String, _ missed: MissedRuns, hoursSince: Int64, now: Timestamp = Self.now
    ) throws -> JobPlan? {
        JobPlan.make(
            try CronSchedule(schedule), missed, decidedUntil: now.adding(seconds: -hoursSince * 3600), now: now)
    }

    @Test("nothing is due before the time has come, and nothing twice")
    func nothingDue() throws {
        #expect(try Self.plan("0 15 * * *", .skip, hoursSince: 10) == nil)
        let schedule = try CronSchedule("30 14 * * *")
        let plan = try #require(
            JobPlan.make(schedule, .skip, decidedUntil: Self.now.adding(seconds: -60), now: Self.now))
        #expect(plan == JobPlan(runs: [Self.now], decidedUntil: Self.now))
        #expect(
            JobPlan.make(schedule, .skip, decidedUntil: plan.decidedUntil, now: Self.now.adding(seconds: 59)) == nil)
    }

    @Test("missed times are passed over, but for the one of just now")
    func skip() throws {
        let late = try #require(try Self.plan("0 * * * *", .skip, hoursSince: 72))
        #expect(late.runs == [] && late.passedOverCount == 72)
        #expect(late.passedOver == Self.now.adding(seconds: -1800) && late.decidedUntil == late.passedOver)
        let soon = try #require(try Self.plan("26 14 * * *", .skip, hoursSince: 72))
        #expect(soon.runs == [Self.now.adding(seconds: -240)] && soon.passedOverCount == 2)
    }

    @Test(
        "so many missed times as declared are made up for: the last ones, the oldest first", arguments: [1, 3, 72, 500])
    func catchUp(most: Int) throws {
        let plan = try #require(try Self.plan("0 * * * *", .catchUp(atMost: most), hoursSince: 72))
        #expect(plan.runs.count == min(most, 72) && plan.runs == plan.runs.sorted())
        #expect(plan.runs.last == Self.now.adding(seconds: -1800))
        #expect(plan.passedOverCount == max(0, 72 - most))
    }

    @Test("a job of every minute that was not run for years is decided at once")
    func long() throws {
        let plan = try #require(try Self.plan("* * * * *", .catchUp(atMost: 2), hoursSince: 40_000))
        #expect(plan.runs.count == 2 && plan.passedOverCount == 10_000 && plan.decidedUntil == Self.now)
    }

    @Test("a decision that a wrong clock made for years to come is taken back")
    func clockWasAhead() throws {
        let plan = try #require(try Self.plan("0 * * * *", .skip, hoursSince: -24_000))
        #expect(plan == JobPlan(decidedUntil: Self.now))
        // Clocks of hosts differ a little; that is nothing to mend.
        #expect(
            JobPlan.make(
                try CronSchedule("* * * * *"), .skip, decidedUntil: Self.now.adding(seconds: 30), now: Self.now) == nil)
    }

    @Test("whenever hosts look, every time of the schedule is decided once: run, or passed over")
    func everyTimeOnce() throws {
        var random = SeededGenerator.printed("plans")
        for _ in 0..<200 {
            let schedule = try CronSchedule(
                ["*/7 * * * *", "0 */2 * * *", "15 3 * * *"].randomElement(using: &random) ?? "")
            let missed = [MissedRuns.skip, .catchUp(atMost: 1), .catchUp(atMost: 100_000)].randomElement(using: &random)
            var (now, decided) = (Self.now, Self.now)
            var runs: [Timestamp] = []
            var passedOver = 0
            for _ in 0..<30 {
                now = now.adding(
                    seconds: Int64.random(in: 0...(Bool.random(using: &random) ? 60 : 90_000), using: &random))
                guard let plan = JobPlan.make(schedule, try #require(missed), decidedUntil: decided, now: now) else {
                    continue
                }
                #expect(plan.decidedUntil > decided && plan.decidedUntil <= now)
                decided = plan.decidedUntil
                runs += plan.runs
                passedOver += plan.passedOverCount
            }
            var times: [Timestamp] = []
            var time = schedule.next(after: Self.now)
            while let next = time, next <= now {
                times.append(next)
                time = schedule.next(after: next)
            }
            #expect(runs.count + passedOver == times.count)
            #expect(runs == runs.sorted() && Set(runs).count == runs.count && Set(runs).isSubset(of: times))
            if missed == .catchUp(atMost: 100_000) { #expect(runs == times) }
        }
    }
}
