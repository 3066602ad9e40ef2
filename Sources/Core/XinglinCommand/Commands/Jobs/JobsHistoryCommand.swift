internal import ArgumentParser
internal import XinglinKit

struct JobsHistoryCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "history",
            abstract: words(zh: "列出任务的运行记录，最近的在前。", en: "List the runs of jobs, the last ones first."),
            discussion: words(
                zh: "例：xinglin jobs history decoction.expiryWatch --limit 10；xinglin jobs history --state failed",
                en:
                    "Examples: xinglin jobs history decoction.expiryWatch --limit 10; xinglin jobs history --state failed"
            ))
    }

    @Argument(help: .both(zh: "只列该任务的。", en: "Only runs of this job."))
    var job: String?

    @Option(
        help: .both(zh: "只列该机构的。", en: "Only runs at this site.", value: "code"), completion: Completions.sites)
    var site: String?

    @Option(
        help: .both(
            zh: "只列处于该状态的：waiting、running、done、failed 或 skipped。",
            en: "Only runs that stand so: waiting, running, done, failed or skipped.", value: "state"),
        completion: .list(["waiting", "running", "done", "failed", "skipped"]))
    var state: String?

    @Option(
        parsing: .unconditional,
        help: .both(zh: "至多多少条，1 到 500。", en: "How many at the most, 1 to 500.", value: "number"))
    var limit = 20

    @OptionGroup var client: ClientOptions
    @OptionGroup var form: FormOptions

    func validate() throws {
        guard (1...500).contains(self.limit) else {
            throw ValidationError(words(zh: "--limit 应为 1 到 500", en: "--limit must be 1 to 500"))
        }
    }

    func run() async throws {
        try await FrontEnd.run(self.client, self.form) { front in
            var params: [String: JSONValue] = ["limit": .integer(Int64(self.limit))]
            params["job"] = self.job.map { .string($0) }
            params["site"] = self.site.map { .string($0) }
            params["state"] = self.state.map { .string($0) }
            let reply = try await front.call("jobs.history", params)
            if let job = self.job, reply["runs"]?.arrayValue?.isEmpty ?? true { try await Self.requireJob(job, front) }
            try front.show(reply, Self.table(reply["runs"]?.arrayValue ?? []))
        }
    }

    /// A job that never ran is told from one that is not there.
    private static func requireJob(_ job: String, _ front: FrontEnd) async throws {
        let jobs = try await front.pages("jobs.list", of: "jobs").compactMap { $0["job"]?.stringValue }
        guard !jobs.contains(job) else { return }
        guard let nearest = NearestName.of(job, among: jobs) else {
            throw Failure(
                words(
                    zh: "没有任务 \(job)；xinglin jobs list 列出全部", en: "there is no job \(job); xinglin jobs list shows all")
            )
        }
        throw Failure(
            words(
                zh: "没有任务 \(job)，是否想用 \(nearest)？", en: "there is no job \(job); did you mean \(nearest)?"))
    }

    static func table(_ runs: [JSONValue]) -> Table {
        let rows = runs.map { run in
            Table.Row(
                cells: [
                    JobText.time(run["scheduledFor"]), run["job"]?.stringValue ?? "", run["site"]?.stringValue ?? "*",
                    JobText.state(run),
                    [run["reason"]?.stringValue, JobText.nextAttempt(run), JobText.counts(run)].compactMap { $0 }
                        .filter { !$0.isEmpty }.joined(separator: "; "),
                ], below: JobText.trace(run), colour: JobText.colour(run))
        }
        return Table(
            heading: [
                words(zh: "时间", en: "FOR"), words(zh: "任务", en: "JOB"), words(zh: "机构", en: "SITE"),
                words(zh: "结果", en: "OUTCOME"), words(zh: "说明", en: "CAME TO"),
            ], rows: rows)
    }
}
