import Foundation
import Testing
import XinglinKit

@testable import XinglinCommand

@Suite(.language(.en)) struct FrontEndTests {
    @Test(
        "A role is typed as ROLE@SITE, with :subtree where it reaches below",
        arguments: [
            ("pharmacist@township-01", Role.pharmacist, "township-01", Grant.Reach.site),
            ("siteAdmin@bureau:subtree", .siteAdmin, "bureau", .subtree), ("siteAdmin@*", .siteAdmin, "*", .site),
            ("auditor@bureau:site", .auditor, "bureau", .site),
        ])
    func role(text: String, role: Role, site: String, reach: Grant.Reach) throws {
        let argument = try RoleArgument(text)
        #expect(argument.role == role && argument.site == site && argument.reach == reach)
        let shown = RoleArgument.text(argument.json)
        #expect(try RoleArgument(shown).json == argument.json)
    }

    @Test(
        "A role that is not as it should be is refused with the way out",
        arguments: [
            ("pharmacist", "ROLE@SITE"), ("pharmacist@", "ROLE@SITE"), ("pharmacst@t1", "pharmacist"),
            ("pharmacist@t1:all", ":subtree"), ("pharmacist@:subtree", ":subtree"), ("@t1", "there is no role"),
            ("", "ROLE@SITE"),
        ])
    func badRole(text: String, way: String) throws {
        let error = #expect(throws: (any Error).self) { try RoleArgument(text) }
        #expect("\(try #require(error))".contains(way))
        let chinese = Language.$current.withValue(.zh) { #expect(throws: (any Error).self) { try RoleArgument(text) } }
        #expect(isChinese("\(try #require(chinese))"))
    }

    @Test(
        "Wrong usage of the front ends ends with 2 before a host is asked",
        arguments: [
            ["accounts", "create", "a-b", "pharmacst@t1"], ["accounts", "roles", "a"],
            ["accounts", "roles", "a", "--none", "nurse@t1"], ["sites", "create", "t9", "某镇卫生院", "--kind", "clinic"],
            ["modules", "enable", "decoction"], ["completions", "tcsh"], ["settings", "listen.prot"],
            ["whoami", "--locale", "fr"],
        ])
    func usage(arguments: [String]) async {
        #expect(await RootCommand.run(arguments) == 2, "\(arguments)")
    }

    @Test("A one-time password stands once, with what to do with it; a repeated reply says why there is none")
    func oneTimePassword() {
        let lines = OneTimePassword.lines(["account": "nurse.t1", "oneTimePassword": "k7wm-9qhd"])
        #expect(lines.filter { $0.contains("k7wm-9qhd") }.count == 1)
        #expect(lines.last?.contains("xinglin login nurse.t1") == true)
        #expect(OneTimePassword.lines(["account": "nurse.t1"])[0].contains("reset-password nurse.t1"))
    }

    @Test("Accounts and sites stand in aligned tables in both languages")
    func tables() {
        let accounts: [JSONValue] = [
            [
                "account": "a1", "disabled": false, "passwordChangeRequired": false,
                "roles": [
                    ["role": "siteAdmin", "site": "bureau", "scope": "subtree"], ["role": "nurse", "site": "t1"],
                ],
            ],
            ["account": "nurse.t1", "disabled": true, "passwordChangeRequired": true, "roles": []],
        ]
        #expect(
            AccountsListCommand.table(accounts).lines(coloured: false) == [
                "ACCOUNT   STATE     ROLES", "a1        in use    siteAdmin@bureau:subtree, nurse@t1",
                "nurse.t1  disabled",
            ])
        let sites: [JSONValue] = [["site": "bureau", "kind": "bureau", "nameZh": "杏林县卫生健康局"]]
        Language.$current.withValue(.zh) {
            #expect(
                SitesListCommand.table(sites).lines(coloured: false) == [
                    "代码    类别        上级  名称", "bureau  卫生健康局        杏林县卫生健康局",
                ])
        }
    }

    @Test("What is expected at a place stands in the language of the report")
    func violations() {
        let json = bytes(
            #"{"code":-32602,"message":"m","data":{"reason":"host.invalidParams","details":[{"pointer":"/limit","expected":"an integer","expectedZh":"整数"}],"hint":"h","retryable":false,"trace":"t"}}"#
        )
        #expect(string(ErrorReport.readable(json, .zh, coloured: false)).contains("/limit：应为 整数"))
        #expect(string(ErrorReport.readable(json, .en, coloured: false)).contains("/limit: expected an integer"))
    }

    @Test("Names that replies told are there for completion, and a damaged file offers none")
    func knownNames() throws {
        try withFolder { folder in
            let names = KnownNames(environment: ["XDG_STATE_HOME": folder])
            #expect(names.names(.sites).isEmpty)
            names.keep("session.login", ["token": "t", "permissions": ["sites.list"], "sites": ["t1"]])
            names.keep("sites.list", ["sites": [["site": "bureau"], ["site": "t1"]]])
            names.keep("modules.list", ["modules": [["code": "decoction"]]])
            #expect(names.names(.sites) == ["bureau", "t1"])
            #expect(names.names(.methods) == ["sites.list"] && names.names(.modules) == ["decoction"])
            let path = folder + "/xinglin/names.json"
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
            #expect(mode == 0o600)
            #expect(try !String(contentsOfFile: path, encoding: .utf8).contains("\"t\""))
            try "{".write(toFile: path, atomically: true, encoding: .utf8)
            #expect(names.names(.sites).isEmpty)
        }
    }
}
