internal import XinglinKit

/// `membership.mentor.list`
struct ListMentorPairs: RPCMethod {
    struct Params: Codable, Sendable {
        let organizationId: RecordID
        var asOf: LocalDate?
        var unmask: GetMember.Unmask?
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let pairs: [Line]
        var next: String?
    }

    struct Line: Codable, Sendable {
        let pairId: RecordID
        let organizationId: RecordID
        let mentorId: RecordID
        let mentorName: String
        var menteeId: RecordID?
        var candidateId: RecordID?
        let menteeName: String
        let from: LocalDate
        var endsOn: LocalDate?
    }

    static let name = "membership.mentor.list"
    static let summary = """
        Lists the mentor pairs that stood on a day, of mentors in an organisation and all below it. Names are masked unless a purpose is \
        named; each look is audited.
        """
    static let effect = Effect.read
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        [
            .required("organizationId", .id, "The organisation."),
            .optional("asOf", .date, "The day; today unless told."),
            GetMember.Unmask.field,
        ] + Schema.pageParams)
    static let reply = Schema.object(
        .required(
            "pairs",
            .array(
                .object(
                    .required("pairId", .id, "The pair."),
                    .required("organizationId", .id, "Where the mentor belongs."),
                    .required("mentorId", .id, "The mentor."),
                    .required("mentorName", .text(1...60), "The name, masked (张*) unless a purpose was named."),
                    .optional("menteeId", .id, "The other member."), .optional("candidateId", .id, "The candidate."),
                    .required("menteeName", .text(1...60), "The name, likewise."),
                    .required("from", .date, "Since when."),
                    .optional("endsOn", .date, "From when on it stood no more.")),
                0...500),
            "The pairs of this page."), Schema.pageReply)

    private typealias Columns = (
        RecordID, RecordID, RecordID?, RecordID?, RecordID?, LocalDate, LocalDate?, RecordID
    )

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let last: RecordID = try page.after(0) ?? RecordID(high: 0, low: 0)
        _ = try Organizations.readable(params.organizationId, on: params.asOf ?? call.today, call)
        let sql = MentorStore.list(
            params.organizationId, on: params.asOf ?? call.today, after: last, limit: page.limit + 1)
        let (found, hasMore) = try call.db.rows(sql).page(limit: page.limit)
        let rows = try found.decode(as: Columns.self)
        let names = try Offices.names(rows.map(\.1) + rows.compactMap(\.2), unmask: params.unmask, call)
        let candidates = try PeopleIndex.persons(Array(Set(rows.compactMap(\.4))), call)
        call.recordAccess(
            basis: params.unmask?.purpose.rawValue ?? "view",
            subjects: Array(Set(rows.flatMap { [$0.1, $0.2, $0.3].compactMap { $0 } })).sorted())
        let lines = rows.map { row in
            let candidate = row.4.flatMap { candidates[$0]?.nameZh }.map {
                params.unmask == nil ? MaskedName.of($0) : $0
            }
            return Line(
                pairId: row.0, organizationId: row.7, mentorId: row.1, mentorName: names[row.1] ?? "*", menteeId: row.2,
                candidateId: row.3, menteeName: row.2.flatMap { names[$0] } ?? candidate ?? "*", from: row.5,
                endsOn: row.6)
        }
        return Reply(pairs: lines, next: hasMore ? lines.last.map { Page.cursor($0.pairId.description) } : nil)
    }

    static var examples: Examples<Params, Reply> {
        let line = Line(
            pairId: Sample.other, organizationId: Sample.branch, mentorId: Sample.member, mentorName: "张*",
            menteeId: Sample.fact, candidateId: Sample.candidate, menteeName: "李*", from: Sample.joined,
            endsOn: Sample.today)
        return Examples(
            full: (
                Params(
                    organizationId: Sample.branch, asOf: Sample.today,
                    unmask: GetMember.Unmask(purpose: .organizationWork), limit: 1,
                    after: Page.cursor(Sample.fact.description)),
                Reply(pairs: [line], next: Page.cursor(Sample.other.description))
            ), minimal: (Params(organizationId: Sample.branch), Reply(pairs: [])))
    }
}
