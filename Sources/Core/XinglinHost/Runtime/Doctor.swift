internal import Glibc
public import Logging
internal import XinglinCrypto
internal import XinglinKit
internal import XinglinPostgres

/// One finding of `xinglin doctor`.
public struct Diagnosis: Sendable {
    public enum Status: String, Sendable {
        case ok
        case warning
        case failed
    }
    public let check: String
    public let status: Status
    public let finding: String
    /// What to do about it; nil where nothing needs doing.
    public let remedy: String?
}

extension HostTasks {
    /// Checks what a host needs, and says what to do about what is not right. It changes nothing.
    public static func diagnose(_ settings: HostSettings, log: Logger) -> [Diagnosis] {
        let doctor = Doctor(settings: settings, log: log)
        let certificates = CertificateChecks(settings: settings, log: log)
        return [
            doctor.dataFolder(), doctor.keys(), doctor.certificate(), doctor.disk(), doctor.plugins(),
            doctor.database(), certificates.authority(), certificates.machines(),
        ]
    }
}

private struct Doctor {
    let settings: HostSettings
    let log: Logger
    private var folders: HostFolders { HostFolders(self.settings.dataDirectory) }

    func dataFolder() -> Diagnosis {
        let root = self.folders.root
        guard access(root, F_OK) == 0 else {
            return Diagnosis(
                check: "data folder", status: .warning, finding: "\(root) is not there yet",
                remedy: "the first xinglin serve makes it")
        }
        guard access(root, R_OK | W_OK | X_OK) == 0 else {
            return Diagnosis(
                check: "data folder", status: .failed, finding: "\(root) cannot be written",
                remedy: "run as the user that owns it, or correct its owner and mode")
        }
        return Diagnosis(check: "data folder", status: .ok, finding: root, remedy: nil)
    }

    func keys() -> Diagnosis {
        do {
            guard try KeyRing.exists(directory: self.folders.keys) else {
                return Diagnosis(
                    check: "keys", status: .warning, finding: "there is no key yet",
                    remedy: "the first xinglin serve makes one")
            }
            let ring = try KeyRing.loadOrCreate(directory: self.folders.keys)
            return Diagnosis(check: "keys", status: .ok, finding: "key \(ring.currentID) in use", remedy: nil)
        } catch {
            return Diagnosis(
                check: "keys", status: .failed, finding: String(describing: error),
                remedy: "restore the folder of keys from its own backup; without it encrypted columns cannot be read")
        }
    }

    func certificate() -> Diagnosis {
        let file = self.settings.tls.certificateFile ?? "\(self.folders.tls)/server.pem"
        guard access(file, F_OK) == 0 || self.settings.tls.certificateFile != nil else {
            return Diagnosis(
                check: "certificate", status: .warning, finding: "there is none yet",
                remedy: "the first xinglin serve makes one")
        }
        do {
            let days =
                (try CertificateInfo.read(pemFile: file).notAfter - HostClock.system.now.microseconds / 1_000_000)
                / 86_400
            let status: Diagnosis.Status = days < 0 ? .failed : days < 30 ? .warning : .ok
            let remedy =
                self.settings.tls.certificateFile == nil
                ? "restart the host: it renews its own certificate" : "have \(file) renewed and send the host SIGHUP"
            return Diagnosis(
                check: "certificate", status: status,
                finding: days < 0 ? "expired \(-days) days ago" : "valid for \(days) days",
                remedy: status == .ok ? nil : remedy)
        } catch {
            return Diagnosis(
                check: "certificate", status: .failed, finding: String(describing: error),
                remedy: "check tls.certificateFile")
        }
    }

    func disk() -> Diagnosis {
        var information = statvfs()
        let folder = access(self.folders.root, F_OK) == 0 ? self.folders.root : "/"
        guard statvfs(folder, &information) == 0 else {
            return Diagnosis(
                check: "disk", status: .failed, finding: "\(folder): \(String(cString: strerror(errno)))",
                remedy: "check the file system")
        }
        let free = Int64(information.f_bavail) * Int64(information.f_frsize) / 1_048_576
        let status: Diagnosis.Status = free < 512 ? .failed : free < 5_120 ? .warning : .ok
        return Diagnosis(
            check: "disk", status: status, finding: "\(free) MiB free",
            remedy: status == .ok ? nil : "make room on the disk of \(folder)")
    }

    func plugins() -> Diagnosis {
        do {
            let modules = try HostTasks.modules(self.settings, log: self.log)
            let bad = modules.filter { $0.state == "quarantined" }
            if let first = bad.first {
                return Diagnosis(
                    check: "plugins", status: .failed, finding: "\(first.code): \(first.reason ?? "")",
                    remedy: "build the plugin anew for this host, or leave it out with plugins.load")
            }
            return Diagnosis(
                check: "plugins", status: modules.isEmpty ? .warning : .ok,
                finding: modules.isEmpty ? "none found" : modules.map(\.code).joined(separator: ", "),
                remedy: modules.isEmpty ? "set plugins.directory" : nil)
        } catch {
            return Diagnosis(
                check: "plugins", status: .failed, finding: String(describing: error), remedy: "set plugins.directory")
        }
    }

    func database() -> Diagnosis {
        guard let url = self.settings.database.url else { return self.embeddedDatabase() }
        do {
            let registry = try RegistryBuilder.load(self.settings, log: self.log)
            let pending = try DatabaseSetup(settings: self.settings, log: self.log).pending(url, registry)
            guard pending.isEmpty else {
                return Diagnosis(
                    check: "database", status: .failed, finding: "\(pending.count) migrations are missing",
                    remedy: "run xinglin migrate")
            }
            return try self.clock(Connection(url, applicationName: "xinglin doctor"))
        } catch {
            return Diagnosis(
                check: "database", status: .failed, finding: String(describing: error),
                remedy: "check database.url, and that the server runs and the roles of deploy/roles.sql are there")
        }
    }

    private func embeddedDatabase() -> Diagnosis {
        let cluster = DatabaseSetup(settings: self.settings, log: self.log).cluster
        return Diagnosis(
            check: "database", status: .ok,
            finding: cluster.isRunning ? "the embedded cluster runs" : "the embedded cluster is stopped", remedy: nil)
    }

    /// Host and database must agree on the time: sessions, deadlines and the audit go by it.
    private func clock(_ connection: Connection) throws -> Diagnosis {
        let theirs = try connection.query("SELECT clock_timestamp()").first(as: Timestamp.self) ?? HostClock.system.now
        let seconds = abs(theirs.microseconds - HostClock.system.now.microseconds) / 1_000_000
        return Diagnosis(
            check: "database", status: seconds > 5 ? .warning : .ok,
            finding: seconds > 5 ? "its clock is \(seconds) s off" : "reachable, migrated, its clock agrees",
            remedy: seconds > 5 ? "synchronise both machines' clocks (chrony)" : nil)
    }
}
