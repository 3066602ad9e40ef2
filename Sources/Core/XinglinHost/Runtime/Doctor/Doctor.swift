public import Logging
internal import XinglinKit
internal import XinglinPostgres

extension HostTasks {
    /// Checks what a host needs, and says what to do about what is not right. It starts nothing and changes nothing.
    public static func diagnose(_ settings: HostSettings, log: Logger) -> [Diagnosis] {
        let doctor = Doctor(settings: settings, log: log)
        return doctor.dataFolder() + doctor.secretFiles() + doctor.keys() + doctor.certificates() + doctor.machines()
            + doctor.disk()
            + doctor.locks() + doctor.port() + doctor.plugins() + doctor.database() + doctor.clock()
    }
}

/// What the checks look at. Each area of checks is an extension in a file of its own.
struct Doctor {
    let settings: HostSettings
    let log: Logger

    var folders: HostFolders { HostFolders(self.settings.dataDirectory) }
    var setup: DatabaseSetup { DatabaseSetup(settings: self.settings, log: self.log) }

    /// Whether the data folder holds an embedded cluster.
    var hasCluster: Bool { fileExists("\(self.folders.root)/pg/data/PG_VERSION") }

    /// How to reach the database as the host does; nil where the embedded cluster does not run.
    func conninfo() throws -> String? {
        if let url = self.settings.database.url { return url }
        let cluster = self.setup.cluster
        guard cluster.isRunning else { return nil }
        return try cluster.runningConninfo(
            database: DatabaseSetup.databaseName, user: "\(self.settings.database.rolePrefix)_host")
    }
}

/// The text of an error in both languages; there is one language for what the system or a library says.
func explained(_ error: any Error) -> LocalizedText {
    switch error {
    case let failure as StartFailure: return failure.reason
    case let failure as DatabaseError:
        let said = failure.message.split(whereSeparator: \.isNewline).joined(separator: " ")
        return LocalizedText(zh: said, en: said)
    default: return LocalizedText(zh: String(describing: error), en: String(describing: error))
    }
}
