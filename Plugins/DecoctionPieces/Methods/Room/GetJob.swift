internal import XinglinKit

/// `decoction.job.get`
struct GetJob: RPCMethod {
    struct Params: Codable, Sendable {
        let jobId: RecordID
    }

    typealias Reply = JobCard

    static let name = "decoction.job.get"
    static let summary = "Shows a job of the decoction room with what it takes and each of its steps (8.5)."
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .doctor, .nurse])
    static let params = Schema.object(.required("jobId", .id, "The job."))
    static let reply = JobCard.schema

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        try JobCard.read(params.jobId, call)
    }

    static var examples: Examples<Params, Reply> {
        let params = Params(jobId: Sample.job)
        return Examples(full: (params, .full), minimal: (params, .small))
    }
}
