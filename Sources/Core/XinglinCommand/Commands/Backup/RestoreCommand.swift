internal import ArgumentParser
internal import Logging
internal import XinglinCrypto
internal import XinglinHost
internal import XinglinKit

struct RestoreCommand: DatabaseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "restore",
            abstract: words(
                zh: "把备份恢复到空的数据文件夹或数据库；或验证一份备份。",
                en: "Restore a backup into an empty data folder or database; or verify one."),
            discussion: words(
                zh: """
                    例：xinglin restore --verify --data data /backup/xinglin-20261122
                    例：xinglin restore --data data --keys /media/usb/xinglin.keys
                    例：xinglin restore --data data /backup/xinglin-20261122

                    先恢复密钥，再恢复数据库。--verify 恢复到临时的数据库，检查后删除，不改动其他任何东西。
                    """,
                en: """
                    Example: xinglin restore --verify --data data /backup/xinglin-20261122
                    Example: xinglin restore --data data --keys /media/usb/xinglin.keys
                    Example: xinglin restore --data data /backup/xinglin-20261122

                    Restore the keys first, then the database. --verify restores into a scratch database, examines it and removes it
                    again; it changes nothing else.
                    """))
    }

    @Argument(
        help: .both(zh: "xinglin backup 写成的文件夹。", en: "The folder that xinglin backup has written."),
        completion: .directory)
    var backup: String?

    @OptionGroup var options: SettingsOptions

    @Flag(help: .both(zh: "只验证：恢复到临时数据库并逐项检查。", en: "Verify alone: restore into a scratch database and examine it."))
    var verify = false

    @Option(
        help: .both(
            zh: "xinglin backup --keys 写成的文件。", en: "The file that xinglin backup --keys has written.", value: "file"),
        completion: .file())
    var keys: String?

    @Option(
        help: .both(
            zh: "临时数据库所在的文件夹，须有与数据库相当的空间。",
            en: "Where the scratch database lies; it takes as much space as the database.",
            value: "folder"), completion: .directory)
    var scratch = "/tmp"

    func validate() throws {
        guard (self.backup == nil) != (self.keys == nil), !self.verify || self.backup != nil else {
            throw ValidationError(
                words(zh: "请给出备份的文件夹，或 --keys 的文件", en: "name the folder of a backup, or the file of --keys"))
        }
    }

    var interrupted: LocalizedText {
        self.verify
            ? .init(zh: "备份没有验证，临时数据库已删除", en: "the backup is not verified; the scratch database was removed")
            : .init(zh: "没有恢复任何数据", en: "nothing was restored")
    }

    var heedsSignals: Bool { self.keys == nil }

    func run() throws {
        let settings = try self.options.load()
        let log = settings.startLogging(standard: .warning)
        if let path = self.keys {
            let archive = try Self.archive(path)
            let written = try HostTasks.restoreKeys(archive, settings.host)
            try Console.output(
                words(
                    zh: "写入 \(written.count) 个文件，其余 \(archive.files.count - written.count) 个已在",
                    en: "\(written.count) files written, \(archive.files.count - written.count) were there already"))
            return
        }
        let path = Files.absolute(self.backup ?? "")
        if self.verify {
            let report = try HostTasks.verifyBackup(
                settings.host, path, scratch: Files.absolute(self.scratch),
                // Whoever names a data folder means its keys too.
                withKeys: settings.origins["data"] != nil, log: log)
            for line in Self.lines(report) { try Console.output(line) }
            return
        }
        let manifest = try HostTasks.restore(settings.host, from: path, log: log)
        try Console.output(
            words(
                zh:
                    "已恢复 \(manifest.tables.count) 张表、\(manifest.rows) 行，数据截至 \(manifest.takenAt)；请运行 xinglin doctor 后启动主机",
                en:
                    "restored \(manifest.tables.count) tables, \(manifest.rows) rows, as of \(manifest.takenAt); run xinglin doctor, then start the host"
            ))
    }

    private static func archive(_ path: String) throws -> KeyArchive {
        let sealed = try Files.read(path)
        do {
            return try KeyArchive(sealed, passphrase: try Passphrase.known())
        } catch CryptoError.notAuthentic {
            throw Failure(
                words(
                    zh: "口令不对，或者 \(path) 已损坏 — 请核对口令（注意大小写和输入法）；确认无误仍不行，请改用另一份密钥备份",
                    en:
                        "the passphrase is not the one of \(path), or the file is damaged — check the passphrase; if it is right, use another copy of the keys"
                ))
        }
    }

    static func lines(_ report: BackupReport) -> [String] {
        let manifest = report.manifest
        return [
            words(
                zh: "文件：\(manifest.files.count) 个，摘要相符", en: "files: \(manifest.files.count), digests as they should be"
            ),
            words(
                zh: "行数：\(manifest.tables.count) 张表共 \(manifest.rows) 行，\(manifest.largeObjects) 个大对象，与清单相符",
                en:
                    "rows: \(manifest.rows) of \(manifest.tables.count) tables, \(manifest.largeObjects) large objects, as the manifest says"
            ),
            words(zh: "约束：\(report.constraints) 项，全部有效", en: "constraints: \(report.constraints), all valid"),
            words(zh: "审计：\(report.auditRows) 条，校验通过", en: "audit: \(report.auditRows) rows, verified"),
            report.opened.map {
                words(
                    zh: "密钥：与备份相符，抽查 \($0) 个密文全部可解",
                    en: "keys: those of the backup; \($0) values of a sample were opened")
            }
                ?? words(
                    zh: "密钥：未检查；用 --data 指定密钥所在的数据文件夹",
                    en: "keys: not examined; name the data folder that has them with --data"),
        ]
    }
}
