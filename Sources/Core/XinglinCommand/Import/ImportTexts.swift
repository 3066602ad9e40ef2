internal import XinglinKit

/// What `xinglin import` says.
enum ImportTexts {
    static let checking = LocalizedText(zh: "检查", en: "checking")
    static let applying = LocalizedText(zh: "导入", en: "importing")

    static func preview(_ state: JSONValue) -> LocalizedText {
        let (lines, good, faulty, blank) = (
            Self.count(state, "lines"), Self.count(state, "good"), Self.count(state, "faulty"),
            Self.count(state, "blank")
        )
        let (form, forms) = (Self.encoding(state), Self.delimiters[state["delimiter"]?.stringValue ?? ""])
        return .init(
            zh: "文件：\(form.zh)，\(forms?.zh ?? "")\n共 \(lines) 行：正确 \(good)，有错误 \(faulty)，空行 \(blank)",
            en:
                "The file: \(form.en), \(forms?.en ?? "")\n\(lines) lines: \(good) good, \(faulty) faulty, \(blank) blank"
        )
    }

    /// How the host has read the file.
    private static func encoding(_ state: JSONValue) -> LocalizedText {
        guard let encoding = state["encoding"]?.stringValue else { return .init(zh: "ASCII 编码", en: "ASCII") }
        return .init(zh: "\(encoding) 编码", en: encoding)
    }

    private static let delimiters: [String: LocalizedText] = [
        "comma": .init(zh: "逗号分隔", en: "parted by commas"), "tab": .init(zh: "制表符分隔", en: "parted by tabs"),
        "semicolon": .init(zh: "分号分隔", en: "parted by semicolons"),
    ]

    static func moreFaults(_ importID: String) -> LocalizedText {
        .init(
            zh: "还有更多错误：xinglin call imports.faults '{\"importId\":\"\(importID)\"}'",
            en: "there are more: xinglin call imports.faults '{\"importId\":\"\(importID)\"}'")
    }

    static let nothingImported = LocalizedText(
        zh: "未导入任何一行。更正文件后重新导入，或用 --mode good 只导入正确的行",
        en: "nothing was imported: correct the file and import it again, or take only the good lines with --mode good")

    static func applied(_ state: JSONValue) -> LocalizedText {
        .init(
            zh: "已导入 \(Self.count(state, "applied")) 行，未能导入 \(Self.count(state, "leftOut")) 行",
            en: "\(Self.count(state, "applied")) lines imported, \(Self.count(state, "leftOut")) left out")
    }

    static func refused(_ state: JSONValue) -> LocalizedText {
        let reason = state["reason"]?.stringValue ?? ""
        return .init(
            zh: "导入被拒绝（\(reason)），已导入 \(Self.count(state, "applied")) 行",
            en: "the import was refused (\(reason)); \(Self.count(state, "applied")) lines stand")
    }

    /// - Parameter line: where the file cannot be read.
    static func unreadable(_ state: JSONValue, line: String) -> LocalizedText {
        let reason = state["reason"]?.stringValue ?? ""
        return .init(
            zh: "文件无法读取，未导入任何一行（\(reason)，line: \(line)）",
            en: "the file cannot be read, so nothing was imported (\(reason), line: \(line))")
    }

    static let cancelled = LocalizedText(zh: "导入已被取消", en: "the import was cancelled")

    static let faultHeading: [LocalizedText] = [
        .init(zh: "行", en: "LINE"), .init(zh: "字段", en: "FIELD"), .init(zh: "错误", en: "FAULT"),
    ]

    private static func count(_ state: JSONValue, _ member: String) -> String {
        ProgressBar.grouped(Int(state[member]?.integerValue ?? 0))
    }
}
