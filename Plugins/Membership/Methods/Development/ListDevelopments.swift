internal import XinglinKit

/// `membership.development.list`
struct ListDevelopments: RPCMethod {
    struct Params: Codable, Sendable {
        var organizationId: RecordID?
        var stage: String?
        var status: String?
        var asOf: LocalDate?
        var unmask: GetMember.Unmask?
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let developments: [Line]
        var next: String?
    }

    struct Line: Codable, Sendable {
        let candidateId: RecordID
        let name: String
        let status: String
        let statusZh: String
        let statusSince: LocalDate
        let organizationId: RecordID
        let imported: Bool
    }

    static let name = "membership.development.list"
    static let summary = """
        Lists the developments of an organisation and all below it as of a day, probationary members among them; open ones unless a stage \
        or state is asked for. Names are masked unless a purpose is named.
        """
    static let effect = Effect.read
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        [
            .optional(
                "organizationId", .id,
                "Only this organisation and what stands below it; the readable sites unless told."),
            .optional(
                "stage", .enumeration(CandidateStage.codes),
                "Only this stage, as `membership.statistics.count` counts it."),
            .optional("status", .code(1...40), "Only this state; ended ones only so."),
            .optional("asOf", .date, "The day; today unless told."), GetMember.Unmask.field,
        ] + Schema.pageParams)
    static let reply = Schema.object(
        .required(
            "developments",
            .array(
                .object(
                    .required("candidateId", .id, "The development."),
                    .required("name", .text(1...60), "The name, masked (张*) unless a purpose was named."),
                    .required("status", .code(1...40), "The state on the day."),
                    .required("statusZh", .text(1...60), "The same in Chinese."),
                    .required("statusSince", .date, "Since when."),
                    .required("organizationId", .id, "The branch or group."),
                    .required("imported", .boolean, "Whether it was taken over from another register.")), 0...500),
            "The developments of this page."), Schema.pageReply)

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let last: RecordID = try page.after(0) ?? RecordID(high: 0, low: 0)
        let stage = params.stage.flatMap { CandidateStage(rawValue: $0) }
        let filter = CandidateStore.Filter(
            root: params.organizationId, states: stage.map(\.states) ?? params.status.map { [$0] },
            isStage: stage != nil)
        let sql = CandidateStore.list(filter, on: params.asOf ?? call.today, after: last, limit: page.limit + 1)
        let (rows, hasMore) = try call.db.rows(sql).page(limit: page.limit)
        let found = try rows.decode(as: (RecordID, RecordID, String, LocalDate, RecordID, Bool).self)
        let persons = try PeopleIndex.persons(found.map(\.1), call)
        let table = try StepStore.table(call.db.rows(StepStore.all))
        call.recordAccess(basis: params.unmask?.purpose.rawValue ?? "view", subjects: found.map(\.0))
        if params.unmask != nil { call.note("unmasked", true) }
        let lines = found.map { row in
            Line(
                candidateId: row.0,
                name: persons[row.1].map { params.unmask == nil ? MaskedName.of($0.nameZh) : $0.nameZh } ?? "*",
                status: row.2, statusZh: table.label(of: row.2), statusSince: row.3, organizationId: row.4,
                imported: row.5)
        }
        return Reply(
            developments: lines, next: hasMore ? lines.last.map { Page.cursor($0.candidateId.description) } : nil)
    }

    static var examples: Examples<Params, Reply> {
        let line = Line(
            candidateId: Sample.candidate, name: "张*", status: "activist", statusZh: "上级党委备案",
            statusSince: Sample.joined,
            organizationId: Sample.branch, imported: false)
        return Examples(
            full: (
                Params(
                    organizationId: Sample.branch, stage: "activist", status: "activist", asOf: Sample.today,
                    unmask: .init(purpose: .development), limit: 1, after: Page.cursor(Sample.other.description)),
                Reply(developments: [line], next: Page.cursor(Sample.candidate.description))
            ), minimal: (Params(), Reply(developments: [])))
    }
}
