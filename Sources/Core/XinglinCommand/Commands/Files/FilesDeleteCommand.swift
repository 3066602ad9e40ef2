internal import ArgumentParser
internal import XinglinKit

struct FilesDeleteCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "delete", abstract: words(zh: "删除没有记录引用的文件。", en: "Delete a file that no record references."),
            discussion: words(
                zh: "例：xinglin files delete FILEID --site township-01",
                en: "Example: xinglin files delete FILEID --site township-01"))
    }

    @Argument(help: .both(zh: "文件编号。", en: "The file's id.", value: "file-id"))
    var id: String

    @Option(help: .actingSite, completion: Completions.sites)
    var site: String

    @OptionGroup var client: ClientOptions
    @OptionGroup var form: FormOptions

    func run() async throws {
        guard let id = RecordID(self.id) else {
            throw ValidationError(words(zh: "文件编号应为 UUID", en: "the file's id is a UUID"))
        }
        try await Transfer.run(self.client, site: self.site, json: self.form.json) { transfer in
            let reply = try await transfer.call("files.delete", ["fileId": .string(id.description)])
            try Console.output(
                self.form.json ? reply.canonicalText : words(zh: "已删除 \(id)", en: "deleted \(id)"))
            return 0
        }
    }
}
