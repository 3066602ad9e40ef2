internal import XinglinKit

/// `decoction.job.findByLot`
struct FindJobsByLot: RPCMethod {
    struct Params: Codable, Sendable {
        let lotId: RecordID
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let jobs: RowList<Entry>
        var next: String?
    }

    struct Entry: Codable, Sendable {
        let jobId: RecordID
        let patientId: RecordID
        let prescriptionId: RecordID
        let machineId: RecordID
        let state: JobState
        let stateZh: String
        let receivedAt: Timestamp
        var endedAt: Timestamp?
        let quantityMg: Int64
    }

    static let name = "decoction.job.findByLot"
    static let summary =
        "Lists the jobs into whose pots a lot went, with their patients, in the order of their beginning."
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer])
    static let params = Schema.object([.required("lotId", .id, "The lot.")] + Schema.pageParams)
    static let reply = Schema.object(
        .required("jobs", .array(Self.entry, 0...500), "The jobs of this page."), Schema.pageReply)

    private static let entry = Schema.object(
        .required("jobId", .id, "The job."),
        .required("patientId", .id, "The patient."),
        .required("prescriptionId", .id, "The prescription."),
        .required("machineId", .id, "What it was boiled in."),
        .required("state", .enumeration(JobState.codes), "Where it stands."),
        .required("stateZh", .text(1...20), "The same in Chinese."),
        .required("receivedAt", .timestamp, "When it began."),
        .optional("endedAt", .timestamp, "When it ended."),
        .required("quantityMg", .integer(1...1_000_000_000_000), "How much of the lot, in milligrams."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let site = try call.site.id
        _ = try LotStore.description(of: params.lotId, call)
        let (rows, hasMore) = try call.db.rows(
            JobStore.ofLot(
                params.lotId, site: site, after: page.after(0) ?? RecordID(high: 0, low: 0), limit: page.limit + 1)
        ).page(limit: page.limit)
        let shown = try rows.decode(as: (RecordID, RecordID).self)
        call.recordAccess(basis: "treatment", subjects: Array(Set(shown.map(\.1))).sorted())
        return Reply(
            jobs: .json(rows.json(JobStore.ofLotColumns)),
            next: hasMore ? shown.last.map { Page.cursor($0.0.description) } : nil)
    }

    static var examples: Examples<Params, Reply> {
        let entry = Entry(
            jobId: Sample.job, patientId: Sample.patient, prescriptionId: Sample.prescription,
            machineId: Sample.machine, state: .handedOver, stateZh: JobState.handedOver.labelZh,
            receivedAt: Sample.instant, endedAt: Sample.instant, quantityMg: 42_000)
        let cursor = Page.cursor(Sample.job.description)
        return Examples(
            full: (
                Params(lotId: Sample.lot, limit: 1, after: cursor), Reply(jobs: .elements([entry]), next: cursor)
            ), minimal: (Params(lotId: Sample.lot), Reply(jobs: .elements([]))))
    }
}
