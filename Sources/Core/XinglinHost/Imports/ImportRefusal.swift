internal import XinglinKit

/// The reasons of the host's own for which it refuses imports.
enum ImportRefusal {
    static let fileMalformed = FaultKind(
        "host.importFileMalformed", code: -32012,
        message: .init(zh: "导入文件无法读取", en: "The file to import cannot be read"),
        hint: .init(
            zh: "按 details 更正文件（line 0 为表头）；文件格式见 docs/imports.md",
            en: "Correct what details says (line 0 is the header); docs/imports.md has the file's form"))
    static let outOfOrder = FaultKind(
        "host.importOutOfOrder", code: -32012,
        message: .init(zh: "上传的行不连续", en: "Lines are missing between what was uploaded and this"),
        hint: .init(zh: "从 details 中的 nextLine 行继续上传", en: "Go on at the line nextLine of details"))
    static let state = FaultKind(
        "host.importState", code: -32012,
        message: .init(zh: "该导入的状态不允许此操作", en: "The import is in a state that does not allow this"),
        hint: .init(zh: "用 imports.get 查看状态；details 给出当前状态", en: "details gives its state; see imports.get"))
    static let faulty = FaultKind(
        "host.importFaulty", code: -32012,
        message: .init(zh: "文件中有错误，未导入任何一行", en: "The file has faulty lines, so nothing was imported"),
        hint: .init(
            zh: "用 imports.faults 查看错误并更正文件，或以 goodLines 方式只导入正确的行",
            en: "See imports.faults and correct the file, or import only the good lines with mode goodLines"))
    static let done = FaultKind(
        "host.importDone", code: -32012,
        message: .init(zh: "同一文件已经导入过", en: "This very file was imported before"),
        hint: .init(
            zh: "details 给出上次导入；确需再次导入时带 again: true（命令行用 --again）",
            en: "details gives that import; to do it again, send again: true (xinglin import --again)"
        ))

    /// - Parameters:
    ///   - line: the line's number; 0 is the header, nil the file as a whole.
    ///   - field: the column's code; nil where it is the whole line.
    static func malformed(line: Int?, field: String? = nil, _ text: LocalizedText) -> Fault {
        var details: [String: JSONValue] = ["textZh": .string(text.zh), "textEn": .string(text.en)]
        details["line"] = line.map { .integer(Int64($0)) }
        details["field"] = field.map { .string($0) }
        return Self.fileMalformed.fault(.object(details))
    }

    static func wrongState(_ state: ImportState) -> Fault {
        Self.state.fault(["state": .string(state.rawValue)])
    }
}
