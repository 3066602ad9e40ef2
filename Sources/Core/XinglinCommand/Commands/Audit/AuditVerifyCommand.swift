internal import ArgumentParser
internal import Logging
internal import XinglinCrypto
internal import XinglinHost
internal import XinglinKit

struct AuditVerifyCommand: DatabaseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "verify",
            abstract: words(
                zh: "核验每条审计记录、每条链和每个检查点；有不符则退出码为 1。",
                en: "Check every audit row, chain and checkpoint; exit code 1 where anything is not as it was sealed."),
            discussion: words(
                zh: """
                    主机可以照常运行。--checkpoint 与导出的检查点对照：数据库中的链尾和检查点一并被截断时，只有这样才能发现。
                    退出码：0 全部相符，1 有不符或无法核验，2 用法有误。
                    例：xinglin audit verify --data data --checkpoint /mnt/anchor/checkpoints.jsonl
                    """,
                en: """
                    A host may run meanwhile. --checkpoint compares with exported checkpoints: only this finds that both the
                    end of a chain and the checkpoints over it were cut off in the database.
                    Exit codes: 0 all is as it was sealed, 1 something is not, or could not be checked, 2 wrong usage.
                    Example: xinglin audit verify --data data --checkpoint /mnt/anchor/checkpoints.jsonl
                    """))
    }

    @OptionGroup var options: SettingsOptions

    @Option(
        help: .both(
            zh: "导出的检查点文件；可多次给出。", en: "A file of exported checkpoints; may be given several times.",
            value: "file"), completion: .file(extensions: ["jsonl"]))
    var checkpoint: [String] = []

    @Option(
        help: .both(
            zh: "只信任此公钥（PEM）签名的检查点；可多次给出。",
            en: "Trust only checkpoints signed with this public key (PEM); may be given several times.", value: "file"),
        completion: .file(extensions: ["pem"]))
    var publicKey: [String] = []

    func run() throws {
        let keys = try self.publicKey.map { try Self.key($0) }
        let settings = try self.options.load()
        let log = settings.startLogging(standard: .warning)
        let bar = Console.errorIsTerminal ? AuditBar() : nil
        let report = try HostTasks.verifyAudit(
            settings.host, AuditCheck(exported: self.checkpoint, keys: keys), log: log
        ) { bar?.show($0) }
        bar?.finish()
        for line in Self.lines(report) { try Console.output(line) }
        if !report.isClean { throw ExitCode(ExitStatus.refused) }
    }

    private static func key(_ path: String) throws -> VerifyingKey {
        guard let pem = try PublicFile.read(path) else {
            throw Failure(
                words(zh: "\(path)：没有这个文件", en: "\(path): there is no such file"), exitCode: ExitStatus.usage)
        }
        return try VerifyingKey(pem: pem)
    }

    static func lines(_ report: AuditVerification) -> [String] {
        let findings = report.findings.map(\.text.here)
        let further = report.count - report.findings.count
        return self.summary(report) + findings
            + (further > 0 ? [words(zh: "…… 另有 \(further) 处", en: "… and \(further) more")] : [])
            + [self.verdict(report)]
    }

    private static func verdict(_ report: AuditVerification) -> String {
        if !report.isClean {
            return words(
                zh: "发现 \(report.count) 处不符", en: report.count == 1 ? "1 finding" : "\(report.count) findings")
        }
        if report.isCompared { return words(zh: "全部与封存时相符", en: "all is as it was sealed") }
        return words(
            zh: "没有检查点可供对照 — 请用 --checkpoint 指定导出的检查点",
            en: "there is no checkpoint to compare with — give exported ones with --checkpoint")
    }

    private static func summary(_ report: AuditVerification) -> [String] {
        var lines = [
            words(
                zh: "已核验 \(report.rows) 条记录（\(report.chains) 条链），另有 \(report.waiting) 条等待封存",
                en: "\(report.rows) rows checked in \(report.chains) chains; \(report.waiting) more wait to be sealed"),
            words(
                zh: "已核验 \(report.checkpoints) 个检查点；最后一个之后封存了 \(report.uncovered) 条",
                en: "\(report.checkpoints) checkpoints checked; \(report.uncovered) rows were sealed after the last"),
        ]
        if report.exported > 0 {
            lines.append(
                words(
                    zh: "已对照 \(report.exported) 个导出的检查点",
                    en: "\(report.exported) exported checkpoints compared"))
        }
        return lines
            + report.signers.sorted { $0.key < $1.key }.map { key, count in
                let isOwn = key == report.ownKey
                return words(
                    zh: "签名密钥 \(key)：\(count) 个检查点\(isOwn ? "（本数据文件夹）" : "")",
                    en: "signing key \(key): \(count) checkpoints\(isOwn ? " (this data folder's)" : "")")
            }
    }
}

/// The bar of a verification, whose length is known when its first part is done.
private final class AuditBar {
    private var bar = ProgressBar(words(zh: "核验", en: "verifying"), total: 0, locale: Language.current)
    private var total = 0
    private var done = 0

    func show(_ progress: AuditProgress) {
        if progress.total != self.total {
            self.total = progress.total
            self.bar = ProgressBar(words(zh: "核验", en: "verifying"), total: self.total, locale: Language.current)
        }
        self.done = progress.done
        self.bar.update(self.done)
    }

    func finish() {
        if self.total > 0 { self.bar.finish(self.done) }
    }
}
