internal import ArgumentParser
internal import Logging
internal import XinglinHost

struct KeysCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "keys",
            abstract: words(
                zh: "查看、轮换和停用加密列的密钥。", en: "List, rotate and retire the keys of encrypted columns."),
            discussion: words(
                zh: "备份、轮换周期以及丢失、泄露时怎么办，见 docs/keys.md。\n例：xinglin keys list --data data",
                en: """
                    docs/keys.md says how to back them up, how often to rotate, and what to do after a loss or a leak.
                    Example: xinglin keys list --data data
                    """),
            subcommands: [KeysListCommand.self, KeysRotateCommand.self, KeysRetireCommand.self])
    }
}

struct KeysListCommand: DatabaseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "list",
            abstract: words(
                zh: "列出密钥，以及各自还加密着多少个值。", en: "List the keys, and how many stored values each still seals."),
            discussion: words(zh: "例：xinglin keys list --data data", en: "Example: xinglin keys list --data data"))
    }

    @OptionGroup var options: SettingsOptions

    func run() throws {
        let settings = try self.options.load()
        let listing = try HostTasks.listKeys(settings.host, log: settings.startLogging(standard: .warning))
        for line in Self.table(listing).lines(coloured: Console.outputIsTerminal) { try Console.output(line) }
        for line in Self.remarks(listing) { try Console.output(line) }
        let isWhole = listing.strange.isEmpty && !listing.keys.contains { Self.isBad($0) }
        if !isWhole { throw ExitCode(ExitStatus.refused) }
    }

    static func table(_ listing: KeyListing) -> Table {
        let rows = listing.keys.map { key in
            let index = key.isIndex ? words(zh: "，索引", en: ", index") : ""
            let retired = key.retiredAt.map { [words(zh: "停用于 \($0)", en: "retired \($0)")] } ?? []
            return Table.Row(
                cells: [
                    String(key.id), key.state.title.here + index, key.fingerprint, key.madeAt ?? "",
                    String(key.uses.reduce(0) { $0 + $1.values }),
                ],
                below: key.uses.map { "\($0.place): \($0.values)" } + retired, colour: Self.isBad(key) ? .red : nil)
        }
        return Table(
            heading: [
                words(zh: "密钥", en: "KEY"), words(zh: "状态", en: "STATE"), words(zh: "指纹", en: "FINGERPRINT"),
                words(zh: "生成于", en: "MADE"), words(zh: "值", en: "VALUES"),
            ], rows: rows)
    }

    static func remarks(_ listing: KeyListing) -> [String] {
        let rotation = listing.rotation.map {
            [
                words(
                    zh: "换到 \($0) 号密钥的轮换尚未完成：运行 xinglin keys rotate，会从中断处继续",
                    en:
                        "a rotation to key \($0) is not finished: run xinglin keys rotate, which goes on where it stands"
                )
            ]
        }
        return (rotation ?? [])
            + listing.strange.map {
                words(
                    zh: "\($0.place)：有 \($0.values) 个值不是由已知的密钥加密的",
                    en: "\($0.place): \($0.values) values that no known key has sealed")
            }
    }

    private static func isBad(_ key: KeyReport) -> Bool { key.state == .missing || key.state == .foreign }
}

struct KeysRetireCommand: DatabaseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "retire",
            abstract: words(
                zh: "停用一个已不再加密任何值的密钥。", en: "Take a key out of use that nothing is sealed with any more."),
            discussion: words(
                zh: """
                    它的文件改名为 NNNN.key.retired，不删除。生成盲索引的密钥须在没有主机运行时停用：索引改由当前密钥重新生成。
                    例：xinglin keys retire 1 --data data
                    """,
                en: """
                    Its file is moved aside, NNNN.key.retired. The key that blind indexes are made with is retired while no
                    host runs: the indexes are made anew with the current key.
                    Example: xinglin keys retire 1 --data data
                    """))
    }

    @OptionGroup var options: SettingsOptions

    @Argument(
        help: .both(
            zh: "密钥的编号，见 xinglin keys list。", en: "The key's number, as xinglin keys list shows it.", value: "id"))
    var id: UInt32

    func run() throws {
        let settings = try self.options.load()
        try HostTasks.retireKey(self.id, settings.host, log: settings.startLogging(standard: .warning))
        try Console.output(words(zh: "已停用 \(self.id) 号密钥", en: "retired key \(self.id)"))
    }
}
