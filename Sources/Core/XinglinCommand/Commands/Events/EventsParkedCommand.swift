internal import ArgumentParser
internal import XinglinKit

struct EventsParkedCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "parked",
            abstract: words(
                zh: "列出多次处理失败、已搁置的事件。", en: "List events that failed so often that they are parked."),
            discussion: words(
                zh: "例：xinglin events parked。按追踪号（trace）可在日志中查到失败原因；修复后用 xinglin events retry 重试。",
                en: "Example: xinglin events parked. The log has the failure by its trace; mend it, then xinglin events retry."
            ))
    }

    @OptionGroup var client: ClientOptions
    @OptionGroup var form: FormOptions

    func run() async throws {
        try await FrontEnd.run(self.client, self.form) { front in
            let parked = try await front.pages("events.parked.list", of: "parked")
            try front.show(["parked": .array(parked)], Self.table(parked))
        }
    }

    static func table(_ parked: [JSONValue]) -> Table {
        func text(_ entry: JSONValue, _ member: String) -> String {
            entry[member]?.stringValue ?? entry[member]?.integerValue.map { String($0) } ?? ""
        }
        return Table(
            heading: [
                words(zh: "处理程序", en: "HANDLER"), words(zh: "编号", en: "NUMBER"), words(zh: "主题", en: "TOPIC"),
                words(zh: "机构", en: "SITE"), words(zh: "原因", en: "REASON"), words(zh: "次数", en: "ATTEMPTS"),
                words(zh: "等候", en: "WAITING"), words(zh: "始于", en: "SINCE"),
            ],
            rows: parked.map { entry in
                Table.Row(
                    cells: ["handler", "number", "topic", "site", "reason", "attempts", "waiting", "since"].map {
                        text(entry, $0)
                    },
                    below: entry["trace"]?.stringValue.map { ["trace \($0)"] } ?? [])
            })
    }
}
