internal import Glibc
internal import Logging
internal import XinglinCrypto
internal import XinglinKit
internal import XinglinPostgres

/// What `xinglin doctor` says of the private CA and of the machines' certificates. It changes nothing.
struct CertificateChecks {
    let settings: HostSettings
    let log: Logger

    /// A new CA must be given to every client: that needs time.
    private static let authorityDays: Int64 = 180
    private static let machineDays: Int64 = 30

    private var now: Int64 { HostClock.system.now.secondsSince1970 }

    func authority() -> Diagnosis {
        let file = "\(HostFolders(self.settings.dataDirectory).tls)/ca.pem"
        guard access(file, F_OK) == 0 else {
            return Diagnosis(
                check: "private CA", status: .warning, finding: "there is none yet",
                remedy: "the first xinglin serve makes one")
        }
        do {
            let days = (try CertificateInfo.read(pemFile: file).notAfter - self.now) / 86_400
            let status: Diagnosis.Status = days < 0 ? .failed : days < Self.authorityDays ? .warning : .ok
            return Diagnosis(
                check: "private CA", status: status,
                finding: days < 0 ? "expired \(-days) days ago" : "valid for \(days) days",
                remedy: status == .ok
                    ? nil
                    : "move \(file) away and restart: a new one is made; give it to all clients and enrol the machines again"
            )
        } catch {
            return Diagnosis(
                check: "private CA", status: .failed, finding: String(describing: error),
                remedy: "restore ca.pem and ca.key from one backup")
        }
    }

    func machines() -> Diagnosis {
        let name = "machine certificates"
        do {
            guard let conninfo = self.conninfo() else {
                return Diagnosis(
                    check: name, status: .ok, finding: "not looked at: the embedded cluster is stopped", remedy: nil)
            }
            let connection = try Connection(conninfo, applicationName: "xinglin doctor")
            return try self.machines(connection, name)
        } catch {
            return Diagnosis(
                check: name, status: .warning, finding: String(describing: error),
                remedy: "check the database first; run xinglin migrate where migrations are missing")
        }
    }

    private func conninfo() -> String? {
        if let url = self.settings.database.url { return url }
        let cluster = DatabaseSetup(settings: self.settings, log: self.log).cluster
        return cluster.isRunning ? cluster.superuserConninfo(database: DatabaseSetup.databaseName) : nil
    }

    /// Of each machine in use the certificate that lasts longest counts: the earlier ones have been replaced.
    private func machines(_ connection: Connection, _ name: String) throws -> Diagnosis {
        let now = Timestamp(secondsSince1970: self.now)
        let last: [(String, Timestamp)] = try connection.query(
            """
            SELECT account, max(expires_at) FROM host.machine_certificate JOIN host.account USING (account_id) \
            WHERE revoked_at IS NULL AND NOT disabled GROUP BY account ORDER BY 2, 1
            """
        ).decode()
        guard let first = last.first else {
            return Diagnosis(check: name, status: .ok, finding: "no machine has one", remedy: nil)
        }
        let days = (first.1.microseconds - now.microseconds) / 86_400_000_000
        let soon = last.count { $0.1 < now.adding(seconds: Self.machineDays * 86_400) }
        guard soon > 0 else {
            return Diagnosis(
                check: name, status: .ok, finding: "\(last.count) machines, the first expires in \(days) days",
                remedy: nil)
        }
        return Diagnosis(
            check: name, status: .warning,
            finding: first.1 <= now
                ? "\(soon) of \(last.count) expired or soon to: \(first.0) already"
                : "\(soon) of \(last.count) expire soon, the first in \(days) days: \(first.0)",
            remedy: "let the machine renew (machine.renew, xinglin enrol --renew), or disable its account if it is gone"
        )
    }
}
