internal import XinglinKit
internal import XinglinRPC

/// A run of a job as the methods show it.
struct JobRunReply: Codable, Sendable {
    struct Count: Codable, Sendable {
        var name: String
        var count: Int64
    }

    var runId: RecordID
    var job: String
    var site: String?
    var scheduledFor: Timestamp
    var requestedBy: String?
    var state: JobRunState
    var host: String?
    var failures: Int
    var startedAt: Timestamp?
    var endedAt: Timestamp?
    var reason: String?
    var trace: String?
    var nextAttemptAt: Timestamp?
    var counts: [Count]

    static let schema = Schema.object(
        .required("runId", .id, "The run."),
        .required("job", .code(1...100), "The job."),
        .optional("site", .code(1...32), "The site; absent where the run is for all sites together."),
        .required(
            "scheduledFor", .timestamp,
            "The time of the schedule that it is for; of a run that was asked for, when that was."),
        .optional("requestedBy", .opaque(0...64), "Who asked for it; absent where the schedule did."),
        .required(
            "state", .enumeration(JobRunState.allCases.map(\.rawValue)),
            """
            waiting (due, or to be tried again), running, done, failed, or skipped (its time was missed, or its module is no \
            longer enabled at the site).
            """),
        .optional("host", .opaque(1...300), "The host process that does or did it."),
        .required(
            "failures", .integer(0...11), "How often it failed; a run is tried again as often as its job declares."),
        .optional("startedAt", .timestamp, "When it was begun first."),
        .optional("endedAt", .timestamp, "When it ended."),
        .optional("reason", .opaque(1...100), "Why it failed or was passed over: a reason of docs/errors.md."),
        .optional(
            "trace", .code(1...64),
            "The trace of its last attempt: the log has its lines under it, and the audit what it changed or why it failed."
        ),
        .optional(
            "nextAttemptAt", .timestamp, "When it is tried again; absent unless it failed and is to be tried again."),
        .required(
            "counts",
            .array(
                .object(
                    .required("name", .opaque(1...100), "What was counted."),
                    .required("count", .integer(Int64.min...Int64.max), "How many.")), 0...100),
            "What it came to, so far."))

    init(_ record: JobRunRecord, _ directory: DirectorySnapshot) throws {
        self.runId = record.id
        self.job = record.job
        self.site = record.site.flatMap { directory.sitesByID[$0]?.code }
        self.scheduledFor = record.scheduledFor
        self.requestedBy = record.requestedBy.map { directory.accounts[$0]?.principal.account ?? "" }
        self.state = record.state
        self.host = record.host.isEmpty ? nil : record.host
        self.failures = record.failures
        self.startedAt = record.startedAt
        self.endedAt = record.endedAt
        self.reason = record.reason
        self.trace = record.trace
        self.nextAttemptAt = record.state == .waiting && record.failures > 0 ? record.notBefore : nil
        let counts = try JSONReader.parse(Array(record.counts.utf8)).objectValue ?? [:]
        self.counts = counts.sorted { $0.key < $1.key }.map { Count(name: $0, count: $1.integerValue ?? 0) }
    }

    private init() {
        self.runId = RecordID(high: 0x0198_F3A2_7C3E_7000, low: 0x8000_0000_0000_0001)
        self.job = "decoction.expiryWatch"
        self.scheduledFor = Timestamp(microseconds: 1_795_386_600_000_000)
        self.state = .done
        self.failures = 0
        self.counts = []
    }

    static var example: JobRunReply {
        var example = JobRunReply()
        example.state = .waiting
        return example
    }

    static var fullExample: JobRunReply {
        var example = JobRunReply()
        example.site = "t1"
        example.requestedBy = "admin"
        example.host = "county-1/4711/mkf3q2a0"
        example.startedAt = example.scheduledFor.adding(seconds: 1)
        example.endedAt = example.scheduledFor.adding(seconds: 2)
        example.reason = "host.deadline"
        example.trace = "8f6c0e2a5d9b4c1e8a7d3f2b1c0e9d8a"
        example.nextAttemptAt = example.scheduledFor.adding(seconds: 61)
        example.failures = 1
        example.counts = [.init(name: "expiringLots", count: 3)]
        return example
    }
}

/// Which runs a caller may see: those at the sites in their charge, and those for all sites together.
struct JobSites {
    let directory: DirectorySnapshot
    private let caller: Principal

    init(_ call: Call) throws {
        self.directory = try call.hosted.services.directory.snapshot
        self.caller = try call.caller
    }

    var ids: [RecordID] {
        self.directory.sitesByID.keys.filter { site in
            !self.directory.grants(of: self.caller, for: JobsList.readers, at: site).isEmpty
        }.sorted()
    }

    /// The site of that code, where the caller may see its runs.
    /// - Throws: `host.siteUnknown`, `host.forbidden`.
    func site(_ code: String) throws -> RecordID {
        guard let site = self.directory.sitesByCode[code] else {
            throw HostFault.siteUnknown.fault(["site": .string(code)])
        }
        guard !self.directory.grants(of: self.caller, for: JobsList.readers, at: site.id).isEmpty else {
            throw HostFault.forbidden.fault([
                "roles": .array(JobsList.readers.sorted().map { .string($0.rawValue) }), "site": .string(code),
            ])
        }
        return site.id
    }
}
