public import XinglinCrypto
internal import XinglinKit

/// The keys, apart from the database: each is of no use without the other.
extension HostTasks {
    /// The data folder's keys and certificates.
    public static func archiveKeys(_ settings: HostSettings) throws -> KeyArchive {
        try KeyArchive(collecting: settings.dataDirectory)
    }

    /// Puts them into a data folder, and gives the files that were written.
    public static func restoreKeys(_ archive: KeyArchive, _ settings: HostSettings) throws -> [String] {
        try HostFolders(settings.dataDirectory).prepare()
        return try archive.place(in: settings.dataDirectory)
    }
}
