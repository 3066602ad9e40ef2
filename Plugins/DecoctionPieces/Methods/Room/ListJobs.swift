internal import XinglinKit

/// `decoction.job.list`
struct ListJobs: RPCMethod {
    struct Params: Codable, Sendable {
        var prescriptionId: RecordID?
        var machineId: RecordID?
        var state: JobState?
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let jobs: RowList<Entry>
        var next: String?
    }

    struct Entry: Codable, Sendable {
        let jobId: RecordID
        let prescriptionId: RecordID
        let machineId: RecordID
        let kind: BoilingKind
        let use: MachineUse
        let state: JobState
        let stateZh: String
        let urgent: Bool
        let since: Timestamp
        let earliestAt: Timestamp
        var latestAt: Timestamp?
        var dueAt: Timestamp?
        let receivedAt: Timestamp
        var packedAt: Timestamp?
        var endedAt: Timestamp?
        let dispenseAnew: Bool
    }

    static let name = "decoction.job.list"
    static let summary = "Lists the jobs of the decoction room, the newest first, by prescription, machine and state."
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .siteAdmin, .doctor, .nurse])
    static let params = Schema.object(
        [
            .optional("prescriptionId", .id, "Only those of this prescription."),
            .optional("machineId", .id, "Only those in this machine."),
            .optional("state", .enumeration(JobState.codes), "Only those in this state."),
        ] + Schema.pageParams)
    static let reply = Schema.object(
        .required("jobs", .array(Self.entry, 0...500), "The jobs of this page."), Schema.pageReply)

    private static let entry = Schema.object([
        .required("jobId", .id, "The job."),
        .required("prescriptionId", .id, "Its prescription."),
        .required("machineId", .id, "What it is boiled in."),
        .required("kind", .enumeration(BoilingKind.codes), "How it is boiled."),
        .required("use", .enumeration(MachineUse.codes), "What its machine is kept for."),
        .required("state", .enumeration(JobState.codes), "Where it stands."),
        .required("stateZh", .text(1...20), "The same in Chinese."),
        .required("urgent", .boolean, "Whether it is urgent."),
        .required("since", .timestamp, "Since when it is in this state."),
        .required("earliestAt", .timestamp, "When the next step may be taken at the earliest."),
        .optional("latestAt", .timestamp, "When it should have been taken at the latest."),
        .optional("dueAt", .timestamp, "By when an urgent one is to be ready."),
        .required("receivedAt", .timestamp, "When it began."),
        .optional("packedAt", .timestamp, "When it was packed."),
        .optional("endedAt", .timestamp, "When it ended."),
        .required("dispenseAnew", .boolean, "Whether it was broken off with wet pieces."),
    ])

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let last = try page.after(0) ?? RecordID(high: .max, low: .max)
        let filter = JobStore.Filter(
            prescription: params.prescriptionId, machine: params.machineId, state: params.state)
        let (rows, hasMore) = try call.db.rows(
            JobStore.list(filter, site: call.site.id, before: last, limit: page.limit + 1)
        ).page(limit: page.limit)
        let next = hasMore ? try rows.last.first(as: RecordID.self) : nil
        return Reply(
            jobs: .json(rows.json(JobStore.columns)), next: next.map { Page.cursor($0.description) })
    }

    static var examples: Examples<Params, Reply> {
        let entry = Entry(
            jobId: Sample.job, prescriptionId: Sample.prescription, machineId: Sample.machine, kind: .ordinary,
            use: .internal, state: .soaking, stateZh: JobState.soaking.labelZh, urgent: true, since: Sample.instant,
            earliestAt: Sample.instant.adding(seconds: 1800), latestAt: Sample.instant, dueAt: Sample.instant,
            receivedAt: Sample.instant, packedAt: Sample.instant, endedAt: Sample.instant, dispenseAnew: false)
        let cursor = Page.cursor(Sample.job.description)
        return Examples(
            full: (
                Params(
                    prescriptionId: Sample.prescription, machineId: Sample.machine, state: .soaking, limit: 1,
                    after: cursor),
                Reply(jobs: .elements([entry]), next: cursor)
            ), minimal: (Params(), Reply(jobs: .elements([]))))
    }
}
