/// What is counted and measured inside the process.
extension MetricFamily {
    static let build = MetricFamily(
        "xinglin_build_info", .gauge, ["version"], "Always 1; the label is the host's version.")
    static let started = MetricFamily(
        "xinglin_start_time_seconds", .gauge, [], "When the process started, in seconds since 1970.")
    static let ready = MetricFamily(
        "xinglin_ready", .gauge, [], "1 where /readyz answers 200, else 0.")
    static let notReady = MetricFamily(
        "xinglin_not_ready", .gauge, ["reason"], "1 for each reason for which the host is not ready, else 0.")
    static let modules = MetricFamily(
        "xinglin_modules", .gauge, ["state"], "Modules of this host, running and quarantined.")

    static let calls = MetricFamily(
        "xinglin_calls_total", .counter, ["method", "outcome", "reason"],
        "Calls that were answered: done, refused (with the class of the reason) or failed; a method that does not exist counts as (unknown)."
    )
    static let callSeconds = MetricFamily(
        "xinglin_call_seconds", .histogram, ["method"], "Time from the arrival of a call to its answer.")
    static let inFlight = MetricFamily(
        "xinglin_calls_in_flight", .gauge, [], "Calls that have arrived and are not answered yet.")
    static let waitSeconds = MetricFamily(
        "xinglin_queue_wait_seconds", .histogram, ["lane"], "Time from the arrival of a call until a worker took it up."
    )
    static let queued = MetricFamily(
        "xinglin_queue_calls", .gauge, ["workers"], "Calls that wait for a worker.")
    static let queueLimit = MetricFamily(
        "xinglin_queue_limit", .gauge, [], "Calls that may wait (limits.queue).")
    static let workers = MetricFamily(
        "xinglin_workers", .gauge, ["workers", "state"],
        "Workers: busy with a call, idle, or down (without a connection to the database).")
    static let lanes = MetricFamily(
        "xinglin_lane_calls", .gauge, ["lane"], "Calls that workers run, by lane.")

    static let logins = MetricFamily(
        "xinglin_login_failures_total", .counter, [], "Logins with a wrong account or password.")
    static let replays = MetricFamily(
        "xinglin_idempotent_replays_total", .counter, [],
        "Writes that were answered with the stored reply of their idempotency key.")
    static let retries = MetricFamily(
        "xinglin_transactions_retried_total", .counter, [],
        "Transactions that ran again after a serialisation failure or a deadlock.")
    static let unknownCommits = MetricFamily(
        "xinglin_commits_unknown_total", .counter, ["found"],
        "COMMITs whose answer was lost, and what was found: committed, notCommitted or undecided.")
    static let imports = MetricFamily(
        "xinglin_imports_total", .counter, ["outcome"],
        "Imports that this host ended: applied, refused by their content, or failed.")

    static let connections = MetricFamily(
        "xinglin_connections", .gauge, ["state"], "Open connections: with a session, and without one.")
    static let handshakes = MetricFamily(
        "xinglin_handshakes_total", .counter, ["outcome"], "TLS handshakes: done, and ended before they were done.")
    static let refusedConnections = MetricFamily(
        "xinglin_connections_refused_total", .counter, ["limit"], "Connections refused, by the limit that they met.")
    static let refusedRequests = MetricFamily(
        "xinglin_requests_refused_total", .counter, ["reason"],
        "Requests refused before they became a call: not JSON, not a request, or while the host stops.")
    static let bytesIn = MetricFamily(
        "xinglin_received_bytes_total", .counter, [], "Bytes of lines received, after decryption.")
    static let bytesOut = MetricFamily(
        "xinglin_sent_bytes_total", .counter, [], "Bytes of lines sent, before encryption.")

    static let leads = MetricFamily(
        "xinglin_sealer_leads", .gauge, [], "1 where this host, of several, is the one that seals.")
    static let stepsFailing = MetricFamily(
        "xinglin_sealer_step_failing", .gauge, ["step"],
        "1 where the step of sealing (events, audit, checkpoints) failed when this host last tried it.")
    static let certificate = MetricFamily(
        "xinglin_certificate_left_seconds", .gauge, ["certificate"],
        "Time until the certificate expires: the server's, and the private CA's.")
    static let diskFree = MetricFamily(
        "xinglin_disk_free_bytes", .gauge, [], "Free bytes of the file system that holds the data folder.")
    static let diskSize = MetricFamily(
        "xinglin_disk_size_bytes", .gauge, [], "Size of the file system that holds the data folder.")

    static let processCPU = MetricFamily(
        "xinglin_process_cpu_seconds_total", .counter, [], "Processor time of the host's process.")
    static let processMemory = MetricFamily(
        "xinglin_process_resident_bytes", .gauge, [], "Resident memory of the host's process.")
    static let processFiles = MetricFamily(
        "xinglin_process_open_files", .gauge, [], "Open file descriptors of the host's process.")
    static let processFileLimit = MetricFamily(
        "xinglin_process_open_files_limit", .gauge, [], "How many file descriptors the process may open.")
    static let processThreads = MetricFamily(
        "xinglin_process_threads", .gauge, [], "Threads of the host's process.")

    static let inProcess: [MetricFamily] = [
        build, started, ready, notReady, modules, calls, callSeconds, inFlight, waitSeconds, queued, queueLimit,
        workers,
        lanes, logins, replays, retries, unknownCommits, imports, connections, handshakes, refusedConnections,
        refusedRequests, bytesIn, bytesOut, leads, stepsFailing, certificate, diskFree, diskSize, processCPU,
        processMemory,
        processFiles, processFileLimit, processThreads,
    ]

    /// Every metric of the host, in the order of docs/operations.md.
    package static let all = inProcess + [databaseUp, databaseReadAt] + DatabaseGauge.all.flatMap(\.families)
}
