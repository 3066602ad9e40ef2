internal import ArgumentParser
internal import XinglinKit

struct SitesShowCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "show",
            abstract: words(zh: "显示一个机构及其启用的模块。", en: "Show one institution and the modules enabled there."),
            discussion: words(zh: "例：xinglin sites show township-01", en: "Example: xinglin sites show township-01"))
    }

    @Argument(help: .both(zh: "机构代码。", en: "The site's code."), completion: Completions.sites)
    var code: String

    @OptionGroup var client: ClientOptions
    @OptionGroup var form: FormOptions

    func run() async throws {
        try await FrontEnd.run(self.client, self.form) { front in
            var site = try await front.call("sites.get", ["code": .string(self.code)]).objectValue ?? [:]
            // The list tells of the caller's own sites only.
            let modules = try await front.pages("modules.list", of: "modules").filter {
                $0["enabledAt"]?.arrayValue?.contains(.string(self.code)) == true
            }
            site["modules"] = .array(modules.compactMap { $0["code"] })
            try front.show(.object(site)) { Self.lines(.object(site)) }
        }
    }

    static func lines(_ site: JSONValue) -> [String] {
        FieldList.lines([
            (words(zh: "代码", en: "site"), site["site"]?.stringValue ?? ""),
            (words(zh: "名称", en: "name"), site["nameZh"]?.stringValue ?? ""),
            (words(zh: "类别", en: "kind"), SiteKindText.of(site["kind"]?.stringValue ?? "")),
            (words(zh: "上级", en: "parent"), site["parent"]?.stringValue ?? ""),
            (
                words(zh: "模块", en: "modules"),
                (site["modules"]?.arrayValue ?? []).compactMap(\.stringValue).joined(separator: ", ")
            ),
        ])
    }
}
