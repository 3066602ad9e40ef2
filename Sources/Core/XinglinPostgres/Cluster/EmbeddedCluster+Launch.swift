internal import CLibPQ
internal import XinglinKit

#if canImport(Glibc)
    internal import Glibc
#endif

extension EmbeddedCluster {
    /// Takes over a running server, or starts one. After a kill −9 the old server's children may hold its shared memory
    /// a moment longer, so a failed start is tried again for a while.
    func launch(_ ready: Ready) throws(ClusterError) {
        let deadline = ContinuousClock.Instant.now + .seconds(60)
        var delay = useconds_t(100_000)
        while true {
            try Interruption.check()
            if self.supervision.withLock({ $0.isEnding }) { throw ClusterError("the cluster is being stopped") }
            switch Postmaster.of(ready.layout.data) {
            case .running(let pid, isStopping: false):
                if self.accepts(ready.layout) {
                    self.log.info("PostgreSQL runs", metadata: ["pid": "\(pid)"])
                    return
                }
            case .running: break
            case .staleFile:
                self.log.notice("removing the lock file of a server that is gone")
                unlink("\(ready.layout.data)/postmaster.pid")
                continue
            case .absent:
                if let reason = try self.startServer(ready) {
                    try self.checkSettings(ready)
                    guard ContinuousClock.Instant.now < deadline else {
                        throw ClusterError("PostgreSQL does not start: \(reason); see \(ready.layout.log)")
                    }
                }
            }
            guard ContinuousClock.Instant.now < deadline else {
                throw ClusterError("PostgreSQL runs and does not accept connections; see \(ready.layout.log)")
            }
            usleep(delay)
            delay = min(delay * 2, 1_000_000)
        }
    }

    /// Tries once; gives the reason where it fails.
    private func startServer(_ ready: Ready) throws(ClusterError) -> Substring? {
        let startLog = "\(ready.layout.log)/start.log"
        let outcome = try ready.program.run(
            "pg_ctl", ["-D", ready.layout.data, "-l", startLog, "-w", "-t", "60", "start"])
        guard outcome.status != 0 else { return nil }
        let reason = (FileSystem.read(startLog) ?? outcome.output).lastLine
        self.log.debug("PostgreSQL did not start", metadata: ["reason": "\(reason)"])
        return reason
    }

    /// Settings that PostgreSQL cannot read stay so however often it is started.
    private func checkSettings(_ ready: Ready) throws(ClusterError) {
        let outcome = try ready.program.run("postgres", ["-D", ready.layout.data, "-C", "data_directory"])
        guard outcome.status != 0 else { return }
        // The first line says what is wrong and where, behind the time and the process.
        let line = outcome.output.split(whereSeparator: \.isNewline).first.map(String.init) ?? "it gave no reason"
        let reason = line.firstRange(of: ":  ").map { String(line[$0.upperBound...]) } ?? line
        throw ClusterError("PostgreSQL cannot read its settings: \(reason)")
    }

    private func accepts(_ layout: ClusterLayout) -> Bool {
        PQping("host=\(layout.sockets.conninfoQuoted) port=\(ClusterLayout.port) dbname=postgres") == PQPING_OK
    }
}
