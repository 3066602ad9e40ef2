import Testing
import XinglinKit

@testable import XinglinHost

struct JobSettingsTests {
    private static func registry(_ change: (inout HostSettings) -> Void) throws -> Registry {
        var settings = HostSettings(dataDirectory: "data")
        change(&settings)
        return try RegistryBuilder.make([.found(ClockworkModule.self)], settings)
    }

    @Test("an operator's schedule takes the place of the job's own")
    func override() throws {
        let registry = try Self.registry {
            $0.jobs.schedules = ["clockwork.tickWrite=*/5 8-18 * * mon-fri", "host.runsPurge=0 4 * * *"]
        }
        #expect(registry.jobs["clockwork.tickWrite"]?.schedule.description == "*/5 8-18 * * mon-fri")
        #expect(registry.jobs["host.runsPurge"]?.schedule.description == "0 4 * * *")
        #expect(registry.jobs["clockwork.tickSkip"]?.schedule.description == TickSkip.schedule)
    }

    @Test("a schedule that never comes quarantines its module, with the reason")
    func neverComes() throws {
        let registry = try Self.registry { $0.jobs.schedules = ["clockwork.tickWrite=0 0 30 2 *"] }
        let reason = try #require(registry.modules["clockwork"]?.quarantine)
        #expect(reason.contains("clockwork.tickWrite") && reason.contains("never come"))
        #expect(registry.jobs["clockwork.tickSkip"] == nil && registry.jobs["host.runsPurge"] != nil)
    }

    @Test(
        "settings that name no job are refused with the nearest one",
        arguments: [
            (["clockwork.tickWrit=0 4 * * *"], [], "clockwork.tickWrite"), ([], ["host.runPurge"], "host.runsPurge"),
            (["0 4 * * *"], [], "JOB=SCHEDULE"), (["host.runsPurge=60 * * * *"], [], "minute"),
        ])
    func unknown(schedules: [String], disabled: [String], nearest: String) throws {
        let error = #expect(throws: (any Error).self) {
            try Self.registry {
                $0.jobs.schedules = schedules
                $0.jobs.disabled = disabled
            }
        }
        #expect("\(try #require(error))".contains(nearest))
    }

    @Test("nothing is said of jobs of a module that this host does not load")
    func otherHosts() throws {
        _ = try Self.registry { $0.jobs.disabled = ["decoction.expiryWatch"] }
    }

    @Test("what a job declares is judged at the start")
    func declarations() throws {
        func refusal<Job: ScheduledJob>(_ job: Job) -> String {
            do {
                _ = try JobEntry(job, module: "clockwork", schedule: nil)
                return ""
            } catch {
                return error.description
            }
        }
        #expect(refusal(TickWrite()) == "")
        #expect(refusal(Misnamed()).contains("not named"))
        #expect(refusal(Endless()).contains("time limit"))
        #expect(refusal(Stubborn()).contains("tried again 11 times"))
        #expect(refusal(Impossible()).contains("never come"))
        #expect(refusal(Idle()).contains("catches up with 0"))
    }
}

private protocol Useless: ScheduledJob {}
extension Useless {
    static var summary: LocalizedText { .init(zh: "无", en: "None") }
    static var schedule: String { "0 0 * * *" }
    func run(_ call: Call, scheduledFor: Timestamp) throws -> JobResult { .done() }
}
private struct Misnamed: Useless { static let name = "other.tick" }
private struct Endless: Useless {
    static let name = "clockwork.endless"
    static let timeLimit = 601
}
private struct Stubborn: Useless {
    static let name = "clockwork.stubborn"
    static let retries = 11
}
private struct Impossible: Useless {
    static let name = "clockwork.impossible"
    static let schedule = "0 0 31 4 *"
}
private struct Idle: Useless {
    static let name = "clockwork.idle"
    static let missed = MissedRuns.catchUp(atMost: 0)
}
