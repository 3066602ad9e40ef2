package import XinglinKit

/// Files that are no text of lines, by their first bytes.
package enum UnfitFile {
    /// What to do with it; nil where it may be a text.
    package static func of(_ bytes: [UInt8]) -> LocalizedText? {
        if bytes.starts(with: Array("PK\u{3}\u{4}".utf8)) || bytes.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) {
            return .init(
                zh: "这是 Excel 工作簿（.xlsx、.xls），不是 CSV。请在 Excel 或 WPS 中打开，另存为“CSV UTF-8（逗号分隔）”后导入",
                en:
                    "This is a workbook (.xlsx, .xls) and no CSV. Open it in Excel or WPS and save it as \"CSV UTF-8 (comma delimited)\""
            )
        }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            return .init(
                zh: "文件是 UTF-16 编码（“Unicode 文本”）。请在 Excel 或 WPS 中另存为“CSV UTF-8（逗号分隔）”后导入",
                en: "The file is UTF-16 (\"Unicode text\"). In Excel or WPS save it as \"CSV UTF-8 (comma delimited)\"")
        }
        return nil
    }
}
