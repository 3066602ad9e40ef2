#if canImport(Glibc)
    internal import Glibc
#endif

/// What postmaster.pid says of the server of a data folder, held against the processes that there are.
enum Postmaster: Equatable {
    /// None runs, and nothing stands in the way of one.
    case absent
    /// None runs, but the process id in the file is another process's or a dead one's that nobody has buried: PostgreSQL
    /// would take it for its own.
    case staleFile
    case running(pid: Int32, isStopping: Bool)

    static func of(_ data: String) -> Postmaster {
        guard let data = try? FileSystem.canonical(data), let text = FileSystem.read("\(data)/postmaster.pid") else {
            return .absent
        }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let pid = lines.first.flatMap({ Int32($0.trimmingSpaces) }), pid > 1 else { return .absent }
        // A process that we may not signal is not our server; PostgreSQL judges likewise.
        guard kill(pid, 0) == 0 else { return .absent }
        // A server works in its data folder. Only what is surely something else is taken for that.
        if let folder = Self.workingFolder(of: pid), folder != data { return .staleFile }
        if Self.isZombie(pid) { return .staleFile }
        let status = lines.count > 7 ? lines[7].trimmingSpaces : ""
        return .running(pid: pid, isStopping: status == "stopping")
    }

    private static func isZombie(_ pid: Int32) -> Bool {
        FileSystem.read("/proc/\(pid)/status")?.contains("\nState:\tZ") ?? false
    }

    private static func workingFolder(of pid: Int32) -> String? {
        var target = [CChar](repeating: 0, count: 4097)
        let count = readlink("/proc/\(pid)/cwd", &target, 4096)
        guard count > 0 else { return nil }
        return String(decoding: target.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

extension Substring {
    fileprivate var trimmingSpaces: Substring {
        self.drop(while: \.isWhitespace).prefix { !$0.isWhitespace }
    }
}
