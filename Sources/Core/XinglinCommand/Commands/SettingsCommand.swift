internal import ArgumentParser
internal import XinglinKit

struct SettingsCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "settings",
            abstract: words(zh: "列出全部设置、取值及其来源。", en: "Show every setting, its value and where it came from."),
            discussion: words(
                zh: """
                    例：xinglin settings listen.port --data data
                    生成带注释的设置文件：xinglin settings --example > data/xinglin.yaml

                    连接串中的密码不显示。
                    """,
                en: """
                    Example: xinglin settings listen.port --data data
                    To make a commented settings file: xinglin settings --example > data/xinglin.yaml

                    Passwords in connection strings are not shown.
                    """))
    }

    @Argument(
        help: .both(zh: "只列这些设置。", en: "Only these settings.", value: "key"), completion: Completions.settings)
    var keys: [String] = []

    @Flag(help: .both(zh: "输出带注释的示例文件。", en: "Print the commented example file."))
    var example = false

    @OptionGroup var form: FormOptions
    @OptionGroup var options: SettingsOptions

    func run() throws {
        if self.example {
            for line in SettingsExample.lines() { try Console.output(line) }
            return
        }
        let rows = try self.wanted(SettingRow.all(try self.options.load()))
        if self.form.json {
            let entries = rows.map(\.json)
            try Console.output(JSONValue.object(["settings": .array(entries)]).canonicalText)
            return
        }
        for line in SettingRow.table(rows).lines(coloured: Console.outputIsTerminal) { try Console.output(line) }
    }

    private func wanted(_ rows: [SettingRow]) throws -> [SettingRow] {
        guard !self.keys.isEmpty else { return rows }
        return try self.keys.map { key in
            guard let row = rows.first(where: { $0.key == key }) else {
                let nearest = SettingTable.nearest(to: key)
                throw ValidationError(
                    words(
                        zh: "没有设置 \"\(key)\"，是否想用 \"\(nearest)\"？",
                        en: "there is no setting \"\(key)\"; did you mean \"\(nearest)\"?"))
            }
            return row
        }
    }
}

/// A setting as it is shown.
struct SettingRow: Equatable {
    let key: String
    /// With passwords hidden; nil where it is not set.
    let value: String?
    let source: LocalizedText

    static func all(_ settings: Settings) -> [SettingRow] {
        let names = SettingTable.keys.map(\.name)
        let modules = settings.origins.keys.filter { $0.hasPrefix("modules.") }.sorted()
        return (names + modules).map { name in
            guard let origin = settings.origins[name] else {
                return SettingRow(
                    key: name, value: SettingTable.keys.first { $0.name == name }?.standard,
                    source: .init(zh: "默认", en: "default"))
            }
            return SettingRow(key: name, value: SecretMask.masked(origin.value, of: name), source: origin.source)
        }
    }

    static func table(_ rows: [SettingRow]) -> Table {
        Table(
            heading: [words(zh: "设置", en: "SETTING"), words(zh: "取值", en: "VALUE"), words(zh: "来源", en: "FROM")],
            rows: rows.map { Table.Row(cells: [$0.key, $0.value ?? "—", $0.source.here]) })
    }

    var json: JSONValue {
        ["key": .string(self.key), "value": self.value.map { .string($0) } ?? .null, "from": .string(self.source.en)]
    }
}
