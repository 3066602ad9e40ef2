internal import XinglinKit

/// The reasons of the host's own for which it refuses work on files.
enum FileRefusal {
    static let outOfOrder = FaultKind(
        "host.fileOutOfOrder", code: -32013,
        message: .init(
            zh: "上传的内容不连续，或与已上传的不同", en: "The piece does not go on where the upload stands, or differs from it"),
        hint: .init(
            zh: "从 details 中的 offset 处继续上传；内容不同时请删除后重新上传",
            en: "Go on at offset of details; if the file itself has changed, delete the upload and begin again"))
    static let mismatch = FaultKind(
        "host.fileMismatch", code: -32013,
        message: .init(zh: "上传的内容与声明的 SM3 不符", en: "What was uploaded has another SM3 than was declared"),
        hint: .init(
            zh: "用 files.delete 删除后重新上传；上传期间请勿修改文件",
            en: "Delete it with files.delete and upload it again; do not change the file meanwhile"))
    static let state = FaultKind(
        "host.fileState", code: -32013,
        message: .init(zh: "文件的状态不允许此操作", en: "The file is in a state that does not allow this"),
        hint: .init(zh: "用 files.get 查看状态；details 给出当前状态", en: "details gives its state; see files.get"))
    static let referenced = FaultKind(
        "host.fileReferenced", code: -32013,
        message: .init(zh: "仍有记录引用该文件，不能删除", en: "Records still reference the file, so it cannot be deleted"),
        hint: .init(
            zh: "先删除或更改引用它的记录；details 列出引用方", en: "Change the records that hold it first; details lists what they are"))
    static let quota = FaultKind(
        "host.fileQuota", code: -32013,
        message: .init(
            zh: "文件过大，或文件的空间、数量已达限额",
            en: "The file is too large, or there is no room left for it, or there are too many"),
        hint: .init(
            zh: "details 给出所超的限额；先完成或删除未完成的上传，删除不用的文件，或请管理员调整 files.* 设置",
            en: """
                details names the limit; finish or delete unfinished uploads, delete files that are not needed, or have the \
                administrator raise files.* settings
                """
        ))

    /// Which limit was hit.
    enum Limit: String {
        /// Of one file.
        case file
        /// Of all files of the site.
        case site
        /// Of the account's unfinished uploads.
        case account
        /// Of the number of the site's files.
        case siteFiles
        /// Of the number of the account's unfinished uploads.
        case accountFiles
    }

    static func over(_ limit: Limit, megabytes: Int) -> Fault {
        Self.quota.fault([
            "limit": .string(limit.rawValue), "limitBytes": .integer(FileQuota.bytes(megabytes)),
        ])
    }

    static func over(_ limit: Limit, files: Int) -> Fault {
        Self.quota.fault(["limit": .string(limit.rawValue), "limitFiles": .integer(Int64(files))])
    }

    static func goOn(at offset: Int64) -> Fault { Self.outOfOrder.fault(["offset": .integer(offset)]) }

    static func wrongState(_ state: FileState) -> Fault { Self.state.fault(["state": .string(state.rawValue)]) }

    static func notFound(_ id: RecordID) -> Fault { HostFault.notFound.fault(["fileId": .string(id.description)]) }
}
