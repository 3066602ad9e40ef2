internal import ArgumentParser
internal import XinglinKit

struct SitesListCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "list", abstract: words(zh: "列出机构。", en: "List the institutions."),
            discussion: words(zh: "例：xinglin sites list", en: "Example: xinglin sites list"))
    }

    @OptionGroup var client: ClientOptions
    @OptionGroup var form: FormOptions

    func run() async throws {
        try await FrontEnd.run(self.client, self.form) { front in
            let sites = try await front.pages("sites.list", of: "sites")
            try front.show(["sites": .array(sites)], Self.table(sites))
        }
    }

    static func table(_ sites: [JSONValue]) -> Table {
        let rows = sites.map { site in
            Table.Row(cells: [
                site["site"]?.stringValue ?? "", SiteKindText.of(site["kind"]?.stringValue ?? ""),
                site["parent"]?.stringValue ?? "", site["nameZh"]?.stringValue ?? "",
            ])
        }
        return Table(
            heading: [
                words(zh: "代码", en: "SITE"), words(zh: "类别", en: "KIND"), words(zh: "上级", en: "PARENT"),
                words(zh: "名称", en: "NAME"),
            ], rows: rows)
    }
}
