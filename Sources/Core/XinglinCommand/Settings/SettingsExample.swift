internal import Configuration
internal import XinglinKit

/// The commented settings file: every key, commented out, with its default or an example.
enum SettingsExample {
    static func lines() -> [String] {
        var lines = self.heading
        var section: String?
        for key in SettingTable.keys {
            let parts = key.components
            if parts.count == 1 || parts[0] != section {
                lines.append("")
                if parts.count > 1 { lines.append("#\(parts[0]):") }
            }
            section = parts.count > 1 ? parts[0] : nil
            let indent = parts.count > 1 ? "  " : ""
            lines.append("##\(indent.isEmpty ? " " : indent)\(self.sentence(key))")
            lines.append("#\(indent)\(parts.last ?? ""): \(self.value(of: key))")
        }
        return lines + self.ending
    }

    private static var heading: [String] {
        words(
            zh: """
                ## xinglin 的设置。复制为数据文件夹中的 xinglin.yaml，或用 --config 指定。
                ## 以 ## 开头的行是说明；去掉单个 # 即设定该值。所列均为默认值，没有默认值的为示例。
                ## 更多说明见 docs/settings.md。
                """,
            en: """
                ## Settings of xinglin. Copy this file to xinglin.yaml in the data folder, or name it with --config.
                ## Lines with ## explain; take the single # away to set a value. Every value here is the default, or an
                ## example where there is none. docs/settings.md says more.
                """
        ).split(separator: "\n").map(String.init)
    }

    private static var ending: [String] {
        [
            "",
            words(
                zh: "## 各模块自己的设置，见各模块的 README。", en: "## The modules' own settings; each module's README lists them."),
            "#modules:",
        ]
    }

    private static func sentence(_ key: SettingKey) -> String {
        words(
            zh: "\(key.summary.zh)。取值：\(key.expected.zh)。",
            en: "\(key.summary.en). Takes \(key.expected.en).")
    }

    /// A text that looks like a number is quoted, lest it be read as one.
    private static func value(of key: SettingKey) -> String {
        let value = key.standard ?? key.example ?? ""
        return key.type == .string && Double(value) != nil ? "\"\(value)\"" : value
    }
}
