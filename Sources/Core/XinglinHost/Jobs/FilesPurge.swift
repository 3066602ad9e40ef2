internal import XinglinKit

/// Files that nothing needs any more go some time after they were last used, and exports as imports do.
struct FilesPurge: ScheduledJob {
    static let name = "host.filesPurge"
    static let summary = LocalizedText(
        zh: "清除过期的未完成上传、无引用的文件和导出",
        en: "Removes unfinished uploads, files that nothing references and exports, each after its time")
    static let schedule = "47 * * * *"
    static let scope = Scope.host

    func run(_ call: Call, scheduledFor: Timestamp) throws -> JobResult {
        let purge = FilePurge(settings: try call.hosted.services.settings.files, now: call.now)
        var counts: [String: Int] = [:]
        var isMore = false
        for (name, sql) in purge.statements {
            let gone = try call.db.execute(sql)
            if gone > 0 { counts[name] = gone }
            isMore = isMore || gone == FilePurge.rows
        }
        return isMore ? .unfinished(counts) : .done(counts)
    }
}
