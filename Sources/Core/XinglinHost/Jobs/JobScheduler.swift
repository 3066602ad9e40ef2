internal import Logging
internal import XinglinKit
internal import XinglinPostgres

/// Makes the runs that are due. Every host does so; the table sees to it that each run is made once.
struct JobScheduler: Sendable {
    let services: HostServices

    /// The jobs that the schedule runs.
    private var jobs: [JobEntry] {
        let disabled = Set(self.services.settings.jobs.disabled)
        return self.services.registry.sortedJobs.filter { !disabled.contains($0.name) }
    }

    /// Decides what became due since the last time.
    func decide(_ connection: Connection) throws {
        let now = self.services.clock.now
        let names = self.jobs.map(\.name)
        var decided = try self.decided(names, connection)
        let new = names.filter { decided[$0] == nil }
        if !new.isEmpty {
            _ = try connection.query(JobStore.begin(new, at: now))
            decided = try self.decided(names, connection)
        }
        for job in self.jobs {
            guard let until = decided[job.name],
                let plan = JobPlan.make(job.schedule, job.missed, decidedUntil: until, now: now)
            else { continue }
            _ = try connection.query(
                JobStore.decide(job.name, plan, from: until, sites: self.sites(of: job), at: now))
            if plan.passedOverCount > 0 {
                self.services.log.warning(
                    "times of a job were missed",
                    metadata: ["job": .string(job.name), "times": .stringConvertible(plan.passedOverCount)])
            }
        }
    }

    /// The time of the next run.
    func next(after now: Timestamp) -> Timestamp? {
        self.jobs.compactMap { $0.schedule.next(after: now) }.min()
    }

    private func decided(_ jobs: [String], _ connection: Connection) throws -> [String: Timestamp] {
        let rows: [(String, Timestamp)] = try connection.query(JobStore.decided(jobs)).decode()
        return Dictionary(uniqueKeysWithValues: rows)
    }

    private func sites(of job: JobEntry) -> [JobSite] {
        if job.scope == .host { return [JobSite(id: nil, since: Timestamp(microseconds: 0))] }
        return self.services.directory.snapshot.enabledSites(of: job.module).map { JobSite(id: $0, since: $1) }
            .sorted { ($0.since, $0.id?.description ?? "") < ($1.since, $1.id?.description ?? "") }
    }
}
