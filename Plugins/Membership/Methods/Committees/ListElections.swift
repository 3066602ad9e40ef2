internal import XinglinKit

/// `membership.committee.list`
struct ListElections: RPCMethod {
    struct Params: Codable, Sendable {
        let organizationId: RecordID
        var unmask: GetMember.Unmask?
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let elections: [Line]
        var next: String?
    }

    struct Line: Codable, Sendable {
        let electionId: RecordID
        let on: LocalDate
        let organizationId: RecordID
        let due: Int
        let present: Int
        let seats: Int
        let committee: Bool
        let valid: Bool
        let elected: Int
        let vacant: Int
        let timing: ElectionTiming
        let timingZh: String
        var termEndsOn: LocalDate?
        var wasDueOn: LocalDate?
        let ruleVersion: String
        var paperTitle: String?
        var fileId: RecordID?
        var corrects: RecordID?
        var correctedBy: RecordID?
        var reason: String?
        let recordedAt: Timestamp
        let candidates: [Candidate]
    }

    struct Candidate: Codable, Sendable {
        let memberId: RecordID
        let name: String
        let votes: Int
        let elected: Bool
    }

    static let name = "membership.committee.list"
    static let summary = """
        Lists the elections of an organisation and all below it, the newest first, invalid and corrected ones too, each with its counts \
        (BR-05) and how it lay to its term (BR-04). Names are masked unless a purpose is named.
        """
    static let effect = Effect.read
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        [.required("organizationId", .id, "The organisation."), GetMember.Unmask.field] + Schema.pageParams)
    static let reply = Schema.object(
        .required("elections", .array(Self.line, 0...500), "The elections of this page."), Schema.pageReply)

    private static let line = Schema.object(
        .required("electionId", .id, "The election."), .required("on", .date, "Its day."),
        .required("organizationId", .id, "Where."), .required("due", .integer(1...100_000), "Those entitled to vote."),
        .required("present", .integer(0...100_000), "Those present."), .required("seats", .integer(1...50), "Seats."),
        .required("committee", .boolean, "False where a small branch elected its secretary directly (BR-03)."),
        .required("valid", .boolean, "Whether enough were present."),
        .required("elected", .integer(0...50), "How many were elected."),
        .required("vacant", .integer(0...50), "Seats that nobody was elected to."),
        .required("timing", .enumeration(ElectionTiming.codes), "Beside the term before (BR-04)."),
        .required("timingZh", .text(1...20), "The same in Chinese."),
        .optional("termEndsOn", .date, "When the term ends that began."),
        .optional("wasDueOn", .date, "When it was due; absent of a first one."),
        .required("ruleVersion", .text(1...20), "The version of BR-05 that it was judged by."),
        .optional("paperTitle", .text(1...200), "The approval of the higher organisation."),
        .optional("fileId", .id, "Its scan (`files.read`)."),
        .optional("corrects", .id, "The election whose place it takes."),
        .optional("correctedBy", .id, "The election that has taken its place."),
        .optional("reason", .text(1...200), "Why it was corrected."),
        .required("recordedAt", .timestamp, "When it was recorded."),
        .required(
            "candidates",
            .array(
                .object(
                    .required("memberId", .id, "The member."),
                    .required("name", .text(1...60), "The name, masked (张*) unless a purpose was named."),
                    .required("votes", .integer(0...100_000), "Votes in favour."),
                    .required("elected", .boolean, "Whether elected.")), 0...100),
            "The candidates, the most votes first."))

    private typealias Columns = (
        RecordID, LocalDate, RecordID, Int, Int, Int, Bool, Bool, Int, ElectionTiming, LocalDate?, LocalDate?, String,
        String?, RecordID?, RecordID?, RecordID?, String?, Timestamp
    )

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 2)
        let end = LocalDate(daysSince1970: 2_932_896)
        let before: (LocalDate, RecordID) = (
            try page.after(0) ?? end, try page.after(1) ?? RecordID(high: .max, low: .max)
        )
        let one = try Organizations.readable(params.organizationId, on: call.today, call)
        let (rows, hasMore) = try call.db.rows(
            ElectionStore.list(one.id, on: call.today, before: before, limit: page.limit + 1)
        ).page(limit: page.limit)
        let held = try rows.decode(as: Columns.self)
        let ballots = try call.db.query(
            ElectionStore.ballots(held.map(\.0)), as: (RecordID, RecordID, Int, Bool).self)
        let names = try Offices.names(ballots.map(\.1), unmask: params.unmask, call)
        let candidates = ballots.reduce(into: [RecordID: [Candidate]]()) { all, row in
            all[row.0, default: []].append(
                Candidate(memberId: row.1, name: names[row.1] ?? "*", votes: row.2, elected: row.3))
        }
        let lines = held.map { Self.line($0, candidates[$0.0] ?? []) }
        return Reply(
            elections: lines,
            next: hasMore ? lines.last.map { Page.cursor($0.on.description, $0.electionId.description) } : nil)
    }

    private static func line(_ row: Columns, _ candidates: [Candidate]) -> Line {
        Line(
            electionId: row.0, on: row.1, organizationId: row.2, due: row.3, present: row.4, seats: row.5,
            committee: row.6,
            valid: row.7, elected: row.8, vacant: row.5 - row.8, timing: row.9, timingZh: row.9.labelZh,
            termEndsOn: row.10,
            wasDueOn: row.11, ruleVersion: row.12, paperTitle: row.13, fileId: row.14, corrects: row.15,
            correctedBy: row.16, reason: row.17, recordedAt: row.18, candidates: candidates)
    }

    static var examples: Examples<Params, Reply> {
        let line = Line(
            electionId: Sample.fact, on: Sample.joined, organizationId: Sample.branch, due: 7, present: 6, seats: 1,
            committee: true, valid: true, elected: 1, vacant: 0, timing: .late, timingZh: ElectionTiming.late.labelZh,
            termEndsOn: Sample.joined.adding(years: 3), wasDueOn: Sample.joined.adding(days: -1), ruleVersion: "1.0",
            paperTitle: Sample.paper.title, fileId: Sample.file, corrects: Sample.other, correctedBy: Sample.other,
            reason: "票数登记有误", recordedAt: Sample.instant,
            candidates: [Candidate(memberId: Sample.member, name: "张*", votes: 6, elected: true)])
        let cursor = Page.cursor(line.on.description, line.electionId.description)
        return Examples(
            full: (
                Params(
                    organizationId: Sample.branch, unmask: GetMember.Unmask(purpose: .organizationWork), limit: 1,
                    after: cursor), Reply(elections: [line], next: cursor)
            ), minimal: (Params(organizationId: Sample.branch), Reply(elections: [])))
    }
}
