internal import XinglinKit

/// A job as the registry keeps it: its declarations and its work.
struct JobEntry: Sendable {
    let name: String
    let module: String
    let summary: LocalizedText
    let schedule: CronSchedule
    let scope: Scope
    let missed: MissedRuns
    let timeLimit: Int
    let retries: Int
    let run: @Sendable (Call, Timestamp) throws -> JobResult

    private static let timeLimits = 1...600
    private static let retryCounts = 0...10
    private static let catchUps = 1...1000

    /// - Parameter schedule: the operator's, in place of the job's own.
    /// - Throws: `BootRefusal` where the declarations cannot be used.
    init<Job: ScheduledJob>(_ job: Job, module: String, schedule: String?) throws(BootRefusal) {
        let name = Job.name
        func refuse(_ reason: String) -> BootRefusal { BootRefusal(description: "job \(name) \(reason)") }
        guard name.hasPrefix("\(module)."), name.split(separator: ".", omittingEmptySubsequences: false).count == 2
        else { throw refuse("is not named \(module).nounVerb") }
        do {
            self.schedule = try CronSchedule(schedule ?? Job.schedule)
        } catch {
            throw refuse("cannot be scheduled: \(error)")
        }
        guard Self.timeLimits.contains(Job.timeLimit) else { throw refuse("has a time limit of \(Job.timeLimit) s") }
        guard Self.retryCounts.contains(Job.retries) else { throw refuse("is tried again \(Job.retries) times") }
        if case .catchUp(let most) = Job.missed, !Self.catchUps.contains(most) {
            throw refuse("catches up with \(most) runs")
        }
        self.name = name
        self.module = module
        self.summary = Job.summary
        self.scope = Job.scope
        self.missed = Job.missed
        self.timeLimit = Job.timeLimit
        self.retries = Job.retries
        self.run = { try job.run($0, scheduledFor: $1) }
    }
}
