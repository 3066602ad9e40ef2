internal import XinglinKit

/// `membership.voluntaryPayment.list`
struct ListVoluntaryPayments: RPCMethod {
    struct Params: Codable, Sendable {
        let organizationId: RecordID
        let from: LocalDate
        let until: LocalDate
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let voluntaryFen: Int64
        let forCentreFen: Int64
        let payments: RowList<Line>
        var next: String?
    }

    struct Line: Codable, Sendable {
        let voluntaryId: RecordID
        let memberId: RecordID
        let organizationId: RecordID
        let on: LocalDate
        let amountFen: Int64
        let forCentre: Bool
        var paymentId: RecordID?
        var note: String?
        let reversed: Bool
        let recordedAt: Timestamp
    }

    static let name = "membership.voluntaryPayment.list"
    static let summary = """
        Lists what members of an organisation and all below it gave beyond their dues from one day to another, the latest first, with the \
        sums of all pages and what goes to the centre (DUES centralFen).
        """
    static let effect = Effect.read
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        [
            .required("organizationId", .id, "The organisation, as it stands on the last day."),
            .required("from", .date, "The first day."), .required("until", .date, "The last day."),
        ] + Schema.pageParams)
    static let reply = Schema.object(
        .required("voluntaryFen", .fen, "The sum of all pages, without what was reversed."),
        .required("forCentreFen", .fen, "What of it goes to the centre."),
        .required("payments", .array(Self.line, 0...500), "The payments of this page."), Schema.pageReply)
    static let faults = [MembershipFault.organizationEnded]

    private static let line = Schema.object(
        .required("voluntaryId", .id, "The entry."), .required("memberId", .id, "Who gave it."),
        .required("organizationId", .id, "The member's branch or group on the day."),
        .required("on", .date, "The day."),
        .required("amountFen", .fen, "What was given."),
        .required("forCentre", .boolean, "Whether it goes to the centre."),
        .optional("paymentId", .id, "The payment of dues that it was the rest of."),
        .optional("note", .text(1...200), "The note."), .required("reversed", .boolean, "Whether it counts no more."),
        .required("recordedAt", .timestamp, "When it was recorded."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        guard params.from <= params.until else {
            throw Fault.invalid("/until", expected: "from or later", zh: "不早于起始日期")
        }
        let root = try Organizations.readable(params.organizationId, on: params.until, call).id
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let before = try page.after(0) ?? RecordID(high: .max, low: .max)
        let results = try call.db.batch([
            Statement(DuesFigures.voluntarySums(root, from: params.from, through: params.until)),
            Statement(
                DuesFigures.voluntary(
                    root, from: params.from, through: params.until, before: before, limit: page.limit + 1)),
        ])
        let (voluntary, centre) = try results[0].first(as: (Int64, Int64).self) ?? (Int64(0), Int64(0))
        let (rows, hasMore) = results[1].page(limit: page.limit)
        let next = hasMore ? try rows.last.first(as: RecordID.self) : nil
        call.recordAccess(
            basis: "partyDues",
            subjects: try rows.decode(as: (RecordID, RecordID).self).map(\.1))
        return Reply(
            voluntaryFen: voluntary, forCentreFen: centre, payments: .json(rows.json(DuesFigures.voluntaryColumns)),
            next: next.map { Page.cursor($0.description) })
    }

    static var examples: Examples<Params, Reply> {
        let line = Line(
            voluntaryId: DuesSample.gift, memberId: Sample.member, organizationId: Sample.group, on: Sample.today,
            amountFen: 100_000, forCentre: true, paymentId: DuesSample.payment, note: "自愿一次多交", reversed: false,
            recordedAt: Sample.instant)
        return Examples(
            full: (
                Params(
                    organizationId: Sample.branch, from: Sample.joined, until: Sample.today, limit: 1,
                    after: Page.cursor(Sample.other.description)),
                Reply(
                    voluntaryFen: 100_000, forCentreFen: 100_000, payments: .elements([line]),
                    next: Page.cursor(DuesSample.gift.description))
            ),
            minimal: (
                Params(organizationId: Sample.branch, from: Sample.joined, until: Sample.today),
                Reply(voluntaryFen: 0, forCentreFen: 0, payments: .elements([]))
            ))
    }
}
