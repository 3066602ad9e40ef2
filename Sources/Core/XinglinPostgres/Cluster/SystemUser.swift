#if canImport(Glibc)
    internal import Glibc
#endif

/// A user of the operating system.
struct SystemUser: Sendable, Equatable {
    let name: String
    let uid: UInt32
    let gid: UInt32
    let groups: [UInt32]

    /// Who runs this process.
    static func current() throws(ClusterError) -> SystemUser {
        let user = Self.lookUp { entry, buffer, found in
            getpwuid_r(geteuid(), entry, buffer, 16_384, found)
        }
        guard let user else {
            throw ClusterError("the user id \(geteuid()) has no name in /etc/passwd, which PostgreSQL needs")
        }
        return user
    }

    static func named(_ name: String) throws(ClusterError) -> SystemUser {
        let user = Self.lookUp { entry, buffer, found in
            getpwnam_r(name, entry, buffer, 16_384, found)
        }
        guard let user else {
            throw ClusterError(
                "there is no user \(name) to run PostgreSQL as; install postgresql-15 or set another user")
        }
        return user
    }

    private static func lookUp(
        _ find: (
            UnsafeMutablePointer<passwd>, UnsafeMutablePointer<CChar>,
            UnsafeMutablePointer<UnsafeMutablePointer<passwd>?>
        ) -> Int32
    ) -> SystemUser? {
        var (entry, found) = (passwd(), UnsafeMutablePointer<passwd>?.none)
        // The entry's names lie in the buffer, so it is read before the buffer goes.
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 16_384) { buffer in
            guard let start = buffer.baseAddress, find(&entry, start, &found) == 0, let found else { return nil }
            return SystemUser(found.pointee)
        }
    }

    private init(_ entry: passwd) {
        self.name = String(cString: entry.pw_name)
        self.uid = entry.pw_uid
        self.gid = entry.pw_gid
        var count: Int32 = 64
        var groups = [gid_t](repeating: 0, count: Int(count))
        self.groups =
            getgrouplist(entry.pw_name, entry.pw_gid, &groups, &count) < 0
            ? [entry.pw_gid] : Array(groups.prefix(Int(count)))
    }

    /// The first folder on the way to the path, the path included, that the user cannot pass through.
    func firstClosedFolder(to path: String) -> String? {
        var folders: [String] = ["/"]
        for part in path.split(separator: "/") {
            folders.append(folders.last == "/" ? "/\(part)" : "\(folders.last ?? "")/\(part)")
        }
        return folders.first { !self.mayPass($0) }
    }

    private func mayPass(_ folder: String) -> Bool {
        var status = stat()
        guard stat(folder, &status) == 0 else { return false }
        if self.uid == 0 { return true }
        if status.st_uid == self.uid { return status.st_mode & S_IXUSR != 0 }
        if self.groups.contains(status.st_gid) { return status.st_mode & S_IXGRP != 0 }
        return status.st_mode & S_IXOTH != 0
    }
}
