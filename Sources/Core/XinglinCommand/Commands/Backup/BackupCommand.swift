internal import ArgumentParser
internal import Glibc
internal import Logging
internal import XinglinCrypto
internal import XinglinHost
internal import XinglinKit

struct BackupCommand: DatabaseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "backup",
            abstract: words(
                zh: "备份数据库（主机可照常运行），或把密钥另存为加密文件。",
                en: "Back up the database beside a running host; or the keys, apart, into an encrypted file."),
            discussion: words(
                zh: """
                    例：xinglin backup --data data --output /backup/xinglin-20261122
                    例：xinglin backup --data data --keys /media/usb/xinglin.keys

                    数据库的备份中没有密钥；没有密钥，其中加密的列无法读取。两者分开保管。
                    """,
                en: """
                    Example: xinglin backup --data data --output /backup/xinglin-20261122
                    Example: xinglin backup --data data --keys /media/usb/xinglin.keys

                    A backup of the database holds no keys, and without them its encrypted columns cannot be read. Keep both, apart.
                    """))
    }

    @OptionGroup var options: SettingsOptions

    @Option(
        help: .both(zh: "要新建的文件夹，备份写入其中。", en: "The folder to make and to write the backup to.", value: "folder"),
        completion: .directory)
    var output: String?

    @Option(
        help: .both(
            zh: "要新建的文件：密钥和证书，用口令加密。", en: "The file to make: keys and certificates, closed by a passphrase.",
            value: "file"), completion: .file())
    var keys: String?

    func validate() throws {
        guard (self.output == nil) != (self.keys == nil) else {
            throw ValidationError(words(zh: "请给出 --output 或 --keys 之一", en: "give either --output or --keys"))
        }
    }

    var interrupted: LocalizedText {
        .init(zh: "没有写出备份", en: "no backup was written")
    }

    var heedsSignals: Bool { self.keys == nil }

    func run() throws {
        let settings = try self.options.load()
        let log = settings.startLogging(standard: .warning)
        if let path = self.keys { return try Self.archive(settings.host, Files.absolute(path)) }
        var path = Files.absolute(self.output ?? "")
        while path.utf8.count > 1, path.hasSuffix("/") { path.removeLast() }
        let manifest = try HostTasks.backUp(settings.host, to: path, log: log)
        for line in Self.lines(manifest, path) { try Console.output(line) }
    }

    private static func archive(_ settings: HostSettings, _ path: String) throws {
        guard !Files.exists(path) else { throw Failure(words(zh: "\(path) 已存在", en: "\(path) exists already")) }
        let archive = try HostTasks.archiveKeys(settings)
        let passphrase = try Passphrase.new()
        try archive.write(to: path, passphrase: passphrase)
        try Console.output(
            words(
                zh: "\(path)：\(archive.files.count) 个密钥和证书文件。口令须另行妥善保管，丢失则无法恢复",
                en:
                    "\(path): \(archive.files.count) files of keys and certificates. Keep the passphrase apart; without it they are lost"
            ))
    }

    static func lines(_ manifest: BackupManifest, _ path: String) -> [String] {
        let keys = manifest.keys.map { String($0.id) }.joined(separator: ", ")
        return [
            words(
                zh:
                    "\(path)：\(manifest.tables.count) 张表，\(manifest.rows) 行，\(manifest.largeObjects) 个大对象，\(manifest.bytes) 字节，截至 \(manifest.takenAt)",
                en:
                    "\(path): \(manifest.tables.count) tables, \(manifest.rows) rows, \(manifest.largeObjects) large objects, \(manifest.bytes) bytes, as of \(manifest.takenAt)"
            ),
            words(
                zh: "需要的密钥：\(keys)（另行备份：xinglin backup --keys）",
                en: "keys needed: \(keys) (back them up apart: xinglin backup --keys)"),
        ]
    }
}

/// The passphrase of an archive of keys.
enum Passphrase {
    static let variable = "XINGLIN_BACKUP_PASSPHRASE"

    /// A new one, asked for twice at the terminal where the environment has none.
    static func new() throws -> String {
        let passphrase = try self.given() ?? self.ask(words(zh: "新口令：", en: "New passphrase: "))
        guard passphrase.unicodeScalars.count >= KeyArchive.shortestPassphrase else {
            throw Failure(
                words(
                    zh: "口令至少 \(KeyArchive.shortestPassphrase) 个字符",
                    en: "a passphrase has at least \(KeyArchive.shortestPassphrase) characters"))
        }
        if self.given() == nil, try self.ask(words(zh: "再次输入：", en: "Again: ")) != passphrase {
            throw Failure(words(zh: "两次输入的口令不同", en: "the passphrases differ"))
        }
        return passphrase
    }

    /// The one that an archive was made with.
    static func known() throws -> String {
        try self.given() ?? self.ask(words(zh: "口令：", en: "Passphrase: "))
    }

    private static func given() -> String? {
        guard let value = getenv(self.variable).map({ String(cString: $0) }), !value.isEmpty else { return nil }
        return value
    }

    private static func ask(_ prompt: String) throws -> String {
        guard let line = try PasswordPrompt.ask(prompt) else {
            throw Failure(
                words(
                    zh: "没有终端可以询问口令：请设置环境变量 \(self.variable)",
                    en: "there is no terminal to ask at: set \(self.variable)"),
                exitCode: ExitStatus.usage)
        }
        return line
    }
}
