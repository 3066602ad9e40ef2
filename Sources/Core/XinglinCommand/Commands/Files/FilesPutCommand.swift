internal import ArgumentParser
internal import XinglinKit

struct FilesPutCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "put", abstract: words(zh: "上传文件。", en: "Upload a file."),
            discussion: words(
                zh: """
                    例：xinglin files put report.pdf --site township-01
                    输出文件编号和 SM3。中断后再次运行同一命令即可继续。
                    """,
                en: """
                    Example: xinglin files put report.pdf --site township-01
                    Prints the file's id and SM3. An interrupted upload is gone on with by running the same command again.
                    """))
    }

    @Argument(help: .both(zh: "本机的文件。", en: "A file of this machine.", value: "file"), completion: .file())
    var file: String

    @Option(help: .actingSite, completion: Completions.sites)
    var site: String

    @Option(help: .both(zh: "在主机中的名称；默认为文件名。", en: "Its name at the host; else the file's own.", value: "name"))
    var name: String?

    @Option(
        help: .both(
            zh: "媒体类型，例如 application/pdf；默认按扩展名。",
            en: "The media type, such as application/pdf; else by the name's end.",
            value: "type"))
    var type: String?

    @OptionGroup var client: ClientOptions
    @OptionGroup var form: FormOptions

    func run() async throws {
        try await Transfer.run(self.client, site: self.site, json: self.form.json) { transfer in
            let own = self.file.split(separator: "/").last.map { String($0) } ?? self.file
            let reply = try await FileUpload(
                transfer: transfer, path: self.file, name: self.name ?? own,
                mediaType: self.type ?? KnownMediaTypes.of(own)
            ).run()
            let id = reply["fileId"]?.stringValue ?? ""
            try Console.output(self.form.json ? reply.canonicalText : "\(id)  \(reply["sm3"]?.stringValue ?? "")")
            return 0
        }
    }
}
