internal import ArgumentParser
internal import XinglinKit

struct ExportCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "export",
            abstract: words(zh: "把记录导出为 CSV 文件。", en: "Export records as a CSV file."),
            discussion: words(
                zh: """
                    例：xinglin export decoction.stock --site township-01 --output stock.csv
                    xinglin export membership.register --site township-01 --output roll.csv --param asOf=2026-06-30 --param unmask.purpose=inspection

                    --param 名称=值（可多次），或用 --params 给出一个 JSON 对象；各种类的参数见 exports.kinds。
                    主机在后台生成文件，本命令等待、下载并核对 SM3；Excel 和 WPS 可直接打开。xinglin call exports.kinds --site CODE
                    列出可导出的种类。含个人信息的导出记入审计。
                    """,
                en: """
                    Example: xinglin export decoction.stock --site township-01 --output stock.csv
                    xinglin export membership.register --site township-01 --output roll.csv --param asOf=2026-06-30 --param unmask.purpose=inspection

                    --param name=value, as often as needed, or --params with a JSON object: exports.kinds tells the
                    parameters of each kind.
                    The host makes the file beside its other work; this waits for it, downloads it and checks its SM3. Excel
                    and WPS open it. xinglin call exports.kinds --site CODE lists what you may export. Exports of personal
                    data are audited.
                    """))
    }

    @Argument(
        help: .both(
            zh: "导出的种类，例如 people.residents、people.staff、decoction.stock。",
            en: "What is exported, such as people.residents, people.staff or decoction.stock."))
    var kind: String

    @Option(help: .actingSite, completion: Completions.sites)
    var site: String

    @Option(name: .shortAndLong, help: .both(zh: "存放到哪里。", en: "Where to put it.", value: "file"), completion: .file())
    var output: String

    @Option(
        help: .both(zh: "参数，一个 JSON 对象。", en: "What of it is exported, a JSON object.", value: "json"))
    var params: String?

    @Option(
        help: .both(
            zh: "一个参数，例如 asOf=2026-06-30。", en: "One parameter, such as asOf=2026-06-30.", value: "name=value"))
    var param: [String] = []

    @Flag(help: .both(zh: "覆盖已有的文件。", en: "Replace a file that is there."))
    var force = false

    @OptionGroup var client: ClientOptions

    private static let pause = Duration.milliseconds(300)

    func run() async throws {
        try FilesGetCommand.requireFree(self.output, force: self.force)
        let params = try ExportParameters(json: self.params, named: self.param)
        try await Transfer.run(self.client, site: self.site) { transfer in
            let done = try await self.export(transfer, params.value)
            guard let file = done["fileId"]?.stringValue else {
                let reason = done["reason"]?.stringValue ?? ""
                Console.error(words(zh: "导出被拒绝（\(reason)）", en: "the export was refused (\(reason))"))
                return ExitStatus.refused
            }
            let info = try await FileDownload(transfer: transfer, id: file, target: self.output).run()
            let lines = ProgressBar.grouped(Int(done["lines"]?.integerValue ?? 0))
            try Console.output(
                words(
                    zh: "已导出 \(lines) 行：\(self.output)  \(info["sm3"]?.stringValue ?? "")",
                    en: "\(lines) lines exported: \(self.output)  \(info["sm3"]?.stringValue ?? "")"))
            return 0
        }
    }

    private func export(_ transfer: Transfer, _ params: JSONValue) async throws -> JSONValue {
        var state = try await transfer.connection.call("exports.begin", ["kind": .string(self.kind), "params": params])
        let id = state["exportId"] ?? .null
        while state["state"]?.stringValue == "running" {
            try await Task.sleep(for: Self.pause)
            state = try await transfer.call("exports.get", ["exportId": id])
        }
        return state
    }
}
