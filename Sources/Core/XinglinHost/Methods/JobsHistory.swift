internal import XinglinKit

/// `jobs.history`: the runs of jobs.
struct JobsHistory: RPCMethod {
    struct Params: Codable, Sendable {
        var job: String?
        var site: String?
        var state: JobRunState?
        var limit: Int?
        var after: String?
    }
    struct Reply: Codable, Sendable {
        var runs: [JobRunReply]
        var next: String?
    }

    static let name = "jobs.history"
    static let summary = "Lists the runs of jobs, the last ones first; 90 days are kept."
    static let effect = Effect.read
    static let access = Access.roles(JobsList.readers)
    static let scope = Scope.host
    static let params = Schema.object(
        [
            .optional("job", .code(1...100), "Only runs of this job."),
            .optional("site", .code(1...32), "Only runs at this site; without it those for all sites together too."),
            .optional("state", .enumeration(JobRunState.allCases.map(\.rawValue)), "Only runs that stand so."),
        ] + Schema.pageParams)
    static let reply = Schema.object(
        .required("runs", .array(JobRunReply.schema, 0...500), "The runs."), Schema.pageReply)
    static let examples = Examples<Params, Reply>(
        full: (
            Params(
                job: "decoction.expiryWatch", site: "t1", state: .done, limit: 1,
                after: JobRunReply.example.runId.description),
            Reply(runs: [.fullExample], next: JobRunReply.example.runId.description)
        ), minimal: (Params(), Reply(runs: [.example])))
    private static let newest = RecordID(high: .max, low: .max)

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let sites = try JobSites(call)
        let rows = try call.db.rows(
            JobStore.history(
                job: params.job, sites: try params.site.map { [try sites.site($0)] } ?? sites.ids,
                all: params.site == nil, state: params.state, before: page.after(0) ?? Self.newest,
                limit: page.limit + 1))
        let (shown, hasMore) = rows.page(limit: page.limit)
        let records = try JobRunRecord.read(shown)
        return Reply(
            runs: try records.map { try JobRunReply($0, sites.directory) },
            next: hasMore ? records.last.map { Page.cursor($0.id.description) } : nil)
    }
}
