internal import ArgumentParser
internal import Foundation
internal import Logging
internal import XinglinHost
internal import XinglinKit

/// What the shell offers at TAB. Nothing here waits for a network.
enum Completions {
    /// Methods that the last logins may call; before any, those of the plugins on this machine.
    static let methods = CompletionKind.custom { _, _, prefix in
        let seen = Self.known(.methods)
        return Self.matching(prefix, seen.isEmpty ? Self.loaded().flatMap(\.methods) + HostTasks.hostMethods : seen)
    }
    static let sites = CompletionKind.custom { _, _, prefix in Self.matching(prefix, Self.known(.sites)) }
    static let modules = CompletionKind.custom { _, _, prefix in
        Self.matching(prefix, Self.known(.modules) + Self.loaded().map(\.code))
    }
    static let settings = CompletionKind.custom { _, _, prefix in
        Self.matching(prefix, SettingTable.keys.map(\.name))
    }
    /// Roles until one is meant, then that role at each site.
    static let roles = CompletionKind.custom { words, index, prefix in
        // bash takes the signs for words of their own: `pharmacist`, `@`, `town`.
        let near = [index, index - 1].filter(words.indices.contains).map { words[$0] }
        if near.first == "@" { return Self.known(.sites) }
        if near.first == ":" { return ["subtree"] }
        if near.last == "@" { return Self.matching(prefix, Self.known(.sites)) }
        if near.last == ":" { return Self.matching(prefix, ["subtree"]) }
        let meant = Role.allCases.filter { "\($0.rawValue)@".hasPrefix(prefix) || prefix.hasPrefix("\($0.rawValue)@") }
        let sites = Self.known(.sites)
        guard meant.count == 1, !sites.isEmpty else { return meant.map { "\($0.rawValue)@" } }
        return Self.matching(prefix, sites.map { "\(meant[0].rawValue)@\($0)" })
    }
    static let kinds = CompletionKind.list(Site.Kind.allCases.map(\.rawValue))
    static let levels = CompletionKind.list(Logger.Level.allCases.map(\.rawValue))

    private static func known(_ kind: KnownNames.Kind) -> [String] {
        KnownNames(environment: ProcessInfo.processInfo.environment).names(kind)
    }

    /// The plugins of this machine; none where the settings or the folder of plugins are not in order.
    private static func loaded() -> [ModuleReport] {
        let loader = SettingsLoader(
            environment: ProcessInfo.processInfo.environment, workingDirectory: Files.workingDirectory)
        guard let settings = try? loader.load(SettingsFlags()) else { return [] }
        let log = Logger(label: "xinglin.completion") { _ in SwiftLogNoOpLogHandler() }
        return (try? HostTasks.modules(settings.host, log: log)) ?? []
    }

    private static func matching(_ prefix: String, _ names: [String]) -> [String] {
        Set(names.filter { $0.hasPrefix(prefix) }).sorted()
    }
}
