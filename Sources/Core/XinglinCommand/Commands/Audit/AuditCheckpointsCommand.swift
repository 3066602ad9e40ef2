internal import ArgumentParser
internal import Glibc
internal import Logging
internal import XinglinHost
internal import XinglinKit

struct AuditCheckpointsCommand: DatabaseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "checkpoints",
            abstract: words(
                zh: "列出签名的检查点，导出或打印。", en: "List the signed checkpoints, export them, or print one."),
            discussion: words(
                zh: """
                    --export 把全部检查点写成 JSON 行，存放到数据库管理员够不着的地方；已有的文件只会增补：其中若有数据库已缺的检查点，
                    则拒绝导出，文件保持不变（退出码 1）。--print 给出一页，可打印、签字、归档。
                    例：xinglin audit checkpoints --export /mnt/anchor/checkpoints.jsonl --data data
                    """,
                en: """
                    --export writes all of them as lines of JSON, to be kept where the database's administrators cannot
                    reach. A file that is there only ever grows: where it has a checkpoint that the database lacks, the
                    export is refused and the file left as it is (exit code 1). --print gives a page to print, sign and file.
                    Example: xinglin audit checkpoints --export /mnt/anchor/checkpoints.jsonl --data data
                    """))
    }

    @OptionGroup var options: SettingsOptions

    @Option(
        help: .both(
            zh: "把全部检查点写入此文件（- 为标准输出）。", en: "Write all checkpoints to this file (- is stdout).",
            value: "file"), completion: .file(extensions: ["jsonl"]))
    var export: String?

    @Flag(help: .both(zh: "给出一个检查点的打印页。", en: "Give the page of one checkpoint, for printing."))
    var print = false

    @Option(
        parsing: .unconditional,
        help: .both(
            zh: "打印哪一个；不给则为最新的。", en: "Which one to print; the newest unless told.", value: "number"))
    var number: Int64?

    @Option(
        parsing: .unconditional,
        help: .both(zh: "列出最新的多少个。", en: "How many of the newest to list.", value: "count"))
    var last = 20

    func validate() throws {
        guard self.last > 0, self.number ?? 1 > 0 else {
            throw ValidationError(words(zh: "--last 和 --number 应大于 0", en: "--last and --number must be above 0"))
        }
        guard self.export == nil || !self.print else {
            throw ValidationError(
                words(zh: "--export 与 --print 不能同用", en: "--export and --print do not go together"))
        }
    }

    func run() throws {
        let settings = try self.options.load()
        let log = settings.startLogging(standard: .warning)
        if let export { return try Self.export(to: export, settings.host, log) }
        if self.print { return try self.printPage(settings.host, log) }
        var table = Table(heading: [
            words(zh: "编号", en: "NUMBER"), words(zh: "时间", en: "TIME"), words(zh: "记录数", en: "ROWS"),
            words(zh: "摘要", en: "DIGEST"),
        ])
        try HostTasks.checkpoints(settings.host, last: self.last, log: log) { line in
            let checkpoint = line.checkpoint
            table.rows.append(
                Table.Row(cells: [
                    String(checkpoint.number), "\(checkpoint.at)", String(checkpoint.total), checkpoint.digest,
                ]))
        }
        for line in table.lines(coloured: Console.outputIsTerminal) { try Console.output(line) }
    }

    private func printPage(_ settings: HostSettings, _ log: Logger) throws {
        var isFound = false
        try HostTasks.checkpoints(settings, number: self.number, last: self.number == nil ? 1 : nil, log: log) { line in
            isFound = true
            for text in CheckpointPage.lines(line) { try Console.output(text) }
        }
        if !isFound {
            throw Failure(
                self.number.map { words(zh: "没有检查点 \($0)", en: "there is no checkpoint \($0)") }
                    ?? words(zh: "还没有检查点", en: "there is no checkpoint yet"))
        }
    }

    /// Written whole or not at all: a file that ends early would look like a cut.
    private static func export(to path: String, _ settings: HostSettings, _ log: Logger) throws {
        if path == "-" {
            try HostTasks.checkpoints(settings, log: log) { try Console.output($0.text) }
            return
        }
        let temporary = "\(path).\(getpid()).new"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw FileFailure(temporary) }
        defer { close(descriptor) }
        var count = 0
        do {
            let write = { (line: CheckpointLine) in
                try Files.writeAll(Array(line.text.utf8) + [0x0A], to: descriptor, name: temporary)
                count += 1
            }
            // An older export may be the only thing that tells of what was cut away since.
            if Files.exists(path) {
                try HostTasks.checkpoints(settings, inPlaceOf: path, log: log, write)
            } else {
                try HostTasks.checkpoints(settings, log: log, write)
            }
            guard fsync(descriptor) == 0 else { throw FileFailure(temporary) }
            guard rename(temporary, path) == 0 else { throw FileFailure(path) }
        } catch {
            unlink(temporary)
            throw error
        }
        try Console.output(words(zh: "已导出 \(count) 个检查点到 \(path)", en: "exported \(count) checkpoints to \(path)"))
    }
}
