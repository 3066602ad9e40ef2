internal import ArgumentParser
internal import XinglinKit

struct JobsListCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "list",
            abstract: words(
                zh: "列出定时任务、下次运行时间和上次结果。", en: "List the jobs, when they run next and how they went last."),
            discussion: words(zh: "例：xinglin jobs list", en: "Example: xinglin jobs list"))
    }

    @OptionGroup var client: ClientOptions
    @OptionGroup var form: FormOptions

    func run() async throws {
        try await FrontEnd.run(self.client, self.form) { front in
            let jobs = try await front.pages("jobs.list", of: "jobs")
            try front.show(["jobs": .array(jobs)], Self.table(jobs))
        }
    }

    static func table(_ jobs: [JSONValue]) -> Table {
        let rows = jobs.map { job in
            let last = job["lastRun"]
            let isOff = job["state"] == "off"
            return Table.Row(
                cells: [
                    job["job"]?.stringValue ?? "", job["schedule"]?.stringValue ?? "",
                    job["scope"] == "site"
                        ? words(zh: "每个机构", en: "each site") : words(zh: "全部机构", en: "all sites"),
                    isOff ? words(zh: "已关闭", en: "off") : JobText.time(job["nextRunAt"]),
                    last.map { "\(JobText.time($0["scheduledFor"])) \(JobText.state($0))" } ?? "",
                ],
                below: [words(zh: job["summaryZh"]?.stringValue ?? "", en: job["summaryEn"]?.stringValue ?? "")],
                colour: isOff ? .grey : last.flatMap(JobText.colour))
        }
        return Table(
            heading: [
                words(zh: "任务", en: "JOB"), words(zh: "时间表", en: "SCHEDULE"), words(zh: "范围", en: "FOR"),
                words(zh: "下次运行", en: "NEXT RUN"), words(zh: "上次运行", en: "LAST RUN"),
            ], rows: rows)
    }
}

/// How runs of jobs stand in tables.
enum JobText {
    /// `2026-11-22 06:30` of an instant; the seconds matter to nobody.
    static func time(_ instant: JSONValue?) -> String {
        guard let text = instant?.stringValue, text.utf8.count >= 16 else { return "" }
        return String(text.prefix(16)).replacing("T", with: " ")
    }

    static func state(_ run: JSONValue) -> String {
        switch run["state"]?.stringValue {
        case "waiting": words(zh: "等待", en: "waiting")
        case "running": words(zh: "运行中", en: "running")
        case "done": words(zh: "完成", en: "done")
        case "failed": words(zh: "失败", en: "failed")
        default: words(zh: "跳过", en: "skipped")
        }
    }

    static func colour(_ run: JSONValue) -> Colour? {
        switch run["state"]?.stringValue {
        case "failed": .red
        case "skipped": .yellow
        default: nil
        }
    }

    /// When a run that failed is tried again.
    static func nextAttempt(_ run: JSONValue) -> String? {
        guard let next = run["nextAttemptAt"] else { return nil }
        return words(zh: "\(Self.time(next)) 重试", en: "again at \(Self.time(next))")
    }

    /// Where to look further, of a run that failed.
    static func trace(_ run: JSONValue) -> [String] {
        guard let trace = run["trace"]?.stringValue, run["reason"] != nil else { return [] }
        return [words(zh: "追踪号 \(trace)", en: "trace \(trace)")]
    }

    /// `notes 3, keys 1`.
    static func counts(_ run: JSONValue) -> String {
        (run["counts"]?.arrayValue ?? []).map {
            "\($0["name"]?.stringValue ?? "") \($0["count"]?.integerValue ?? 0)"
        }.joined(separator: ", ")
    }
}
