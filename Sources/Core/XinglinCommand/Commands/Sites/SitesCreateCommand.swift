internal import ArgumentParser
internal import XinglinKit

struct SitesCreateCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "create", abstract: words(zh: "新增机构。", en: "Add an institution."),
            discussion: words(
                zh: """
                    例：xinglin sites create township-22 亥字镇中心卫生院 --kind townshipCentre --parent bureau

                    类别：bureau 卫生健康局，countyHospital 县医院，tcmHospital 县中医院，
                    townshipCentre 乡镇卫生院，other 其他。代码一经使用不再更改。
                    """,
                en: """
                    Example: xinglin sites create township-22 亥字镇中心卫生院 --kind townshipCentre --parent bureau

                    The kinds are bureau, countyHospital, tcmHospital, townshipCentre and other. A code never changes.
                    """))
    }

    @Argument(help: .both(zh: "机构代码，用于 --site。", en: "The site's code, used in --site."))
    var code: String

    @Argument(help: .both(zh: "机构的中文名称。", en: "The institution's Chinese name."))
    var name: String

    @Option(
        help: .both(zh: "类别。", en: "The kind of institution.", value: "kind"), completion: Completions.kinds)
    var kind: String

    @Option(
        help: .both(
            zh: "上级机构的代码；只有全县管理员可以省略。",
            en: "Code of the site it belongs to; only the administrator of every site may leave it out.", value: "code"),
        completion: Completions.sites)
    var parent: String?

    @OptionGroup var client: ClientOptions
    @OptionGroup var form: FormOptions

    func validate() throws {
        guard Site.Kind(rawValue: self.kind) == nil else { return }
        let names = Site.Kind.allCases.map(\.rawValue)
        let all = names.joined(separator: ", ")
        let meant = NearestName.of(self.kind, among: names)
        throw ValidationError(
            words(
                zh: "--kind 只能是 \(all)" + (meant.map { "；是否想用 \($0)？" } ?? ""),
                en: "--kind must be one of \(all)" + (meant.map { "; did you mean \($0)?" } ?? "")))
    }

    func run() async throws {
        try await FrontEnd.run(self.client, self.form) { front in
            var params: [String: JSONValue] = [
                "code": .string(self.code), "nameZh": .string(self.name), "kind": .string(self.kind),
            ]
            if let parent = self.parent { params["parent"] = .string(parent) }
            let reply = try await front.call("sites.create", params)
            try front.show(reply) {
                [
                    words(
                        zh: "已新增机构 \(self.code)；下一步：xinglin modules enable MODULE \(self.code)",
                        en: "site \(self.code) is there; next: xinglin modules enable MODULE \(self.code)")
                ]
            }
        }
    }
}
