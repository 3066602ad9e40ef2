internal import ArgumentParser
internal import Logging
internal import XinglinHost
internal import XinglinKit

struct KeysRotateCommand: DatabaseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "rotate",
            abstract: words(
                zh: "启用新的密钥，并用它重新加密所有存储的值。",
                en: "Put a new key into use and seal every stored value anew with it."),
            discussion: words(
                zh: """
                    主机可以照常运行，会自行启用新密钥。中断的轮换由下一次 xinglin keys rotate 继续。
                    例：xinglin keys rotate --data data
                    """,
                en: """
                    A host may run meanwhile and takes the new key up by itself. A rotation that was broken off goes on
                    with the next xinglin keys rotate.
                    Example: xinglin keys rotate --data data
                    """))
    }

    @OptionGroup var options: SettingsOptions

    @Flag(
        help: .both(
            zh: "只生成密钥文件，以便先备份并复制到其他主机；下一次轮换启用它。",
            en: "Only make the key's file, to back it up and copy it to other hosts; the next rotate uses it."))
    var prepare = false

    var interrupted: LocalizedText {
        .init(
            zh: "再次运行 xinglin keys rotate，会从中断处继续", en: "run xinglin keys rotate again, which goes on where it stands")
    }

    func run() throws {
        let settings = try self.options.load()
        let log = settings.startLogging(standard: .warning)
        if self.prepare {
            let path = try HostTasks.prepareKey(settings.host, log: log)
            try Console.output(words(zh: "已备好 \(path)", en: "prepared \(path)"))
            return
        }
        let report = try Self.rotate(settings.host, log)
        for line in Self.lines(report) { try Console.output(line) }
        if !report.isComplete { throw ExitCode(ExitStatus.refused) }
    }

    /// A bar for each round over the columns: the second one, after the last writers have ended, is short.
    private static func rotate(_ settings: HostSettings, _ log: Logger) throws -> RotationReport {
        let label = words(zh: "重新加密", en: "sealing anew")
        var done = 0
        var total = 0
        var bar = ProgressBar(label, total: 0, locale: Language.current)
        let report = try HostTasks.rotateKeys(settings, log: log) { progress in
            if progress.total != total {
                if total > 0 { bar.finish(done) }
                total = progress.total
                bar = ProgressBar(label, total: total, locale: Language.current)
            }
            done = progress.done
            bar.update(done)
        }
        if total > 0 { bar.finish(done) }
        return report
    }

    static func lines(_ report: RotationReport) -> [String] {
        let (key, count) = (report.key, report.resealed)
        let first =
            report.isContinued
            ? words(
                zh: "继续完成换到 \(key) 号密钥的轮换：重新加密了 \(count) 个值",
                en: "went on with the rotation to key \(key): \(count) values sealed anew")
            : words(zh: "已换到 \(key) 号密钥：重新加密了 \(count) 个值", en: "rotated to key \(key): \(count) values sealed anew")
        let last =
            report.isComplete
            ? words(zh: "现在请备份密钥文件夹", en: "back up the folder of keys now")
            : words(zh: "轮换尚未完成", en: "the rotation is not finished")
        return [first] + self.left(report) + [last]
    }

    private static func left(_ report: RotationReport) -> [String] {
        let unreadable = report.unreadable.map {
            words(
                zh: "\($0.place)：有 \($0.values) 个值无法解密，保持原样 — 恢复这些值或加密它们的密钥，再运行本命令",
                en:
                    "\($0.place): \($0.values) values cannot be opened and were left as they are — restore them, or the key "
                    + "they were sealed with, and run this again")
        }
        let undeclared = report.undeclared.map {
            words(
                zh: "\($0.place)：有 \($0.values) 个加密的值，而已加载的模块都没有声明这一列 — 加载该模块（见 xinglin modules 命令），再运行本命令",
                en:
                    "\($0.place): \($0.values) values are in the form of sealed ones and no loaded module declares them — "
                    + "load the module (xinglin modules) and run this again")
        }
        guard report.imports > 0 else { return unreadable + undeclared }
        return unreadable + undeclared + [
            words(
                zh: "有 \(report.imports) 个导入在轮换前检查过、尚未应用 — 应用或取消它们，再运行本命令",
                en:
                    "\(report.imports) imports were checked before the rotation and wait — apply or cancel them, and run this again"
            )
        ]
    }
}
