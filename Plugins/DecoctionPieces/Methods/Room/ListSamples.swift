internal import XinglinKit

/// `decoction.sample.list`
struct ListSamples: RPCMethod {
    struct Params: Codable, Sendable {
        var which: Which?
        var limit: Int?
        var after: String?
    }

    /// Which samples are listed.
    enum Which: String, PrescriptionCode {
        case kept, due, all
    }

    struct Reply: Codable, Sendable {
        let samples: RowList<Entry>
        var next: String?
    }

    struct Entry: Codable, Sendable {
        let discardBy: Timestamp
        let sampleId: RecordID
        let jobId: RecordID
        let prescriptionId: RecordID
        let bags: Int
        let keptAt: Timestamp
        let discardFrom: Timestamp
        var discardedAt: Timestamp?
        let due: Bool
        let overdue: Bool
    }

    static let name = "decoction.sample.list"
    static let summary = """
        Lists the bags that are kept in the refrigerator as samples, those that have to be thrown away first at the head \
        (8.5).
        """
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .siteAdmin])
    static let params = Schema.object(
        [
            .optional(
                "which", .enumeration(Which.codes),
                "kept unless told; due: those that may be thrown away now; all: also those that were.")
        ] + Schema.pageParams)
    static let reply = Schema.object(
        .required("samples", .array(Self.entry, 0...500), "The samples of this page."), Schema.pageReply)

    private static let entry = Schema.object(
        .required("discardBy", .timestamp, "By when it has to be thrown away."),
        .required("sampleId", .id, "The sample."),
        .required("jobId", .id, "Its job."),
        .required("prescriptionId", .id, "Its prescription."),
        .required("bags", .integer(1...1000), "How many bags."),
        .required("keptAt", .timestamp, "Since when it is kept."),
        .required("discardFrom", .timestamp, "From when on it may be thrown away."),
        .optional("discardedAt", .timestamp, "When it was thrown away."),
        .required("due", .boolean, "Whether it may be thrown away now."),
        .required("overdue", .boolean, "Whether it should have been."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 2)
        let start = SampleStore.Cursor(
            discardBy: try page.after(0) ?? Timestamp(microseconds: 0),
            sample: try page.after(1) ?? RecordID(high: 0, low: 0))
        let sql = SampleStore.list(
            all: params.which == .all, dueAt: params.which == .due ? call.now : nil, site: try call.site.id,
            now: call.now, after: start, limit: page.limit + 1)
        let (rows, hasMore) = try call.db.rows(sql).page(limit: page.limit)
        let last = hasMore ? try rows.last.first(as: (Timestamp, RecordID).self) : nil
        return Reply(
            samples: .json(rows.json(SampleStore.columns)),
            next: last.map { Page.cursor($0.0.description, $0.1.description) })
    }

    static var examples: Examples<Params, Reply> {
        let entry = Entry(
            discardBy: Sample.instant.adding(seconds: 172_800), sampleId: Sample.keptBag, jobId: Sample.job,
            prescriptionId: Sample.prescription, bags: 1, keptAt: Sample.instant,
            discardFrom: Sample.instant.adding(seconds: 86_400), discardedAt: Sample.instant.adding(seconds: 90_000),
            due: false, overdue: false)
        let cursor = Page.cursor(entry.discardBy.description, Sample.keptBag.description)
        return Examples(
            full: (
                Params(which: .all, limit: 1, after: cursor), Reply(samples: .elements([entry]), next: cursor)
            ), minimal: (Params(), Reply(samples: .elements([]))))
    }
}
