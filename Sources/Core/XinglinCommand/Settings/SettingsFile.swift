internal import Configuration
internal import Synchronization
internal import XinglinKit

/// A settings file: YAML, or JSON where its name ends so.
struct SettingsFile: Sendable {
    let path: String
    /// Every key that the file sets.
    let keys: Set<String>
    private let snapshot: any ConfigSnapshot

    /// - Throws: `SettingsError.unreadable`, `SettingsError.unknownKey`.
    init(_ path: String) throws {
        let content: [UInt8]
        do {
            content = try Files.read(path)
        } catch {
            throw SettingsError.unreadable(
                file: path,
                reason: .init(
                    zh: "\(error.reason)；请指定存在的文件，或省去 --config",
                    en: "\(error.reason); name a file that exists, or leave --config out"))
        }
        try self.init(path, content: content)
    }

    init(_ path: String, content: [UInt8]) throws {
        self.path = path
        // Snapshots do not tell their keys, but they ask for each one whether it is secret.
        let collector = KeyCollector()
        do {
            self.snapshot = try Self.parse(path, content, collector)
        } catch {
            let reason = "\(error)".split(whereSeparator: \.isNewline).joined(separator: " ")
            throw SettingsError.unreadable(
                file: path, reason: .init(zh: "无法作为设置文件读取：\(reason)", en: "cannot be read as settings: \(reason)"))
        }
        self.keys = collector.keys
        for key in self.keys.sorted() where !self.isKnown(key) {
            throw SettingsError.unknownKey(key, file: path, nearest: SettingTable.nearest(to: key))
        }
    }

    /// The value in the file, or nil.
    /// - Throws: where the value is of another type.
    func value(_ components: [String], _ type: ConfigType) throws -> ConfigContent? {
        try self.snapshot.value(forKey: AbsoluteConfigKey(components), type: type).value?.content
    }

    /// The modules' own settings, by `<code>.<name>`.
    func moduleSettings() throws -> [String: String] {
        var settings: [String: String] = [:]
        for key in self.keys where key.hasPrefix("modules.") {
            let components = key.split(separator: ".").map(String.init)
            guard let text = self.scalarText(components) else {
                throw SettingsError.badValue(
                    key, source: .init(zh: self.path, en: self.path),
                    expected: .init(zh: "文字、数字、true 或 false", en: "a text, a number, true or false"))
            }
            settings[components.dropFirst().joined(separator: ".")] = text
        }
        return settings
    }

    /// The text of a single value of whatever type, or nil.
    func scalarText(_ components: [String]) -> String? {
        for type in [ConfigType.string, .int, .double, .bool] {
            // A value of another type is no failure here: the next type is tried.
            switch try? self.value(components, type) {
            case .string(let text): return text
            case .int(let number): return String(number)
            case .double(let number): return String(number)
            case .bool(let value): return String(value)
            default: continue
            }
        }
        return nil
    }

    private func isKnown(_ key: String) -> Bool {
        if SettingTable.keys.contains(where: { $0.name == key }) { return true }
        let components = key.split(separator: ".").map(String.init)
        if components.count == 3, components[0] == "modules" { return true }
        // A section whose lines are all commented out.
        let isSection = key == "modules" || SettingTable.keys.contains { $0.name.hasPrefix(key + ".") }
        return isSection && self.scalarText(components) == ""
    }

    private static func parse(
        _ path: String, _ content: [UInt8], _ collector: KeyCollector
    ) throws -> any ConfigSnapshot {
        if path.hasSuffix(".json") {
            return try JSONSnapshot(
                data: content.span.bytes, providerName: path,
                parsingOptions: .init(secretsSpecifier: .dynamic { key, _ in collector.add(key) }))
        }
        return try YAMLSnapshot(
            data: content.span.bytes, providerName: path,
            parsingOptions: .init(secretsSpecifier: .dynamic { key, _ in collector.add(key) }))
    }
}

private final class KeyCollector: Sendable {
    private let collected = Mutex<Set<String>>([])

    var keys: Set<String> { self.collected.withLock { $0 } }

    /// Every value counts as secret: connection strings hold passwords.
    func add(_ key: String) -> Bool {
        self.collected.withLock { _ = $0.insert(key) }
        return true
    }
}
