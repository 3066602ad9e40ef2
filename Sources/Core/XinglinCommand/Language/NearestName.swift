internal import ArgumentParser
internal import XinglinHost

/// Finds what someone most likely meant.
enum NearestName {
    /// The name nearest by edit distance, where it is near enough to be meant.
    static func of(_ typed: String, among names: [String]) -> String? {
        if let longer = names.first(where: { typed.count >= 2 && $0.lowercased().hasPrefix(typed.lowercased()) }) {
            return longer
        }
        let nearest = names.map { (name: $0, distance: editDistance($0, typed)) }.min { $0.distance < $1.distance }
        guard let nearest, nearest.distance <= max(2, typed.count / 3) else { return nil }
        return nearest.name
    }

    /// What is wrong with a command line whose subcommand does not exist; nil where that is not the fault.
    static func unknownSubcommand(_ arguments: [String], root: any ParsableCommand.Type) -> String? {
        var command = root
        var path = root.configuration.commandName ?? ""
        for argument in arguments {
            let subcommands = command.configuration.subcommands
            guard !subcommands.isEmpty, !argument.hasPrefix("-"), argument != "help" else { return nil }
            guard let next = subcommands.first(where: { $0.configuration.commandName == argument }) else {
                return self.message(argument, path, subcommands.compactMap { $0.configuration.commandName })
            }
            command = next
            path += " \(argument)"
        }
        return nil
    }

    private static func message(_ typed: String, _ path: String, _ names: [String]) -> String {
        guard let nearest = self.of(typed, among: names) else {
            return words(
                zh: "没有命令 \"\(path) \(typed)\"；\(path) --help 列出全部命令",
                en: "there is no command \"\(path) \(typed)\"; \(path) --help lists all")
        }
        return words(
            zh: "没有命令 \"\(path) \(typed)\"，是否想用 \"\(path) \(nearest)\"？",
            en: "there is no command \"\(path) \(typed)\"; did you mean \"\(path) \(nearest)\"?")
    }
}
