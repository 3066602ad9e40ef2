internal import ArgumentParser
internal import XinglinKit

struct FilesCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "files",
            abstract: words(zh: "上传、下载和删除主机中的文件。", en: "Upload, download and delete files of the host."),
            discussion: words(
                zh: "需先登录：xinglin login pharmacist --data data。说明见 docs/files.md。",
                en: "Log in first: xinglin login pharmacist --data data. docs/files.md tells more."),
            subcommands: [
                FilesPutCommand.self, FilesGetCommand.self, FilesListCommand.self, FilesDeleteCommand.self,
            ])
    }
}

/// Media types by the ends of names, for files that people have.
enum KnownMediaTypes {
    private static let byEnding = [
        "pdf": "application/pdf", "csv": "text/csv", "txt": "text/plain", "json": "application/json",
        "xml": "application/xml", "zip": "application/zip", "jpg": "image/jpeg", "jpeg": "image/jpeg",
        "png": "image/png", "tif": "image/tiff", "tiff": "image/tiff", "ofd": "application/ofd",
        "doc": "application/msword", "xls": "application/vnd.ms-excel",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ]

    static func of(_ name: String) -> String {
        let ending = name.split(separator: ".").dropFirst().last.map { $0.lowercased() } ?? ""
        return Self.byEnding[ending] ?? "application/octet-stream"
    }
}
