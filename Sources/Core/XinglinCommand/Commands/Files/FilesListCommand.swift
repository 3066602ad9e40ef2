internal import ArgumentParser
internal import XinglinKit

struct FilesListCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "list", abstract: words(zh: "列出自己的文件。", en: "List your files."),
            discussion: words(
                zh: "例：xinglin files list --site township-01", en: "Example: xinglin files list --site township-01"))
    }

    @Option(help: .actingSite, completion: Completions.sites)
    var site: String

    @Flag(help: .both(zh: "本机构所有人的文件（机构管理员）。", en: "Everybody's files of the site (administrators)."))
    var all = false

    @OptionGroup var client: ClientOptions
    @OptionGroup var form: FormOptions

    func run() async throws {
        try await Transfer.run(self.client, site: self.site, json: self.form.json) { transfer in
            var params: [String: JSONValue] = ["limit": 500]
            if self.all { params["all"] = true }
            var files: [JSONValue] = []
            while true {
                let page = try await transfer.call("files.list", params)
                files += page["files"]?.arrayValue ?? []
                guard let next = page["next"], next != .null else { break }
                params["after"] = next
            }
            if self.form.json {
                try Console.output(JSONValue.object(["files": .array(files)]).canonicalText)
            } else {
                for line in Self.table(files).lines(coloured: Console.outputIsTerminal) { try Console.output(line) }
            }
            return 0
        }
    }

    static func table(_ files: [JSONValue]) -> Table {
        let rows = files.map { file in
            let (bytes, received) = (file["bytes"]?.integerValue ?? 0, file["received"]?.integerValue ?? 0)
            let isOpen = file["state"]?.stringValue == "open"
            let share = isOpen ? " (\(ProgressBar.grouped(Int(received))))" : ""
            let isHeld = file["references"]?.arrayValue?.isEmpty == false
            return Table.Row(cells: [
                file["fileId"]?.stringValue ?? "", ProgressBar.grouped(Int(bytes)) + share,
                isOpen
                    ? words(zh: "上传中", en: "uploading")
                    : isHeld ? words(zh: "被引用", en: "referenced") : words(zh: "完成", en: "finished"),
                String((file["expiresAt"]?.stringValue ?? "").prefix(10)), file["name"]?.stringValue ?? "",
            ])
        }
        return Table(
            heading: [
                words(zh: "编号", en: "ID"), words(zh: "字节", en: "BYTES"), words(zh: "状态", en: "STATE"),
                words(zh: "到期", en: "EXPIRES"), words(zh: "名称", en: "NAME"),
            ], rows: rows)
    }
}
