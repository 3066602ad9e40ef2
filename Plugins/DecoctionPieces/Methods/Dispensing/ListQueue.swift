internal import XinglinKit

/// `decoction.queue.list`
struct ListQueue: RPCMethod {
    struct Params: Codable, Sendable {
        var state: PrescriptionState?
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let prescriptions: RowList<Entry>
        var next: String?
    }

    struct Entry: Codable, Sendable {
        let rank: Int
        let since: Timestamp
        let prescriptionId: RecordID
        let patientId: RecordID
        let urgent: Bool
        let doses: Int
        let pieces: Int
        let state: PrescriptionState
        let stateZh: String
        let waitedMinutes: Int64
        var fromSite: String?
    }

    static let name = "decoction.queue.list"
    static let summary = """
        Lists the prescriptions that wait for review, for dispensing, for its end or to be fetched: urgent ones first, then who has waited \
        longest where it stands.
        """
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer])
    static let params = Schema.object(
        [
            .optional(
                "state", .enumeration(QueueStore.waiting.map(\.rawValue)), "Only those that wait in this state.")
        ] + Schema.pageParams)
    static let reply = Schema.object(
        .required(
            "prescriptions",
            .array(
                .object(
                    .required("rank", .integer(0...1), "0 where it is urgent, else 1."),
                    .required("since", .timestamp, "Since when it stands there."),
                    .required("prescriptionId", .id, "The prescription."),
                    .required("patientId", .id, "The patient."),
                    .required("urgent", .boolean, "Whether it is an emergency prescription."),
                    .required("doses", .integer(1...400), "How many doses."),
                    .required("pieces", .integer(1...80), "How many lines a dose has."),
                    .required("state", .enumeration(PrescriptionState.codes), "Where it stands."),
                    .required("stateZh", .text(1...20), "The same in Chinese."),
                    .required("waitedMinutes", .integer(0...Int64.max), "For how many whole minutes."),
                    .optional("fromSite", .text(1...60), "The code of the site that sent it here.")),
                0...500), "The prescriptions of this page."),
        Schema.pageReply)

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 3)
        var start = QueueStore.Cursor()
        start.rank = try page.after(0) ?? start.rank
        start.since = try page.after(1) ?? start.since
        start.id = try page.after(2) ?? start.id
        let (rows, hasMore) = try call.db.rows(
            QueueStore.list(
                state: params.state, site: call.site.id, at: call.now, after: start, limit: page.limit + 1)
        ).page(limit: page.limit)
        let shown = try rows.decode(as: (Int, Timestamp, RecordID, RecordID).self)
        call.recordAccess(basis: "treatment", subjects: Array(Set(shown.map(\.3))).sorted())
        let last = hasMore ? shown.last : nil
        return Reply(
            prescriptions: .json(rows.json(QueueStore.columns)),
            next: last.map { Page.cursor(String($0.0), $0.1.description, $0.2.description) })
    }

    static var examples: Examples<Params, Reply> {
        let entry = Entry(
            rank: 0, since: Sample.instant, prescriptionId: Sample.prescription, patientId: Sample.patient,
            urgent: true,
            doses: 3, pieces: 12, state: .approved, stateZh: PrescriptionState.approved.labelZh, waitedMinutes: 18,
            fromSite: "town-01")
        let cursor = Page.cursor("0", Sample.instant.description, Sample.prescription.description)
        return Examples(
            full: (
                Params(state: .approved, limit: 1, after: cursor),
                Reply(prescriptions: .elements([entry]), next: cursor)
            ), minimal: (Params(), Reply(prescriptions: .elements([]))))
    }
}
