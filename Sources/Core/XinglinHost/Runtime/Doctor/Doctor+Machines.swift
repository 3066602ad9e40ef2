internal import XinglinKit
internal import XinglinPostgres

extension Doctor {
    /// The certificates of machine accounts in use are valid for some time yet.
    func machines() -> [Diagnosis] {
        do {
            guard let conninfo = try self.conninfo() else { return [] }
            return [try self.machines(Connection(conninfo, applicationName: "xinglin doctor"))]
        } catch {
            return [
                .warning(
                    .machines, explained(error),
                    remedy: .init(
                        zh: "先检查数据库；缺少迁移时运行 xinglin migrate",
                        en: "check the database first; run xinglin migrate where migrations are missing"))
            ]
        }
    }

    /// Of each machine the certificate that lasts longest counts: the earlier ones have been replaced.
    private func machines(_ connection: Connection) throws -> Diagnosis {
        let now = HostClock.system.now
        let last: [(String, Timestamp)] = try connection.query(
            """
            SELECT account, max(expires_at) FROM host.machine_certificate JOIN host.account USING (account_id) \
            WHERE revoked_at IS NULL AND NOT disabled GROUP BY account ORDER BY 2, 1
            """
        ).decode()
        guard let first = last.first else {
            return .ok(.machines, .init(zh: "没有接口账号的证书", en: "no machine has one"))
        }
        let until = first.1.localDate
        let soon = last.count { $0.1 < now.adding(seconds: Int64(self.settings.doctor.certificateWarnDays) * 86_400) }
        guard soon > 0 else {
            return .ok(
                .machines,
                .init(zh: "\(last.count) 个，最早 \(until) 到期", en: "\(last.count) machines, the first expires on \(until)")
            )
        }
        return .warning(
            .machines,
            .init(
                zh: "\(last.count) 个中有 \(soon) 个已到期或即将到期，最早为 \(first.0)（\(until)）",
                en: "\(soon) of \(last.count) expired or soon to, the first is \(first.0) on \(until)"),
            remedy: .init(
                zh: "让该接口账号续期（machine.renew，或 xinglin enrol --renew）；已不使用的请停用账号",
                en: "let the machine renew (machine.renew, xinglin enrol --renew), or disable its account if it is gone"
            ))
    }
}
