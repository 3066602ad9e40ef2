/// Work that a module does by itself at the times of its schedule. One host of several does each run.
///
/// A run is a transaction under the module's role, and its end is recorded with the same COMMIT: a host that dies in it has
/// done nothing, and another one does the run. `docs/jobs.md` says more.
public protocol ScheduledJob: Sendable {
    /// `module.nounVerb`, such as `decoction.expiryWatch`. The first segment is the module's code.
    static var name: String { get }
    /// What it does, for administrators.
    static var summary: LocalizedText { get }
    /// A cron expression of five fields, in Asia/Shanghai (`CronSchedule`). An operator may set another one.
    static var schedule: String { get }
    /// `.site`: a run for each site at which the module is enabled, at that site. `.host`: one run for all; it has no acting
    /// site, reads rows of every site at which the module is enabled, and writes only tables without a site.
    static var scope: Scope { get }
    /// What becomes of times at which no host ran.
    static var missed: MissedRuns { get }
    /// The seconds that one transaction of a run may take, at most 600. Events and audit rows of the whole host wait for
    /// the oldest write transaction, so work that takes long is done in portions (`JobResult.unfinished`).
    static var timeLimit: Int { get }
    /// How often a run that failed is tried again, at most 10: after one minute, two, four and so on.
    static var retries: Int { get }

    /// Does one run, or a portion of it. There is no caller: `call.caller` throws.
    /// - Parameter scheduledFor: the time of the schedule; where an administrator asked for the run, when that was.
    func run(_ call: Call, scheduledFor: Timestamp) throws -> JobResult
}

extension ScheduledJob {
    public static var scope: Scope { .site }
    public static var missed: MissedRuns { .catchUp(atMost: 1) }
    public static var timeLimit: Int { 30 }
    public static var retries: Int { 3 }
}

/// What becomes of the times of a schedule at which no host ran.
public enum MissedRuns: Sendable, Hashable {
    /// They are passed over. A time that is less than five minutes ago is not missed yet.
    case skip
    /// The last of them are made up for, the oldest first; the others are passed over.
    case catchUp(atMost: Int)
}

/// What a run came to.
public struct JobResult: Sendable, Hashable {
    /// How many of what: small numbers for the history. The counts of portions are added up.
    public let counts: [String: Int]
    /// Whether there is more to do: what was done is committed, and `run` is called again.
    public let isUnfinished: Bool

    /// All is done.
    public static func done(_ counts: [String: Int] = [:]) -> JobResult {
        JobResult(counts: counts, isUnfinished: false)
    }

    /// A portion is done.
    public static func unfinished(_ counts: [String: Int]) -> JobResult {
        JobResult(counts: counts, isUnfinished: true)
    }
}
