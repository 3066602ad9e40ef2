/// The text of an embedded cluster's configuration files.
enum ClusterConfiguration {
    static let header = "# Written by xinglin at every start; ALTER SYSTEM overrides it.\n"

    /// No network; nothing in the log that a statement or a row could be read from; time-outs left to the host.
    static func settings(_ layout: ClusterLayout, overrides: [String: String]) -> String {
        let standard = [
            "listen_addresses": "", "port": "\(ClusterLayout.port)", "unix_socket_directories": layout.sockets,
            "unix_socket_permissions": "0700", "max_connections": "60", "shared_buffers": "128MB", "fsync": "on",
            "jit": "off", "max_parallel_workers_per_gather": "0", "password_encryption": "scram-sha-256",
            "timezone": "Asia/Shanghai", "log_timezone": "Asia/Shanghai", "lc_messages": "C.UTF-8",
            "logging_collector": "on", "log_directory": layout.log, "log_filename": "postgresql-%a.log",
            "log_file_mode": "0600", "log_truncate_on_rotation": "on", "log_rotation_age": "1d",
            "log_rotation_size": "0", "log_min_messages": "log", "log_min_error_statement": "panic",
            "log_error_verbosity": "terse", "log_statement": "none", "log_min_duration_statement": "-1",
            "log_parameter_max_length": "0", "log_parameter_max_length_on_error": "0",
        ]
        let lines = standard.merging(overrides) { _, given in given }.sorted { $0.key < $1.key }
            .map { "\($0.key) = \(SQLText.literal($0.value))\n" }
        return Self.header + lines.joined()
    }

    /// Whoever the operating system says is at the other end of the socket, as pg_ident.conf lets them in.
    static let access = "# Written by xinglin at every start.\nlocal all all peer map=xinglin\n"

    /// Adds who may log in as what; lines that stand there already stay.
    static func identities(_ present: String?, adding pairs: [(system: String, role: String)]) -> String {
        var lines = (present ?? "").split(separator: "\n").map(String.init).filter { $0.hasPrefix("xinglin ") }
        for (system, role) in pairs {
            let line = "xinglin \"\(system)\" \"\(role)\""
            if !lines.contains(line) { lines.append(line) }
        }
        return "# Written by xinglin: map, user of the operating system, role.\n" + lines.joined(separator: "\n") + "\n"
    }
}
