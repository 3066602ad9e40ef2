import Foundation
import Testing
import XinglinKit

@testable import XinglinCommand

@Suite(.language(.en)) struct ClientTests {
    @Test("Flags go into _meta beside what stands there, and the locale does not overwrite one that was given")
    func meta() throws {
        let params = try CallParameters(
            bytes(#"{"limit":5,"_meta":{"deadlineMs":100,"locale":"zh"}}"#), site: "county", key: "k1", locale: .en)
        #expect(
            params.value == [
                "limit": 5, "_meta": ["deadlineMs": 100, "locale": "zh", "site": "county", "idempotencyKey": "k1"],
            ])
        #expect(try CallParameters(bytes("{}"), site: nil, key: nil, locale: .en).value == ["_meta": ["locale": "en"]])
    }

    @Test(
        "Parameters that are no object are wrong usage",
        arguments: ["", "[]", "5", "{", #"{"_meta":1}"#, #"{"a":1,"a":2}"#])
    func badParameters(text: String) throws {
        let error = #expect(throws: Failure.self) { try CallParameters(bytes(text), site: nil, key: nil, locale: .en) }
        #expect(try #require(error).exitCode == 2)
    }

    @Test("Passwords come from the environment where the parameters lack them")
    func secrets() throws {
        let environment = ["XINGLIN_PASSWORD": "old", "XINGLIN_NEW_PASSWORD": "new"]
        var login = try CallParameters(bytes(#"{"account":"admin"}"#), site: nil, key: nil, locale: .en)
        try login.askSecrets(of: "session.login", environment)
        #expect(login.value["password"] == "old")
        var given = try CallParameters(
            bytes(#"{"account":"admin","password":"given"}"#), site: nil, key: nil, locale: .en)
        try given.askSecrets(of: "session.login", environment)
        #expect(given.value["password"] == "given")
        var change = try CallParameters(bytes("{}"), site: nil, key: nil, locale: .en)
        try change.askSecrets(of: "session.changePassword", environment)
        #expect(change.value["current"] == "old" && change.value["new"] == "new")
        var other = try CallParameters(bytes("{}"), site: nil, key: nil, locale: .en)
        try other.askSecrets(of: "sites.list", environment)
        #expect(other.value["password"] == nil)
    }

    @Test("What is exported is said by a JSON object, by name=value, or by both; a dot leads into an object")
    func exportParameters() throws {
        func value(_ json: String?, _ named: [String]) throws -> JSONValue {
            try ExportParameters(json: json, named: named).value
        }
        #expect(try value(nil, []) == [:])
        #expect(
            try value(nil, ["asOf=2026-06-30", "unmask.purpose=inspection", "name=a=b"]) == [
                "asOf": "2026-06-30", "unmask": ["purpose": "inspection"], "name": "a=b",
            ])
        #expect(
            try value(#"{"limit":5,"unmask":{}}"#, ["unmask.purpose=inspection"]) == [
                "limit": 5, "unmask": ["purpose": "inspection"],
            ])
        let wrong: [(String?, [String])] = [
            ("[]", []), ("{", []), (nil, ["asOf"]), (nil, ["=x"]), (nil, ["a..b=x"]), (#"{"a":1}"#, ["a=2"]),
            (nil, ["a=1", "a=2"]), (nil, ["a=1", "a.b=2"]),
        ]
        for (json, named) in wrong {
            let error = #expect(throws: Failure.self) { try value(json, named) }
            #expect(error?.exitCode == 2)
        }
    }

    @Test("Where no answer comes, a read, a write with its key, another write and a transfer are told apart")
    func noAnswer() {
        let keyed: JSONValue = ["_meta": ["idempotencyKey": "k"]]
        #expect(NoAnswer("files.read", [:]) == .read)
        #expect(NoAnswer("audit.list", keyed) == .read)
        #expect(NoAnswer("sites.create", keyed) == .keyed)
        #expect(NoAnswer("sites.create", ["_meta": ["locale": "zh"]]) == .unknown)
        #expect(NoAnswer("decoction.stock.issue", [:]) == .unknown)
        for one in NoAnswer.allCases {
            #expect(isChinese(one.text.zh) && !isChinese(one.text.en))
            #expect(one.text.en.contains("--key") == (one == .keyed))
        }
    }

    @Test("A pipe is no file to upload or import, and is not waited for")
    func pipe() throws {
        try withFolder { folder in
            let path = "\(folder)/pipe.csv"
            #expect(mkfifo(path, 0o600) == 0)
            for open in [
                { _ = try LocalFile.reading(path) }, { _ = try ImportFile(path: path, locale: .en).survey() },
            ] {
                let failure = #expect(throws: Failure.self) { try open() }
                #expect(failure?.line == "\(path) is no regular file" && failure?.exitCode == 2)
            }
        }
    }

    @Test("A session is kept for its owner alone, found again, and removed")
    func sessionFile() throws {
        try withFolder { folder in
            let store = SessionStore(environment: ["XDG_STATE_HOME": folder + "/state"])
            #expect(try store.read() == nil)
            let session = StoredSession(address: "10.0.0.1:7443", caFile: "/ca.pem", token: "t\"1")
            try store.write(session)
            let path = folder + "/state/xinglin/session.json"
            #expect(store.path == path)
            #expect(try store.read() == session)
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
            #expect(mode == 0o600)
            try store.remove()
            try store.remove()
            #expect(try store.read() == nil)
            try "no JSON".write(toFile: path, atomically: true, encoding: .utf8)
            #expect(throws: Failure.self) { try store.read() }
        }
    }

    @Test("The session file lies in the home folder where there is no XDG_STATE_HOME")
    func home() {
        #expect(SessionStore(environment: ["HOME": "/home/a"]).path == "/home/a/.local/state/xinglin/session.json")
        #expect(
            SessionStore(environment: ["HOME": "/home/a", "XDG_STATE_HOME": "relative"]).path
                == "/home/a/.local/state/xinglin/session.json")
        #expect(SessionStore(environment: [:]).path == nil)
    }

    @Test("Host and CA come from flags, then the last login, then the standard; a token goes to its own host alone")
    func target() throws {
        try withFolder { folder in
            for name in ["stored.pem", "given.pem", "d/tls/ca.pem", "data/tls/ca.pem"] {
                let url = URL(fileURLWithPath: "\(folder)/\(name)")
                try FileManager.default.createDirectory(
                    at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data().write(to: url)
            }
            let stored = StoredSession(address: "10.0.0.1:7000", caFile: folder + "/stored.pem", token: "t")
            func choose(host: String? = nil, ca: String? = nil, data: String? = nil, _ stored: StoredSession?) throws
                -> CallTarget
            {
                try CallTarget.choose(host: host, ca: ca, data: data, stored: stored, workingDirectory: folder)
            }
            let again = try choose(stored)
            #expect(again.host == "10.0.0.1" && again.port == 7000 && again.token == "t")
            #expect(again.caFile == folder + "/stored.pem")
            let other = try choose(host: "[::1]:7443", ca: "given.pem", stored)
            #expect(other.host == "::1" && other.token == nil && other.caFile == folder + "/given.pem")
            #expect(try choose(data: folder + "/d", stored).caFile == folder + "/d/tls/ca.pem")
            let fresh = try choose(nil)
            #expect(fresh.address == "127.0.0.1:7443" && fresh.caFile == folder + "/data/tls/ca.pem")
            let missing = #expect(throws: Failure.self) { try choose(ca: "none.pem", nil) }
            #expect(try #require(missing).exitCode == 2)
            #expect(throws: Failure.self) { try choose(host: "nowhere", nil) }
        }
    }

    @Test("Wrong usage ends with 2, help with 0, and settings that cannot be used with 1")
    func exitCodes() async {
        #expect(await RootCommand.run(["nonsense"]) == 2)
        #expect(await RootCommand.run(["call"]) == 2)
        #expect(await RootCommand.run(["serve", "--nonsense"]) == 2)
        #expect(await RootCommand.run(["--help"]) == 0)
        #expect(await RootCommand.run(["serve", "--config", "/nowhere/settings.yaml"]) == 1)
        #expect(await RootCommand.run(["call", "host.ping", "[]", "--ca", "/dev/null"]) == 2)
        #expect(await RootCommand.run(["call", "host.ping", "--host", "127.0.0.1:1", "--ca", "/nowhere/ca.pem"]) == 2)
    }
}
