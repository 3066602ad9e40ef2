internal import XinglinKit

/// `decoction.board.get`
struct GetBoard: RPCMethod {
    struct Params: Codable, Sendable {
        var day: LocalDate?
    }

    struct Reply: Codable, Sendable {
        let day: LocalDate
        let at: Timestamp
        let jobs: RowList<Job>
        let waiting: RowList<Waiting>
    }

    struct Job: Codable, Sendable {
        let jobId: RecordID
        let prescriptionId: RecordID
        let machineId: RecordID
        let machineCode: String
        let machineNameZh: String
        let kind: BoilingKind
        let use: MachineUse
        let state: JobState
        let stateZh: String
        var next: JobState?
        let urgent: Bool
        let since: Timestamp
        var earliestAt: Timestamp?
        var latestAt: Timestamp?
        var dueAt: Timestamp?
        let receivedAt: Timestamp
        var endedAt: Timestamp?
        let overdue: Bool
    }

    struct Waiting: Codable, Sendable {
        let prescriptionId: RecordID
        let urgent: Bool
        var use: PrescriptionUse?
        let doses: Int
        let since: Timestamp
        let dispenseAnew: Bool
    }

    static let name = "decoction.board.get"
    static let summary = """
        The board of a day: its jobs, what is due next first, and the dispensed prescriptions that wait, urgent ones first \
        (8.5). Today has also the jobs of earlier days that have not ended.
        """
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .siteAdmin, .doctor, .nurse])
    static let params = Schema.object(.optional("day", .date, "The day; today unless told."))
    static let reply = Schema.object(
        .required("day", .date, "The day."),
        .required("at", .timestamp, "From when on it is judged what is overdue."),
        .required("jobs", .array(Self.job, 0...500), "Its jobs."),
        .required("waiting", .array(Self.waiting, 0...500), "What waits; only on today's board."))

    private static let job = Schema.object([
        .required("jobId", .id, "The job."),
        .required("prescriptionId", .id, "Its prescription."),
        .required("machineId", .id, "What it is boiled in."),
        .required("machineCode", .code(1...20), "What the machine's label says."),
        .required("machineNameZh", .text(1...60), "The machine's name."),
        .required("kind", .enumeration(BoilingKind.codes), "How it is boiled."),
        .required("use", .enumeration(MachineUse.codes), "What its machine is kept for."),
        .required("state", .enumeration(JobState.codes), "Where it stands."),
        .required("stateZh", .text(1...20), "The same in Chinese."),
        .optional("next", .enumeration(JobState.codes), "The next step; handedOver stands for delivered too."),
        .required("urgent", .boolean, "Whether it is urgent."),
        .required("since", .timestamp, "Since when it is in this state."),
        .optional("earliestAt", .timestamp, "When the next step may be taken at the earliest."),
        .optional("latestAt", .timestamp, "When it should have been taken at the latest."),
        .optional("dueAt", .timestamp, "By when an urgent one is to be ready."),
        .required("receivedAt", .timestamp, "When it began."),
        .optional("endedAt", .timestamp, "When it ended."),
        .required("overdue", .boolean, "Whether latestAt has passed, or dueAt before it was labelled."),
    ])

    private static let waiting = Schema.object(
        .required("prescriptionId", .id, "The prescription."),
        .required("urgent", .boolean, "Whether it is an emergency prescription."),
        .optional("use", .enumeration(PrescriptionUse.codes), "oral or external, as it was written."),
        .required("doses", .integer(1...400), "How many doses."),
        .required("since", .timestamp, "Since when it waits."),
        .required("dispenseAnew", .boolean, "Whether its pieces were spoilt and have to be dispensed anew first."))

    private static let most = 500

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let site = try call.site.id
        let date = params.day ?? call.today
        // Nothing has begun on a day to come, and the last day that can be written has none behind it.
        guard date <= call.today else {
            return Reply(day: date, at: call.now, jobs: .elements([]), waiting: .elements([]))
        }
        let day = BoardStore.Day(from: date.begin, to: date.adding(days: 1).begin, now: call.now)
        let isToday = date == call.today
        let results = try call.db.batch([
            Statement(BoardStore.jobs(day, site: site, limit: Self.most)),
            Statement(BoardStore.waiting(site: site, limit: isToday ? Self.most : 0)),
        ])
        return Reply(
            day: date, at: call.now, jobs: .json(results[0].json(BoardStore.jobColumns)),
            waiting: .json(results[1].json(BoardStore.waitingColumns)))
    }

    static var examples: Examples<Params, Reply> {
        let job = Job(
            jobId: Sample.job, prescriptionId: Sample.prescription, machineId: Sample.machine, machineCode: "JY-01",
            machineNameZh: "1号煎药机", kind: .ordinary, use: .internal, state: .soaking,
            stateZh: JobState.soaking.labelZh, next: .boiling1, urgent: true, since: Sample.instant,
            earliestAt: Sample.instant.adding(seconds: 1800), latestAt: Sample.instant, dueAt: Sample.instant,
            receivedAt: Sample.instant, endedAt: Sample.instant, overdue: false)
        let waiting = Waiting(
            prescriptionId: Sample.formerPrescription, urgent: false, use: .oral, doses: 7, since: Sample.instant,
            dispenseAnew: false)
        let day = Sample.instant.localDate
        return Examples(
            full: (
                Params(day: day),
                Reply(day: day, at: Sample.instant, jobs: .elements([job]), waiting: .elements([waiting]))
            ),
            minimal: (
                Params(), Reply(day: day, at: Sample.instant, jobs: .elements([]), waiting: .elements([]))
            ))
    }
}

extension LocalDate {
    /// The instant at which the day begins in Asia/Shanghai.
    var begin: Timestamp { Timestamp(microseconds: (Int64(self.daysSince1970) * 24 - 8) * 3_600_000_000) }
}
