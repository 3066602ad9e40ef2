internal import XinglinKit

/// `jobs.list`: what is done by itself, when, and how it went last.
struct JobsList: RPCMethod {
    struct Params: Codable, Sendable {
        var limit: Int?
        var after: String?
    }
    struct Reply: Codable, Sendable {
        var jobs: [Job]
        var next: String?
    }
    struct Job: Codable, Sendable {
        var job: String
        var module: String
        var summaryZh: String
        var summaryEn: String
        var schedule: String
        var scope: String
        var missed: String
        var catchUpAtMost: Int?
        var state: String
        var nextRunAt: Timestamp?
        var lastRun: JobRunReply?
    }

    /// Who sees jobs and their history.
    static let readers: Set<Role> = [.siteAdmin, .auditor]

    static let name = "jobs.list"
    static let summary = "Lists the scheduled jobs with their schedule, next run and last run."
    static let effect = Effect.read
    static let access = Access.roles(readers)
    static let scope = Scope.host
    static let params = Schema.object(Schema.pageParams)
    static let reply = Schema.object(
        .required("jobs", .array(Self.job, 0...500), "The jobs, by name."), Schema.pageReply)
    private static let job = Schema.object(
        .required("job", .code(1...100), "The job."),
        .required("module", .code(1...64), "Its module; host for the host's own."),
        .required("summaryZh", .opaque(1...200), "What it does, in Chinese."),
        .required("summaryEn", .opaque(1...200), "What it does, in English."),
        .required(
            "schedule", .opaque(9...500),
            "A cron expression: minute, hour, day of the month, month, day of the week, in Asia/Shanghai."),
        .required(
            "scope", .enumeration(["site", "host"]),
            "site: a run for each site at which the module is enabled; host: one run for all sites together."),
        .required(
            "missed", .enumeration(["skip", "catchUp"]), "What becomes of times at which no host ran."),
        .optional("catchUpAtMost", .integer(1...1000), "How many missed times are made up for, the last ones."),
        .required(
            "state", .enumeration(["scheduled", "off"]),
            "off: the setting jobs.disabled names it; jobs.run still runs it."),
        .optional("nextRunAt", .timestamp, "The next time of the schedule; absent where it is off."),
        .optional("lastRun", JobRunReply.schema, "The last run, at a site in the caller's charge."))
    static let examples = Examples<Params, Reply>(
        full: (
            Params(limit: 1, after: "decoction.expiryWarning"),
            Reply(jobs: [Self.example(.fullExample)], next: "decoction.expiryWatch")
        ), minimal: (Params(), Reply(jobs: [Self.example(nil)])))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let services = try call.hosted.services
        let jobs = services.registry.sortedJobs.filter { job in page.after.map { job.name > $0[0] } ?? true }
        let shown = jobs.prefix(page.limit)
        let sites = try JobSites(call)
        let rows = try call.db.rows(JobStore.lastRuns(shown.map(\.name), sites: sites.ids))
        let last = Dictionary(
            try JobRunRecord.read(rows).map { ($0.job, try JobRunReply($0, sites.directory)) },
            uniquingKeysWith: { first, _ in first })
        let disabled = Set(services.settings.jobs.disabled)
        return Reply(
            jobs: shown.map { Self.reply($0, isOff: disabled.contains($0.name), last: last[$0.name], now: call.now) },
            next: jobs.count > shown.count ? shown.last.map { Page.cursor($0.name) } : nil)
    }

    private static func reply(_ job: JobEntry, isOff: Bool, last: JobRunReply?, now: Timestamp) -> Job {
        var most: Int?
        if case .catchUp(let count) = job.missed { most = count }
        return Job(
            job: job.name, module: job.module, summaryZh: job.summary.zh, summaryEn: job.summary.en,
            schedule: job.schedule.description, scope: job.scope.rawValue, missed: most == nil ? "skip" : "catchUp",
            catchUpAtMost: most, state: isOff ? "off" : "scheduled",
            nextRunAt: isOff ? nil : job.schedule.next(after: now), lastRun: last)
    }

    private static func example(_ last: JobRunReply?) -> Job {
        Job(
            job: "decoction.expiryWatch", module: "decoction", summaryZh: "统计即将到期的批次",
            summaryEn: "Counts the lots that expire soon", schedule: "30 6 * * *", scope: "site",
            missed: last == nil ? "skip" : "catchUp", catchUpAtMost: last == nil ? nil : 1, state: "scheduled",
            nextRunAt: last == nil ? nil : Timestamp(microseconds: 1_795_386_600_000_000), lastRun: last)
    }
}
