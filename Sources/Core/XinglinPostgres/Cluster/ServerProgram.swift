#if canImport(Glibc)
    internal import Glibc
#endif

/// PostgreSQL's own programs, run to their end as the cluster's user.
struct ServerProgram: Sendable {
    /// The folder that holds initdb, pg_ctl and postgres.
    let folder: String
    let user: SystemUser

    /// What a program gave: its exit status and everything it printed.
    struct Outcome {
        let status: Int32
        let output: String
    }

    static let oldest = 15
    private static let environment = ["PATH=/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL=C.UTF-8"]
    private static let root = "/usr/lib/postgresql"

    /// Finds the newest PostgreSQL, or the one of that major version.
    static func folder(major: Int?) throws(ClusterError) -> String {
        let versions = Self.installed.filter { $0 >= Self.oldest && (major == nil || $0 == major) }
        if let version = versions.max() { return "\(Self.root)/\(version)/bin" }
        let path = getenv("PATH").map { String(cString: $0) } ?? ""
        for folder in path.split(separator: ":") where major == nil && access("\(folder)/pg_ctl", X_OK) == 0 {
            return String(folder)
        }
        let wanted = major ?? Self.oldest
        throw ClusterError("PostgreSQL \(wanted) is not installed; install the package postgresql-\(wanted)")
    }

    private static var installed: [Int] {
        guard let directory = opendir(Self.root) else { return [] }
        defer { closedir(directory) }
        var versions: [Int] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if let version = Int(name), access("\(Self.root)/\(name)/bin/pg_ctl", X_OK) == 0 {
                versions.append(version)
            }
        }
        return versions
    }

    /// Runs `initdb`, `pg_ctl` or another of its programs, or a system program by its full path.
    func run(_ name: String, _ arguments: [String]) throws(ClusterError) -> Outcome {
        let program = name.hasPrefix("/") ? name : "\(self.folder)/\(name)"
        // Ended in between, it would leave a server that nobody has the number of.
        let isInterruptible = name != "pg_ctl"
        guard geteuid() == 0, self.user.uid != 0 else {
            return try Self.spawn([program] + arguments, isInterruptible: isInterruptible)
        }
        return try Self.spawn(
            ["/usr/bin/setpriv", "--reuid=\(self.user.uid)", "--regid=\(self.user.gid)", "--init-groups", program]
                + arguments, isInterruptible: isInterruptible)
    }

    /// Runs a program as this process's own user.
    /// - Parameters:
    ///   - more: further variables of its environment.
    ///   - input: what it reads, an open file; nothing unless given.
    ///   - output: where its output goes, an open file. What it says to stderr is in the outcome all the same.
    ///   - isInterruptible: whether it is ended when this process is told to end.
    static func spawn(
        _ words: [String], environment more: [String] = [], input: Int32? = nil, output: Int32? = nil,
        isInterruptible: Bool = true
    ) throws(ClusterError) -> Outcome {
        try Interruption.check()
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw FileSystem.failure("make", "a pipe") }
        defer { close(ends[0]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input {
            posix_spawn_file_actions_adddup2(&actions, input, 0)
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        posix_spawn_file_actions_adddup2(&actions, output ?? ends[1], 1)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 2)
        // Our own folder may be closed to the cluster's user, and pg_ctl insists on coming back to where it started.
        guard GNUFunctions.isolate(&actions, folder: "/") else {
            close(ends[1])
            throw ClusterError("this system's C library is too old to start PostgreSQL safely (glibc 2.34 is needed)")
        }
        var process = pid_t()
        let code = Self.launch(words, Self.environment + more, &process, &actions)
        close(ends[1])
        guard code == 0 else { throw ClusterError("cannot run \(words[0]): \(String(cString: strerror(code)))") }
        let (output, status) = Interruption.during(process, isInterruptible: isInterruptible) {
            FileSystem.readAll(ends[0])
        }
        try Interruption.check()
        let exit = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
        return Outcome(status: exit, output: output)
    }

    /// Starts the program with the signals and the language of a plain shell: ours may be blocked or ignored.
    private static func launch(
        _ words: [String], _ variables: [String], _ process: inout pid_t, _ actions: inout posix_spawn_file_actions_t
    ) -> Int32 {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        // In a group of its own, a Ctrl-C at the terminal reaches this process alone, which then ends it in order.
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP))
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        var environment: [UnsafeMutablePointer<CChar>?] = variables.map { strdup($0) }
        arguments.append(nil)
        environment.append(nil)
        defer { for word in arguments + environment { free(word) } }
        return posix_spawn(&process, words[0], &actions, &attributes, &arguments, &environment)
    }
}
