internal import Configuration
internal import XinglinHost
internal import XinglinKit

/// What stood on the command line; it wins over everything.
struct SettingsFlags: Sendable {
    var data: String?
    var config: String?
    var listen: String?
    var logLevel: String?
    var demo = false
}

/// Puts the settings together: flags win over the environment, the environment over the file.
struct SettingsLoader: Sendable {
    let environment: [String: String]
    /// What relative folders are relative to.
    let workingDirectory: String

    private struct Layer {
        let name: @Sendable (SettingKey) -> LocalizedText
        let value: @Sendable (SettingKey) throws -> ConfigContent?
    }

    /// - Throws: `SettingsError`.
    func load(_ flags: SettingsFlags) throws -> Settings {
        try EnvironmentNames.check(self.environment)
        var settings = Settings(dataDirectory: "data")
        settings.host.demo = flags.demo
        var layers = [try self.flagLayer(flags), self.environmentLayer()]
        try self.apply(layers, to: &settings) { $0 == "data" }
        if let file = try self.file(flags, dataDirectory: settings.host.dataDirectory) {
            layers.append(
                Layer(name: { _ in Self.plain(file.path) }, value: { try file.value($0.components, $0.type) }))
            settings.host.modules = try file.moduleSettings()
            settings.note(settings.host.modules, Self.plain(file.path))
        }
        try self.apply(layers, to: &settings) { _ in true }
        let further = self.moduleSettingsInEnvironment()
        settings.host.modules.merge(further) { $1 }
        settings.note(further, .init(zh: "环境变量", en: "the environment"))
        settings.host.dataDirectory = self.absolute(settings.host.dataDirectory)
        try self.check(settings)
        return settings
    }

    private func apply(_ layers: [Layer], to settings: inout Settings, where isWanted: (String) -> Bool) throws {
        for key in SettingTable.keys where isWanted(key.name) {
            for layer in layers {
                let found: ConfigContent?
                do {
                    found = try layer.value(key)
                } catch {
                    throw SettingsError.badValue(key.name, source: layer.name(key), expected: key.expected)
                }
                // An empty text counts as not set, as `KEY=` in a unit file means.
                guard let content = found, content != .string("") else { continue }
                guard key.apply(&settings, content) else {
                    throw SettingsError.badValue(key.name, source: layer.name(key), expected: key.expected)
                }
                settings.origins[key.name] = Settings.Origin(source: layer.name(key), value: content.text)
                break
            }
        }
    }

    private func flagLayer(_ flags: SettingsFlags) throws -> Layer {
        var values: [String: ConfigContent] = [:]
        values["data"] = flags.data.map { .string($0) }
        values["log.level"] = flags.logLevel.map { .string($0) }
        if let listen = flags.listen {
            guard let (host, port) = splitHostPort(listen) else {
                throw SettingsError.badValue(
                    "--listen", source: Self.commandLine,
                    expected: .init(zh: "HOST:PORT，例如 127.0.0.1:7443", en: "HOST:PORT, such as 127.0.0.1:7443"))
            }
            values["listen.host"] = .string(host)
            values["listen.port"] = .int(port)
        }
        let found = values
        return Layer(name: { _ in Self.commandLine }, value: { found[$0.name] })
    }

    private func environmentLayer() -> Layer {
        let provider = EnvironmentVariablesProvider(
            environmentVariables: self.environment.filter { $0.key.hasPrefix("XINGLIN_") && !$0.value.isEmpty },
            secretsSpecifier: .all)
        return Layer(
            name: {
                LocalizedText(
                    zh: "环境变量 \($0.environmentName)", en: "the environment variable \($0.environmentName)")
            },
            value: { key in
                try provider.value(forKey: AbsoluteConfigKey(["xinglin"] + key.components), type: key.type).value?
                    .content
            })
    }

    /// The file of `--config`, or `xinglin.yaml` in the data folder where there is one.
    private func file(_ flags: SettingsFlags, dataDirectory: String) throws -> SettingsFile? {
        if let path = flags.config { return try SettingsFile(path) }
        let path = self.absolute(dataDirectory) + "/xinglin.yaml"
        guard Files.exists(path) else { return nil }
        let file = try SettingsFile(path)
        guard !file.keys.contains("data") else {
            throw SettingsError.contradiction(
                .init(
                    zh: "\(path)：文件由 data 找到，其中不能再设 data；请删去该行，或用 --config 指定文件",
                    en: "\(path): data cannot be set in the file that is found by it; remove the line, or use --config")
            )
        }
        return file
    }

    /// `XINGLIN_MODULES_DECOCTION_SHELF_LIFE` is `decoction.shelfLife`.
    private func moduleSettingsInEnvironment() -> [String: String] {
        let prefix = "XINGLIN_MODULES_"
        var settings: [String: String] = [:]
        for (name, value) in self.environment where name.hasPrefix(prefix) && !value.isEmpty {
            let words = name.dropFirst(prefix.count).split(separator: "_").map { $0.lowercased() }
            guard words.count >= 2 else { continue }
            let tail = words.dropFirst(2).map { $0.prefix(1).uppercased() + $0.dropFirst() }
            settings["\(words[0]).\(words[1])\(tail.joined())"] = value
        }
        return settings
    }

    private func check(_ settings: Settings) throws {
        let host = settings.host
        guard (host.tls.certificateFile == nil) == (host.tls.keyFile == nil) else {
            throw SettingsError.contradiction(
                .init(
                    zh: "tls.certificateFile 与 tls.keyFile 须同时设定，或都不设",
                    en: "tls.certificateFile and tls.keyFile go together: set both or neither"))
        }
        guard host.fixedClock == nil || host.demo else {
            throw SettingsError.contradiction(
                .init(
                    zh: "clock.fixed 只能与 --demo 同用：请删去它，或以 --demo 启动",
                    en: "clock.fixed is accepted only with --demo: remove it, or start with --demo"))
        }
        guard host.session.idleMinutes <= host.session.lifetimeMinutes else {
            throw SettingsError.contradiction(
                .init(
                    zh: "session.idleMinutes 不能大于 session.lifetimeMinutes",
                    en: "session.idleMinutes must not be more than session.lifetimeMinutes"))
        }
    }

    private static let commandLine = LocalizedText(zh: "命令行", en: "the command line")

    private static func plain(_ path: String) -> LocalizedText { LocalizedText(zh: path, en: path) }

    private func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : "\(self.workingDirectory)/\(path)"
    }
}

extension Settings {
    /// Keeps where modules' settings came from.
    fileprivate mutating func note(_ modules: [String: String], _ source: LocalizedText) {
        for (name, value) in modules { self.origins["modules.\(name)"] = Origin(source: source, value: value) }
    }
}

extension ConfigContent {
    /// As it stands in a file.
    fileprivate var text: String {
        switch self {
        case .string(let text): text
        case .int(let number): String(number)
        case .double(let number): String(number)
        case .bool(let value): String(value)
        case .stringArray(let texts): "[\(texts.joined(separator: ", "))]"
        default: ""
        }
    }
}

/// The parts of `127.0.0.1:7443` or `[::1]:7443`, or nil.
func splitHostPort(_ text: String) -> (host: String, port: Int)? {
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
        (0...65_535).contains(port)
    else { return nil }
    var host = text[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") {
        host = host.dropFirst().dropLast()
    } else if host.contains(":") {
        return nil
    }
    return host.isEmpty ? nil : (String(host), port)
}
