internal import ArgumentParser
internal import XinglinKit

/// A role as people type it: `pharmacist@township-01`, `siteAdmin@bureau:subtree`, `siteAdmin@*` for every site.
struct RoleArgument: Equatable {
    let role: Role
    let site: String
    let reach: Grant.Reach

    /// - Throws: `ValidationError` with the way out.
    init(_ text: String) throws {
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, !parts[1].isEmpty else {
            throw ValidationError(
                words(
                    zh: "\"\(text)\" 缺少机构：请写成 ROLE@SITE，例如 pharmacist@township-01",
                    en: "\"\(text)\" lacks a site: write ROLE@SITE, such as pharmacist@township-01"))
        }
        guard let role = Role(rawValue: parts[0]) else { throw Self.unknown(parts[0]) }
        let place = parts[1].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let reach = place.count == 1 ? .site : Grant.Reach(rawValue: place[1]), !place[0].isEmpty else {
            throw ValidationError(
                words(
                    zh: "\"\(text)\"：机构代码之后只能写 :subtree（含下级机构），例如 siteAdmin@bureau:subtree",
                    en: "\"\(text)\": only :subtree (the site and all below it) may follow the site's code, "
                        + "such as siteAdmin@bureau:subtree"))
        }
        self.role = role
        self.site = place[0]
        self.reach = reach
    }

    var json: JSONValue {
        ["role": .string(self.role.rawValue), "site": .string(self.site), "scope": .string(self.reach.rawValue)]
    }

    /// A role of a reply, in the form in which it is typed.
    static func text(_ json: JSONValue) -> String {
        let place = "\(json["role"]?.stringValue ?? "")@\(json["site"]?.stringValue ?? "")"
        return json["scope"]?.stringValue == "subtree" && json["site"] != "*" ? "\(place):subtree" : place
    }

    private static func unknown(_ name: String) -> ValidationError {
        let names = Role.allCases.map(\.rawValue)
        let all = names.joined(separator: ", ")
        guard let nearest = NearestName.of(name, among: names) else {
            return ValidationError(
                words(zh: "没有角色 \"\(name)\"；可用的角色：\(all)", en: "there is no role \"\(name)\"; the roles are \(all)"))
        }
        return ValidationError(
            words(
                zh: "没有角色 \"\(name)\"，是否想用 \"\(nearest)\"？可用的角色：\(all)",
                en: "there is no role \"\(name)\"; did you mean \"\(nearest)\"? The roles are \(all)"))
    }
}
