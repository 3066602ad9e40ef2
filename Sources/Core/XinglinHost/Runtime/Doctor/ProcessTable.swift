internal import Glibc

/// What the kernel tells of other processes, from /proc. nil where it does not tell.
enum ProcessTable {
    /// The name of a process, such as `postgres`.
    static func name(of pid: Int32) -> String? {
        self.text("/proc/\(pid)/comm").map { String($0.prefix { $0 != "\n" }) }
    }

    /// Who holds a lock (flock) on the file.
    static func lockHolder(of path: String) -> Int32? {
        var status = stat()
        guard stat(path, &status) == 0, let locks = self.text("/proc/locks") else { return nil }
        for line in locks.split(separator: "\n") {
            // `1: FLOCK  ADVISORY  WRITE 1234 08:01:12345 0 EOF`
            let fields = line.split(separator: " ")
            guard fields.count >= 6, fields[1] == "FLOCK", fields[5].hasSuffix(":\(status.st_ino)") else { continue }
            return Int32(fields[4])
        }
        return nil
    }

    /// Who listens on a port.
    static func listener(on port: Int) -> Int32? {
        let sockets = Set(["/proc/net/tcp", "/proc/net/tcp6"].flatMap { self.listening($0, port) })
        guard !sockets.isEmpty else { return nil }
        for name in fileNames(in: "/proc") {
            guard let pid = Int32(name) else { continue }
            let folder = "/proc/\(pid)/fd"
            if fileNames(in: folder).contains(where: { self.link("\(folder)/\($0)").map(sockets.contains) ?? false }) {
                return pid
            }
        }
        return nil
    }

    /// The ports that a process listens on; none where its files may not be looked at.
    static func ports(of pid: Int32) -> Set<Int> {
        let folder = "/proc/\(pid)/fd"
        let own = Set(fileNames(in: folder).compactMap { self.link("\(folder)/\($0)") })
        return Set(
            ["/proc/net/tcp", "/proc/net/tcp6"].flatMap { self.listening($0) }.filter { own.contains($0.socket) }
                .map(\.port))
    }

    /// `socket:[12345]` of every socket that listens on the port.
    private static func listening(_ table: String, _ port: Int) -> [String] {
        self.listening(table).filter { $0.port == port }.map(\.socket)
    }

    private static func listening(_ table: String) -> [(socket: String, port: Int)] {
        (self.text(table) ?? "").split(separator: "\n").dropFirst().compactMap { line in
            let fields = line.split(separator: " ")
            guard fields.count > 9, fields[3] == "0A", let colon = fields[1].lastIndex(of: ":"),
                let port = Int(fields[1][fields[1].index(after: colon)...], radix: 16)
            else { return nil }
            return ("socket:[\(fields[9])]", port)
        }
    }

    private static func link(_ path: String) -> String? {
        var target = [CChar](repeating: 0, count: 256)
        let count = readlink(path, &target, 255)
        guard count > 0 else { return nil }
        return String(decoding: target.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func text(_ path: String) -> String? {
        (try? readFile(path)).map { String(decoding: $0, as: UTF8.self) }
    }
}
