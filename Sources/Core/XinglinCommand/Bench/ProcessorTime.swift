internal import Glibc

/// Processor time of processes, from /proc: to a hundredth of a second, as the kernel counts it.
enum ProcessorTime {
    /// Seconds of a process, of its living children, and of those children that are gone: a PostgreSQL server with its backends.
    static func seconds(of process: Int32) throws -> Double {
        // A child that ends while this is read would be missed or counted twice, so it is read until none has.
        while true {
            guard let before = self.ticks(of: process) else {
                throw Failure(words(zh: "没有进程 \(process)", en: "there is no process \(process)"))
            }
            let children = try self.processes().compactMap { self.ticks(of: $0) }.filter { $0.parent == process }
            guard self.ticks(of: process)?.gone == before.gone else { continue }
            let all = children.reduce(before.own + before.gone) { $0 + $1.own + $1.gone }
            return Double(all) / Double(sysconf(Int32(_SC_CLK_TCK)))
        }
    }

    /// Seconds of this process.
    static func own() -> Double {
        var usage = rusage()
        getrusage(RUSAGE_SELF.rawValue, &usage)
        return [usage.ru_utime, usage.ru_stime].reduce(0) {
            $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1_000_000
        }
    }

    private struct Ticks {
        let parent: Int32
        let own: UInt64
        /// Of children that ended and were waited for.
        let gone: UInt64
    }

    /// nil where the process is gone meanwhile.
    private static func ticks(of process: Int32) -> Ticks? {
        guard let text = try? Files.read("/proc/\(process)/stat") else { return nil }
        // The name stands in brackets and may hold anything, blanks and brackets too.
        guard let bracket = text.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let fields = text[(bracket + 1)...].split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) }
        guard fields.count > 14, let parent = Int32(fields[1]) else { return nil }
        let times = fields[11...14].map { UInt64($0) ?? 0 }
        return Ticks(parent: parent, own: times[0] + times[1], gone: times[2] + times[3])
    }

    private static func processes() throws -> [Int32] {
        guard let folder = opendir("/proc") else { throw FileFailure("/proc") }
        defer { closedir(folder) }
        var found: [Int32] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if let process = Int32(name) { found.append(process) }
        }
        return found
    }
}
