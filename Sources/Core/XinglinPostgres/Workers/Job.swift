public import XinglinKit

/// One call's work. Exactly one of its two closures is called, once.
public struct Job: Sendable {
    let site: RecordID?
    let lane: Lane
    let deadline: Timestamp
    let run: @Sendable (Connection, JobHandle) -> Void
    let refuse: @Sendable (Fault) -> Void

    /// - Parameters:
    ///   - site: the acting site, whose turn it takes; in the credential lane whatever stands for the call's source.
    ///   - deadline: where it passes before a worker is free, the job is refused with `host.deadline`.
    ///   - run: runs on the worker's thread and must leave no transaction open.
    ///   - refuse: runs on any thread, the submitter's included.
    public init(
        site: RecordID?, lane: Lane, deadline: Timestamp, run: @escaping @Sendable (Connection, JobHandle) -> Void,
        refuse: @escaping @Sendable (Fault) -> Void
    ) {
        self.site = site
        self.lane = lane
        self.deadline = deadline
        self.run = run
        self.refuse = refuse
    }
}
