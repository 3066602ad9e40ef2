internal import Glibc
internal import Logging
internal import XinglinPostgres

/// The folder of a scratch cluster, with patients' data in it: locked for as long as its verification lives, so that one that
/// nobody has locked was left behind.
struct ScratchFolder {
    let path: String
    private let lock: HostLock

    private static let prefix = "xinglin-verify-"

    /// Makes one.
    init(below parent: String) throws {
        self.path = "\(parent)/\(Self.prefix)\(getpid())"
        // The cluster may run as another user, who passes through.
        guard mkdir(self.path, 0o711) == 0 else { throw FileError(path: self.path, code: errno) }
        do {
            self.lock = try HostLock(HostFolders(self.path))
        } catch {
            rmdir(self.path)
            throw error
        }
    }

    /// The scratch cluster in the folder. It is thrown away, so nothing of it needs to survive.
    static func cluster(_ path: String, user: String, log: Logger) -> EmbeddedCluster {
        EmbeddedCluster(
            dataDirectory: path, user: user, log: log,
            overrides: ["fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"])
    }

    /// Stops and removes what verifications that were killed, or fell to a power cut, have left below a folder.
    static func sweep(below parent: String, user: String, log: Logger) {
        for name in fileNames(in: parent) where name.hasPrefix(Self.prefix) {
            let path = "\(parent)/\(name)"
            guard let pid = Int32(name.dropFirst(Self.prefix.count)), Self.isAbandoned(path, pid) else { continue }
            do {
                try Self.cluster(path, user: user, log: log).destroy()
                log.warning(
                    "removed what a verification that was broken off had left", metadata: ["folder": .string(path)])
            } catch {
                log.error(
                    "a broken-off verification left patients' data behind; remove the folder",
                    metadata: ["folder": .string(path), "error": .string("\(error)")])
            }
        }
    }

    /// Whether the folder is ours and no process works in it.
    private static func isAbandoned(_ path: String, _ pid: Int32) -> Bool {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, status.st_uid == geteuid() else {
            return false
        }
        let descriptor = open("\(path)/lock", O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        // One without a lock is just being made, or its process is gone.
        guard descriptor >= 0 else { return kill(pid, 0) != 0 && errno == ESRCH }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_EX | LOCK_NB) == 0
    }
}
