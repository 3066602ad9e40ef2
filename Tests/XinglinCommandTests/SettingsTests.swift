import Foundation
import Testing
import XinglinKit

@testable import XinglinCommand
@testable import XinglinHost

@Suite(.language(.en)) struct SettingsTests {
    @Test("Without anything set the defaults hold, and the data folder is absolute")
    func defaults() throws {
        let settings = try SettingsLoader(environment: [:], workingDirectory: "/somewhere").load(SettingsFlags())
        #expect(settings.host.dataDirectory == "/somewhere/data")
        #expect(settings.host.listen.port == 7443)
        #expect(settings.host.plugins.load == nil)
        #expect(settings.host.demo == false)
        #expect(settings.logLevel == nil)
    }

    @Test("Flags win over the environment, and the environment over the file")
    func precedence() throws {
        let file = "listen:\n  port: 1001\nlimits:\n  queue: 1001\n  batch: 99\ndata: /from/file\n"
        let environment = [
            "XINGLIN_LISTEN_PORT": "1002", "XINGLIN_LIMITS_QUEUE": "1002", "XINGLIN_DATA": "/from/environment",
        ]
        let flags = SettingsFlags(data: "/from/flag", listen: "[::1]:1003", logLevel: "debug", demo: true)
        let all = try SettingsLoader.load(flags, environment: environment, file: file)
        #expect(all.host.listen.port == 1003)
        #expect(all.host.listen.host == "::1")
        #expect(all.host.limits.queue == 1002)
        #expect(all.host.limits.batch == 99)
        #expect(all.host.dataDirectory == "/from/flag")
        #expect(all.logLevel == .debug)
        #expect(all.host.demo)
        let two = try SettingsLoader.load(environment: environment, file: file)
        #expect(two.host.listen.port == 1002)
        #expect(two.host.dataDirectory == "/from/environment")
        let one = try SettingsLoader.load(file: file)
        #expect(one.host.listen.port == 1001)
        #expect(one.host.dataDirectory == "/from/file")
    }

    @Test("xinglin.yaml in the data folder is read where --config names none")
    func fileInDataFolder() throws {
        try withFolder { folder in
            try "listen:\n  port: 1001\n".write(toFile: folder + "/xinglin.yaml", atomically: true, encoding: .utf8)
            try "listen:\n  port: 1002\n".write(toFile: folder + "/other.yaml", atomically: true, encoding: .utf8)
            let loader = SettingsLoader(environment: [:], workingDirectory: "/")
            #expect(try loader.load(SettingsFlags(data: folder)).host.listen.port == 1001)
            #expect(
                try loader.load(SettingsFlags(data: folder, config: folder + "/other.yaml")).host.listen.port == 1002)
            try "data: /elsewhere\n".write(toFile: folder + "/xinglin.yaml", atomically: true, encoding: .utf8)
            #expect(throws: SettingsError.self) { try loader.load(SettingsFlags(data: folder)) }
        }
    }

    @Test("YAML and JSON say the same")
    func formats() throws {
        let yaml = try SettingsLoader.load(
            file:
                "tls:\n  names: [a.cn, 10.0.0.1]\n  minimumVersion: 1.2\nmodules:\n  decoction:\n    days: 3\n    strict: true\n"
        )
        let json = try SettingsLoader.load(
            file:
                #"{"tls": {"names": ["a.cn", "10.0.0.1"], "minimumVersion": "1.2"}, "modules": {"decoction": {"days": 3, "strict": "true"}}}"#,
            name: "settings.json")
        for settings in [yaml, json] {
            #expect(settings.host.tls.names == ["a.cn", "10.0.0.1"])
            #expect(settings.host.tls.minimumVersion == "1.2")
            #expect(settings.host.modules == ["decoction.days": "3", "decoction.strict": "true"])
        }
    }

    @Test("Lists in the environment are separated by commas")
    func lists() throws {
        let settings = try SettingsLoader.load(
            environment: ["XINGLIN_TLS_NAMES": "a.cn, b.cn", "XINGLIN_PLUGINS_LOAD": "decoction"])
        #expect(settings.host.tls.names == ["a.cn", "b.cn"])
        #expect(settings.host.plugins.load == ["decoction"])
    }

    @Test("Modules' settings come from the environment too, and win over the file's")
    func moduleSettings() throws {
        let settings = try SettingsLoader.load(
            environment: ["XINGLIN_MODULES_DECOCTION_SHELF_LIFE_DAYS": "9"],
            file: "modules:\n  decoction:\n    shelfLifeDays: 3\n    other: x\n")
        #expect(settings.host.modules == ["decoction.shelfLifeDays": "9", "decoction.other": "x"])
    }

    @Test(
        "An unknown key is refused with the nearest known one",
        arguments: [
            ("listen:\n  prot: 1\n", "listen.prot", "listen.port"),
            ("limits:\n  qeue: 1\n", "limits.qeue", "limits.queue"),
            ("database:\n  URL: x\n", "database.URL", "database.url"),
            ("listen: 127.0.0.1:7443\n", "listen", "listen.host"),
            ("modules:\n  days: 1\n", "modules.days", "modules.<code>.<name>"),
        ])
    func unknownKey(file: String, key: String, nearest: String) throws {
        let error = #expect(throws: SettingsError.self) { try SettingsLoader.load(file: file) }
        guard case .unknownKey(let found, _, let suggestion)? = error else {
            Issue.record("not an unknown key: \(String(describing: error))")
            return
        }
        #expect(found == key)
        #expect(suggestion == nearest)
    }

    @Test(
        "A bad value is refused with key, place and what is expected, and is not repeated",
        arguments: [
            ("XINGLIN_LISTEN_PORT", "secret"), ("XINGLIN_LISTEN_PORT", "65536"), ("XINGLIN_DATABASE_WORKERS", "0"),
            ("XINGLIN_TLS_MINIMUM_VERSION", "1.1"), ("XINGLIN_LOCALE", "fr"), ("XINGLIN_LOG_LEVEL", "loud"),
            ("XINGLIN_DATABASE_ROLE_PREFIX", "1x; DROP"), ("XINGLIN_CLOCK_FIXED", "yesterday"),
        ])
    func badValue(variable: String, value: String) throws {
        let error = #expect(throws: SettingsError.self) { try SettingsLoader.load(environment: [variable: value]) }
        guard case .badValue(let key, let source, let expected)? = error else {
            Issue.record("not a bad value: \(String(describing: error))")
            return
        }
        let known = try #require(SettingTable.keys.first { $0.name == key })
        #expect(known.environmentName == variable)
        #expect(source.en.contains(variable) && source.zh.contains(variable) && expected == known.expected)
        #expect(!String(describing: error).contains(value) || value == "0")
    }

    @Test(
        "Bad values in a file, of the wrong type too, name the file",
        arguments: [
            "listen:\n  port: many\n", "listen:\n  port: [1]\n", "tls:\n  names: a.cn\n", "locale: fr\n",
            "modules:\n  decoction:\n    list: [1]\n",
        ])
    func badFile(file: String) throws {
        let error = #expect(throws: SettingsError.self) { try SettingsLoader.load(file: file) }
        #expect("\(try #require(error))".contains("settings.yaml"))
    }

    @Test(
        "A file that is missing, no mapping or broken is refused in one line", arguments: ["- a\n", "a: [\n", "{", ""])
    func unreadable(file: String) throws {
        for name in ["settings.yaml", "settings.json"] {
            let error = #expect(throws: SettingsError.self) { try SettingsLoader.load(file: file, name: name) }
            #expect(!"\(try #require(error))".contains("\n"))
        }
        #expect(throws: SettingsError.self) { try SettingsLoader.load(SettingsFlags(config: "/nowhere/x.yaml")) }
    }

    @Test(
        "Settings that contradict each other are refused",
        arguments: [
            ["XINGLIN_TLS_CERTIFICATE_FILE": "/a.pem"], ["XINGLIN_TLS_KEY_FILE": "/a.key"],
            ["XINGLIN_CLOCK_FIXED": "2026-11-22T09:00:00+08:00"],
            ["XINGLIN_SESSION_IDLE_MINUTES": "60", "XINGLIN_SESSION_LIFETIME_MINUTES": "30"],
        ])
    func contradiction(environment: [String: String]) {
        #expect(throws: SettingsError.self) { try SettingsLoader.load(environment: environment) }
    }

    @Test("A fixed clock is accepted with --demo")
    func fixedClock() throws {
        let settings = try SettingsLoader.load(
            SettingsFlags(demo: true), environment: ["XINGLIN_CLOCK_FIXED": "2026-11-22T09:00:00+08:00"])
        #expect(settings.host.fixedClock == Timestamp("2026-11-22T01:00:00Z"))
    }

    @Test("An empty value counts as not set, and an empty section is fine")
    func empty() throws {
        let settings = try SettingsLoader.load(
            environment: ["XINGLIN_DATABASE_URL": "", "XINGLIN_LISTEN_PORT": ""],
            file: "database:\nmodules:\ntls:\n  keyFile: ''\n")
        #expect(settings.host.database.url == nil)
        #expect(settings.host.listen.port == 7443)
        #expect(settings.host.tls.keyFile == nil)
    }

    @Test("--listen takes HOST:PORT alone", arguments: ["7443", "host", "::1:7443", ":7443", "a:b", "a:70000"])
    func listen(text: String) {
        #expect(throws: SettingsError.self) { try SettingsLoader.load(SettingsFlags(listen: text)) }
    }

    @Test(
        "An unknown variable is refused with the nearest known one",
        arguments: [
            ("XINGLIN_LISTEN_PROT", "XINGLIN_LISTEN_PORT"), ("XINGLIN_DATABASE_ULR", "XINGLIN_DATABASE_URL"),
            ("XINGLIN_PASSWROD", "XINGLIN_PASSWORD"), ("XINGLIN_MODULES_DAYS", "XINGLIN_MODULES_<CODE>_<NAME>"),
        ])
    func unknownVariable(name: String, nearest: String) {
        #expect(throws: SettingsError.unknownVariable(name, nearest: nearest)) {
            try SettingsLoader.load(environment: [name: "secret"])
        }
    }

    @Test("Variables of the client and of the tests are no settings and no mistakes")
    func otherVariables() throws {
        let environment = ["XINGLIN_PASSWORD": "a", "XINGLIN_NEW_PASSWORD": "b", "XINGLIN_BINARY": "c", "PATH": "/bin"]
        #expect(try SettingsLoader.load(environment: environment).origins.isEmpty)
    }

    @Test("A setting's row tells its value and where it came from, and hides passwords")
    func rows() throws {
        let settings = try SettingsLoader.load(
            SettingsFlags(listen: "0.0.0.0:1"),
            environment: ["XINGLIN_DATABASE_URL": "postgresql://xinglin_host:hidden-word@db/xinglin"],
            file: "limits:\n  queue: 7\nmodules:\n  decoction:\n    days: 3\n    apiToken: hidden-word\n")
        let rows = Dictionary(uniqueKeysWithValues: SettingRow.all(settings).map { ($0.key, $0) })
        #expect(rows["listen.port"]?.value == "1" && rows["listen.port"]?.source.en == "the command line")
        #expect(
            rows["limits.queue"]?.value == "7" && rows["limits.queue"]?.source.en.hasSuffix("settings.yaml") == true)
        #expect(rows["limits.batch"]?.value == "100" && rows["limits.batch"]?.source.en == "default")
        #expect(rows["tls.keyFile"]?.value == nil)
        #expect(rows["modules.decoction.days"]?.value == "3")
        #expect(rows["database.url"]?.value == "postgresql://xinglin_host:••••@db/xinglin")
        #expect(!"\(rows)".contains("hidden-word"))
    }

    @Test(
        "Passwords in connection strings are masked in every form",
        arguments: [
            "postgresql://u:hidden-word@h/d", "postgres://u:hidden-word@h:5432/d?sslmode=require",
            "host=h password=hidden-word",
            "host=h password = 'hidden-word \\\\' x' user=u", "postgresql://h/d?user=u&password=hidden-word&x=1",
            "host=h PASSWORD='hidden-word'", "host=h sslpassword=hidden-word",
        ])
    func masked(conninfo: String) {
        let shown = SecretMask.masked(conninfo, of: "database.url")
        #expect(!shown.contains("hidden-word") && shown.contains("••••"), "\(shown)")
        #expect(shown.contains("h"))
    }

    @Test("The edit distance counts insertions, removals and replacements")
    func distance() {
        #expect(editDistance("listen.prot", "listen.port") == 2)
        #expect(editDistance("", "abc") == 3)
        #expect(editDistance("abc", "ABC") == 0)
        #expect(editDistance("kitten", "sitting") == 3)
    }
}
