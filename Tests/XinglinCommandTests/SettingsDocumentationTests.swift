import Foundation
import Testing
import XinglinKit

@testable import XinglinCommand

@Suite struct SettingsDocumentationTests {
    private static func file(_ path: String) throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    @Test("docs/settings.md has exactly one row per setting, as the program has it")
    func documentation() throws {
        let rows = try Self.file("docs/settings.md").split(separator: "\n").filter { $0.hasPrefix("| `") }.map(
            String.init)
        let expected = SettingTable.keys.map { key in
            "| `\(key.name)` | \(key.expected.en) | \(key.standard.map { "`\($0)`" } ?? "—") | \(key.summary.en) |"
        }
        #expect(rows == expected)
    }

    @Test("The example file, with its values taken in, sets every key, and each to its default")
    func example() throws {
        let lines = try Self.file("deploy/xinglin.example.yaml").split(
            separator: "\n", omittingEmptySubsequences: false)
        let values = lines.filter { !$0.hasPrefix("##") }.map { $0.hasPrefix("#") ? $0.dropFirst() : $0 }
        let text = values.joined(separator: "\n")
        let file = try SettingsFile("example.yaml", content: Array(text.utf8))
        #expect(file.keys.subtracting(["modules"]) == Set(SettingTable.keys.map(\.name)))
        #expect(throws: Never.self) { try SettingsLoader.load(SettingsFlags(demo: true), file: text) }
        for key in SettingTable.keys {
            guard let standard = key.standard, standard != "[]" else { continue }
            #expect(file.scalarText(key.components) == standard, "\(key.name)")
        }
    }

    @Test("The example file is what the program prints, and the Chinese one sets the same")
    func exampleIsPrinted() throws {
        let file = try Self.file("deploy/xinglin.example.yaml")
        let printed = Language.$current.withValue(.en) { SettingsExample.lines().joined(separator: "\n") + "\n" }
        #expect(file == printed, "write it anew: xinglin settings --example > deploy/xinglin.example.yaml")
        let chinese = Language.$current.withValue(.zh) { SettingsExample.lines() }
        func settings(_ lines: [Substring]) -> [Substring] { lines.filter { !$0.hasPrefix("##") && !$0.isEmpty } }
        #expect(settings(chinese.map { $0[...] }) == settings(printed.split(separator: "\n")))
    }

    @Test("Every setting is explained in Chinese and English")
    func bothLanguages() {
        for key in SettingTable.keys {
            #expect(isChinese(key.summary.zh) && !isChinese(key.summary.en), "\(key.name)")
            #expect(!isChinese(key.expected.en), "\(key.name)")
        }
    }

    @Test("The example file sets nothing as it is")
    func exampleIsInert() throws {
        let lines = try Self.file("deploy/xinglin.example.yaml").split(separator: "\n")
        #expect(lines.allSatisfy { $0.hasPrefix("#") })
    }

    @Test("Every setting can be set by the variable that is named after it")
    func environment() throws {
        let samples = [
            "locale": "en", "log.level": "debug", "clock.fixed": "2026-11-22T09:00:00+08:00",
            "tls.minimumVersion": "1.2", "log.format": "json", "operations.listen": "127.0.0.1:7480",
        ]
        // These two are accepted only together.
        let partners = ["tls.certificateFile": "XINGLIN_TLS_KEY_FILE", "tls.keyFile": "XINGLIN_TLS_CERTIFICATE_FILE"]
        func load(_ environment: [String: String]) throws -> String {
            "\(try SettingsLoader(environment: environment, workingDirectory: "/w").load(SettingsFlags(demo: true)))"
        }
        let untouched = try load([:])
        for key in SettingTable.keys {
            let standard = key.standard.flatMap { Int($0) }
            var environment = [key.environmentName: standard.map { String($0 + 1) } ?? samples[key.name] ?? "sample"]
            if let partner = partners[key.name] { environment[partner] = "other" }
            let settings = try load(environment)
            #expect(settings != untouched, "\(key.environmentName)")
            if partners[key.name] != nil { #expect(settings.contains("sample")) }
        }
        #expect(
            SettingTable.keys.first { $0.name == "database.migrateUrl" }?.environmentName
                == "XINGLIN_DATABASE_MIGRATE_URL")
    }
}
