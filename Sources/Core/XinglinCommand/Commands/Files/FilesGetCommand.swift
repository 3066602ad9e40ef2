internal import ArgumentParser
internal import XinglinKit

struct FilesGetCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "get", abstract: words(zh: "下载文件，并核对 SM3。", en: "Download a file and check its SM3."),
            discussion: words(
                zh: """
                    例：xinglin files get FILEID --site township-01 --output report.pdf
                    中断后再次运行同一命令即可继续。
                    """,
                en: """
                    Example: xinglin files get FILEID --site township-01 --output report.pdf
                    An interrupted download is gone on with by running the same command again.
                    """))
    }

    @Argument(help: .both(zh: "文件编号。", en: "The file's id.", value: "file-id"))
    var id: String

    @Option(help: .actingSite, completion: Completions.sites)
    var site: String

    @Option(name: .shortAndLong, help: .both(zh: "存放到哪里。", en: "Where to put it.", value: "file"), completion: .file())
    var output: String

    @Flag(help: .both(zh: "覆盖已有的文件。", en: "Replace a file that is there."))
    var force = false

    @OptionGroup var client: ClientOptions
    @OptionGroup var form: FormOptions

    func run() async throws {
        guard let id = RecordID(self.id) else {
            throw ValidationError(words(zh: "文件编号应为 UUID", en: "the file's id is a UUID"))
        }
        try Self.requireFree(self.output, force: self.force)
        try await Transfer.run(self.client, site: self.site, json: self.form.json) { transfer in
            let info = try await FileDownload(transfer: transfer, id: id.description, target: self.output).run()
            try Console.output(
                self.form.json ? info.canonicalText : "\(self.output)  \(info["sm3"]?.stringValue ?? "")")
            return 0
        }
    }

    /// - Throws: `Failure` where a file would be overwritten.
    static func requireFree(_ path: String, force: Bool) throws {
        guard force || !Files.exists(path) else {
            throw Failure(
                words(zh: "\(path) 已存在 — 请换一个名称，或加 --force", en: "\(path) exists — name another, or add --force"),
                exitCode: ExitStatus.usage)
        }
    }
}
