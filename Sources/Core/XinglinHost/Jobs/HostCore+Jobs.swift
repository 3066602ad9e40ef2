internal import XinglinPostgres

extension HostCore {
    /// Makes the runs that are due on this host's clock and does them, on the calling thread. What the threads of jobs do all
    /// the time, for tests whose host has none (`jobs.workers` is 0).
    public func doJobs() throws {
        let services = self.services
        let connection = try Connection(services.conninfo, applicationName: "xinglin jobs")
        _ = try JobService.round(services, connection) { false }
    }
}
