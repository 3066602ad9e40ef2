internal import Glibc

/// What the kernel says of this process and of its disk.
struct ProcessFigures {
    var cpuSeconds = 0.0
    var residentBytes = 0.0
    var threads = 0.0
    var startTime = 0.0
    var openFiles = 0.0
    var fileLimit = 0.0

    /// Reads them now.
    /// - Throws: `FileError` where /proc cannot be read.
    static func read() throws -> ProcessFigures {
        var figures = ProcessFigures()
        let stat = String(decoding: try readFile("/proc/self/stat"), as: UTF8.self)
        // The program's name, in parentheses, may hold spaces.
        let fields = stat.split(separator: ")").last?.split(separator: " ").map { Double($0) ?? 0 } ?? []
        guard fields.count > 21 else { return figures }
        let tick = Double(sysconf(Int32(_SC_CLK_TCK)))
        figures.cpuSeconds = (fields[11] + fields[12]) / tick
        figures.threads = fields[17]
        figures.residentBytes = fields[21] * Double(sysconf(Int32(_SC_PAGESIZE)))
        figures.startTime = Self.seconds(CLOCK_REALTIME) - Self.seconds(CLOCK_BOOTTIME) + fields[19] / tick
        figures.openFiles = Double(Self.openFiles())
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
            figures.fileLimit = limit.rlim_cur == .max ? .infinity : Double(limit.rlim_cur)
        }
        return figures
    }

    private static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func openFiles() -> Int {
        guard let folder = opendir("/proc/self/fd") else { return 0 }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        // Itself, the parent folder, and the descriptor that it is read by.
        return max(0, count - 3)
    }
}

/// The room on the file system of a folder.
struct DiskFigures {
    let freeBytes: Double
    let sizeBytes: Double

    /// Nil where the system does not say.
    init?(_ folder: String) {
        var information = statvfs()
        guard statvfs(folder, &information) == 0 else { return nil }
        self.freeBytes = Double(information.f_bavail) * Double(information.f_frsize)
        self.sizeBytes = Double(information.f_blocks) * Double(information.f_frsize)
    }
}
