internal import XinglinKit

/// `jobs.run`: has a job run now.
struct JobsRun: RPCMethod {
    struct Params: Codable, Sendable {
        var job: String
        var site: String?
    }
    struct Reply: Codable, Sendable {
        var runId: RecordID
    }

    static let name = "jobs.run"
    static let summary =
        "Has a job run now, beside the calls, whatever its schedule says; jobs.history shows how it went."
    static let effect = Effect.write
    static let access = Access.roles([.siteAdmin])
    static let scope = Scope.host
    static let params = Schema.object(
        .required("job", .code(1...100), "The job."),
        .optional(
            "site", .code(1...32),
            "The site, for jobs that run at each site; the caller administers it. Other jobs take none, and need an administrator of every site."
        ))
    static let reply = Schema.object(.required("runId", .id, "The run."))
    static let examples = Examples<Params, Reply>(
        full: (Params(job: "decoction.expiryWatch", site: "t1"), Reply(runId: JobRunReply.example.runId)),
        minimal: (Params(job: "host.sessionsPurge"), Reply(runId: JobRunReply.example.runId)))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let context = try call.hosted
        let services = context.services
        guard let job = services.registry.jobs[params.job] else {
            throw HostFault.notFound.fault(["job": .string(params.job)])
        }
        let site = try self.site(job, params, call)
        let run = call.newID()
        try call.db.execute(
            JobStore.request(run, job.name, site: site?.id, by: call.caller.accountID, at: call.now),
            expecting: .rows(1))
        call.note("job", .string(job.name))
        call.note("runId", .string(run.description))
        if let site { call.note("site", .string(site.code)) }
        context.onCommit { services.jobs.wake() }
        return Reply(runId: run)
    }

    private func site(_ job: JobEntry, _ params: Params, _ call: Call) throws -> Site? {
        let administration = try Administration(call)
        guard job.scope == .site else {
            guard params.site == nil else {
                throw Fault.invalid(
                    "/site", expected: "nothing: the job runs for all sites together", zh: "不填：该任务为所有机构一起运行")
            }
            try administration.require(at: nil)
            return nil
        }
        guard let code = params.site else {
            throw Fault.invalid("/site", expected: "the code of the site to run it at", zh: "要运行该任务的机构代码")
        }
        let site = try administration.site(code)
        guard administration.directory.isEnabled(job.module, at: site.id) else {
            throw HostFault.moduleDisabled.fault(["module": .string(job.module), "site": .string(code)])
        }
        return site
    }
}
