internal import XinglinKit

/// What becomes of the times of a job's schedule up to now. Pure.
struct JobPlan: Equatable {
    /// The times for which there is a run, the oldest first.
    var runs: [Timestamp] = []
    /// The last of the times that are passed over.
    var passedOver: Timestamp?
    /// How many those are; counted up to a bound.
    var passedOverCount = 0
    /// Up to when it is decided now.
    var decidedUntil: Timestamp

    /// A time that is less long ago than this was not missed: hosts restart, clocks differ.
    static let grace: Int64 = 300
    /// A note of a decision that lies further ahead than this was made by a clock that was wrong.
    private static let clocksDiffer: Int64 = 3600
    private static let countedAtMost = 10_000

    /// - Parameters:
    ///   - decided: up to which time it is decided already.
    /// - Returns: nil where there is nothing to decide.
    static func make(
        _ schedule: CronSchedule, _ missed: MissedRuns, decidedUntil decided: Timestamp, now: Timestamp
    ) -> JobPlan? {
        if decided > now.adding(seconds: Self.clocksDiffer) { return JobPlan(decidedUntil: now) }
        guard let latest = schedule.last(atOrBefore: now), latest > decided else { return nil }
        var plan = JobPlan(decidedUntil: latest)
        let most =
            switch missed {
            case .skip: latest >= now.adding(seconds: -Self.grace) ? 1 : 0
            case .catchUp(let most): most
            }
        var time: Timestamp? = latest
        while let due = time, due > decided {
            if plan.runs.count < most {
                plan.runs.insert(due, at: 0)
            } else {
                plan.passedOver = plan.passedOver ?? due
                plan.passedOverCount += 1
                if plan.passedOverCount == Self.countedAtMost { break }
            }
            time = schedule.last(atOrBefore: due.adding(seconds: -1))
        }
        return plan
    }
}
