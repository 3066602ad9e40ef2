internal import Configuration
internal import XinglinHost
internal import XinglinKit

/// One setting: its name, what it takes, its default and what it does. docs/settings.md and
/// deploy/xinglin.example.yaml say the same, and a test holds them to it.
struct SettingKey: Sendable {
    /// As in the file, `listen.port`.
    let name: String
    let expected: LocalizedText
    /// The default as it stands in the file, or nil where there is none.
    let standard: String?
    let summary: LocalizedText
    let type: ConfigType
    /// What stands in the example file where there is no default.
    var example: String?
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

extension LocalizedText {
    static let folder = LocalizedText(zh: "文件夹", en: "a folder")
    static let file = LocalizedText(zh: "文件", en: "a file")
    static let conninfo = LocalizedText(zh: "libpq 连接串或 URL", en: "a libpq connection string or URL")
}

typealias SettingPath<Value> = any WritableKeyPath<HostSettings, Value> & Sendable

extension SettingKey {
    private static var untouched: HostSettings { HostSettings(dataDirectory: "data") }

    static func integer(
        _ name: String, _ path: SettingPath<Int>, _ range: ClosedRange<Int>, _ summary: LocalizedText
    ) -> SettingKey {
        let (least, most) = (range.lowerBound, range.upperBound)
        return SettingKey(
            name: name,
            expected: .init(zh: "\(least) 到 \(most) 的整数", en: "a whole number from \(least) to \(most)"),
            standard: String(Self.untouched[keyPath: path]), summary: summary, type: .int
        ) { settings, content in
            guard case .int(let value) = content, range.contains(value) else { return false }
            settings.host[keyPath: path] = value
            return true
        }
    }

    static func text(
        _ name: String, _ path: SettingPath<String>, _ expected: LocalizedText, _ summary: LocalizedText,
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
        _ name: String, _ path: SettingPath<String?>, _ expected: LocalizedText, _ summary: LocalizedText,
        example: String
    ) -> SettingKey {
        SettingKey(
            name: name, expected: expected, standard: nil, summary: summary, type: .string, example: example
        ) { settings, content in
            guard case .string(let value) = content else { return false }
            settings.host[keyPath: path] = value
            return true
        }
    }

    static func instant(
        _ name: String, _ path: SettingPath<Timestamp?>, _ summary: LocalizedText
    ) -> SettingKey {
        let example = "2026-11-22T09:00:00+08:00"
        return SettingKey(
            name: name,
            expected: .init(zh: "时刻，例如 \(example)", en: "an instant such as \(example)"), standard: nil,
            summary: summary, type: .string, example: example
        ) { settings, content in
            guard case .string(let text) = content, let instant = Timestamp(text) else { return false }
            settings.host[keyPath: path] = instant
            return true
        }
    }

    static func choice<Value: CaseIterable & RawRepresentable<String> & SendableMetatype>(
        _ name: String, _ standard: Value, _ summary: LocalizedText,
        _ assign: @escaping @Sendable (inout Settings, Value) -> Void
    ) -> SettingKey {
        let names = Value.allCases.map(\.rawValue).joined(separator: ", ")
        return SettingKey(
            name: name, expected: .init(zh: "其中之一：\(names)", en: "one of \(names)"), standard: standard.rawValue,
            summary: summary, type: .string
        ) { settings, content in
            guard case .string(let text) = content, let value = Value(rawValue: text) else { return false }
            assign(&settings, value)
            return true
        }
    }

    static func list(
        _ name: String, standard: String?, _ expected: LocalizedText, _ summary: LocalizedText,
        example: String? = nil, _ assign: @escaping @Sendable (inout Settings, [String]) -> Void
    ) -> SettingKey {
        SettingKey(
            name: name, expected: expected, standard: standard, summary: summary, type: .stringArray, example: example
        ) {
            guard case .stringArray(let values) = $1, !values.contains("") else { return false }
            assign(&$0, values)
            return true
        }
    }
}
