internal import ArgumentParser
internal import XinglinKit

struct SitesCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "sites",
            abstract: words(zh: "管理机构。", en: "Administer the institutions."),
            discussion: words(
                zh: "需先登录：xinglin login bureau-admin --data data",
                en: "Log in first: xinglin login bureau-admin --data data"),
            subcommands: [SitesListCommand.self, SitesCreateCommand.self, SitesShowCommand.self])
    }
}

/// The kinds of institution, as people call them.
enum SiteKindText {
    static func of(_ code: String) -> String {
        switch Site.Kind(rawValue: code) {
        case .bureau: words(zh: "卫生健康局", en: "bureau")
        case .countyHospital: words(zh: "县医院", en: "county hospital")
        case .tcmHospital: words(zh: "县中医院", en: "TCM hospital")
        case .townshipCentre: words(zh: "乡镇卫生院", en: "township centre")
        case .other: words(zh: "其他", en: "other")
        case nil: code
        }
    }
}
