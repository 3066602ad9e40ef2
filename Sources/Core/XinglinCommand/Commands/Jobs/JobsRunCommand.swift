internal import ArgumentParser
internal import XinglinKit

struct JobsRunCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "run",
            abstract: words(zh: "立即运行一个任务。", en: "Run a job now."),
            discussion: words(
                zh: """
                    任务在调用之外运行；xinglin jobs history 显示结果。按机构运行的任务须指明机构。
                    例：xinglin jobs run decoction.expiryWatch --site township-01
                    """,
                en: """
                    It runs beside the calls; xinglin jobs history shows how it went. A job that runs at each site needs one.
                    Example: xinglin jobs run decoction.expiryWatch --site township-01
                    """))
    }

    @Argument(help: .both(zh: "任务名称。", en: "The job."))
    var job: String

    @Option(
        help: .both(zh: "机构代码，可列多个。", en: "The sites' codes.", value: "code"), completion: Completions.sites)
    var site: [String] = []

    @OptionGroup var client: ClientOptions
    @OptionGroup var form: FormOptions

    func run() async throws {
        try await FrontEnd.run(self.client, self.form) { front in
            for site in self.site.isEmpty ? [nil] : self.site.map(Optional.some) {
                var params: [String: JSONValue] = ["job": .string(self.job)]
                params["site"] = site.map { .string($0) }
                let reply = try await front.call("jobs.run", params)
                let run = reply["runId"]?.stringValue ?? ""
                try front.show(reply) {
                    [
                        site.map { words(zh: "\($0)：已开始 \(run)", en: "\($0): begun, \(run)") }
                            ?? words(zh: "已开始 \(run)", en: "begun, \(run)")
                    ]
                }
            }
        }
    }
}
