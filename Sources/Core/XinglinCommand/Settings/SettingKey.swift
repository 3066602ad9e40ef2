internal import Configuration
internal import XinglinHost
internal import XinglinKit

/// One setting: its name, what it takes, its default and what it does. docs/settings.md and
/// deploy/xinglin.example.yaml say the same, and a test holds them to it.
struct SettingKey: Sendable {
    /// As in the file, `listen.port`.
    let name: String
    let expected: String
    /// The default as it stands in the file, or nil where there is none.
    let standard: String?
    let summary: String
    let type: ConfigType
    /// Takes the value over; false where it is not as expected.
    let apply: @Sendable (inout Settings, ConfigContent) -> Bool

    var components: [String] {
        self.name.split(separator: ".").map(String.init)
    }

    /// The environment variable, `XINGLIN_LISTEN_PORT`: a step in the camel's back becomes an underscore.
    var environmentName: String {
        var name = "XINGLIN_"
        var wasLowercase = false
        for character in self.name {
            if character.isUppercase, wasLowercase { name += "_" }
            name += character == "." ? "_" : character.uppercased()
            wasLowercase = character.isLowercase
        }
        return name
    }
}

typealias SettingPath<Value> = any WritableKeyPath<HostSettings, Value> & Sendable

extension SettingKey {
    private static var untouched: HostSettings { HostSettings(dataDirectory: "data") }

    static func integer(
        _ name: String, _ path: SettingPath<Int>, _ range: ClosedRange<Int>, _ summary: String
    ) -> SettingKey {
        SettingKey(
            name: name, expected: "a whole number from \(range.lowerBound) to \(range.upperBound)",
            standard: String(Self.untouched[keyPath: path]), summary: summary, type: .int
        ) { settings, content in
            guard case .int(let value) = content, range.contains(value) else { return false }
            settings.host[keyPath: path] = value
            return true
        }
    }

    static func text(
        _ name: String, _ path: SettingPath<String>, _ expected: String, _ summary: String,
        where isGood: @escaping @Sendable (String) -> Bool = { _ in true }
    ) -> SettingKey {
        SettingKey(
            name: name, expected: expected, standard: Self.untouched[keyPath: path], summary: summary, type: .string
        ) { settings, content in
            guard case .string(let value) = content, isGood(value) else { return false }
            settings.host[keyPath: path] = value
            return true
        }
    }

    static func optionalText(
        _ name: String, _ path: SettingPath<String?>, _ expected: String, _ summary: String
    ) -> SettingKey {
        SettingKey(name: name, expected: expected, standard: nil, summary: summary, type: .string) {
            settings, content in
            guard case .string(let value) = content else { return false }
            settings.host[keyPath: path] = value
            return true
        }
    }

    static func instant(_ name: String, _ path: SettingPath<Timestamp?>, _ summary: String) -> SettingKey {
        SettingKey(
            name: name, expected: "an instant such as 2026-11-22T09:00:00+08:00", standard: nil, summary: summary,
            type: .string
        ) { settings, content in
            guard case .string(let text) = content, let instant = Timestamp(text) else { return false }
            settings.host[keyPath: path] = instant
            return true
        }
    }

    static func choice<Value: CaseIterable & RawRepresentable<String> & SendableMetatype>(
        _ name: String, _ standard: Value, _ summary: String,
        _ assign: @escaping @Sendable (inout Settings, Value) -> Void
    ) -> SettingKey {
        let names = Value.allCases.map(\.rawValue).joined(separator: ", ")
        return SettingKey(
            name: name, expected: "one of \(names)", standard: standard.rawValue, summary: summary, type: .string
        ) { settings, content in
            guard case .string(let text) = content, let value = Value(rawValue: text) else { return false }
            assign(&settings, value)
            return true
        }
    }

    static func list(
        _ name: String, standard: String?, _ expected: String, _ summary: String,
        _ assign: @escaping @Sendable (inout Settings, [String]) -> Void
    ) -> SettingKey {
        SettingKey(name: name, expected: expected, standard: standard, summary: summary, type: .stringArray) {
            guard case .stringArray(let values) = $1, !values.contains("") else { return false }
            assign(&$0, values)
            return true
        }
    }
}
