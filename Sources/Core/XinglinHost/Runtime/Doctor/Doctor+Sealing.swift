internal import XinglinKit

extension Doctor {
    /// How old an unsealed row may be: a sealer that works is behind by seconds, unless a long import holds it up.
    private static let patienceSeconds = 600.0

    /// Every chain of the audit goes on, and none is far behind.
    func sealing(_ status: SealingStatus) -> Diagnosis {
        guard status.stoppedChains == 0 else {
            return .failed(
                .sealing,
                .init(
                    zh: "\(status.stoppedChains) 条审计链的最后一环被改动，已停止封存",
                    en: "\(status.stoppedChains) chains of the audit stopped: their last link was changed"),
                remedy: .init(
                    zh: "运行 xinglin audit verify 查明位置；保留数据库副本作为证据，见 docs/operations.md 的 XinglinAuditStopped",
                    en:
                        "xinglin audit verify says where; keep a copy of the database as evidence, see XinglinAuditStopped in docs/operations.md"
                ))
        }
        let seconds = max(status.oldestUnsealedAuditSeconds, status.oldestOutboxSeconds)
        guard seconds <= Self.patienceSeconds else {
            let minutes = Int(seconds / 60)
            return .warning(
                .sealing,
                .init(
                    zh: "\(status.unsealedAuditRows) 行审计、\(status.outboxRows) 个事件待封存，最早的已等 \(minutes) 分钟",
                    en:
                        "\(status.unsealedAuditRows) audit rows and \(status.outboxRows) events wait, the oldest for \(minutes) minutes"
                ),
                remedy: .init(
                    zh: "没有主机运行时，启动后会补上；否则见 docs/operations.md 的 XinglinSealerLags",
                    en:
                        "a host that starts makes up for it; where one runs, see XinglinSealerLags in docs/operations.md"
                ))
        }
        return .ok(
            .sealing,
            .init(
                zh: "\(status.unsealedAuditRows) 行审计、\(status.outboxRows) 个事件待封存",
                en: "\(status.unsealedAuditRows) audit rows and \(status.outboxRows) events wait"))
    }
}
