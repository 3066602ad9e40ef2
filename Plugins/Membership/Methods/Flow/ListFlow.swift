internal import XinglinKit

/// `membership.flow.list`
struct ListFlow: RPCMethod {
    struct Params: Codable, Sendable {
        var organizationId: RecordID?
        var asOf: LocalDate?
        var unmask: GetMember.Unmask?
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let flows: [Line]
        var next: String?
    }

    struct Line: Codable, Sendable {
        let flowId: RecordID
        let memberId: RecordID
        let name: String
        let organizationId: RecordID
        let from: LocalDate
        var expectedUntil: LocalDate?
        var endedOn: LocalDate?
        var toPlace: String?
        var toOrganizationId: RecordID?
        let fixedPlace: Bool
        let reason: String
        var transferDueOn: LocalDate?
        let transferDue: Bool
    }

    static let name = "membership.flow.list"
    static let summary = """
        Lists the members who were away on a day, of an organisation and all below it, each with the day from which a transfer is due \
        (TRANSFER awayMonths). Names are masked unless a purpose is named.
        """
    static let effect = Effect.read
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        [
            .optional(
                "organizationId", .id,
                "Only members of this organisation and what stands below it; of the readable sites unless told."),
            .optional("asOf", .date, "The day; today unless told."), GetMember.Unmask.field,
        ] + Schema.pageParams)
    static let reply = Schema.object(
        .required(
            "flows",
            .array(
                .object(
                    .required("flowId", .id, "The record."), .required("memberId", .id, "The member."),
                    .required("name", .text(1...60), "The name, masked (张*) unless a purpose was named."),
                    .required("organizationId", .id, "The branch or group that the member belongs to."),
                    .required("from", .date, "Since when."),
                    .optional("expectedUntil", .date, "Until when, as was expected."),
                    .optional("endedOn", .date, "When it ended, behind the day asked for."),
                    .optional("toPlace", .text(1...200), "Where to."),
                    .optional("toOrganizationId", .id, "The organisation taken part in meanwhile."),
                    .required("fixedPlace", .boolean, "Whether it is one fairly fixed place."),
                    .required("reason", .text(1...200), "Why."),
                    .optional("transferDueOn", .date, "From which day on the member must transfer."),
                    .required("transferDue", .boolean, "Whether that day has come.")), 0...500),
            "The members of this page."), Schema.pageReply)
    static let faults = [MembershipRules.unusable]

    typealias Columns = (
        RecordID, RecordID, RecordID, RecordID, LocalDate, LocalDate?, LocalDate?, SQLBytes?, RecordID?, Bool, SQLBytes
    )

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let day = params.asOf ?? call.today
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let found = try call.db.rows(
            FlowStore.list(
                params.organizationId, on: day, after: page.after(0) ?? RecordID(high: 0, low: 0),
                limit: page.limit + 1))
        let (rows, hasMore) = found.page(limit: page.limit)
        let flows = try rows.decode(as: Columns.self)
        let persons = try PeopleIndex.persons(flows.map(\.2), call)
        let months = Int(
            try MembershipRules.book(on: call.today, call).number(RuleKey("TRANSFER", "awayMonths")))
        let lines = try flows.map { row in
            let due = row.9 ? TransferDates.transferDue(row.4, months: months) : nil
            return Line(
                flowId: row.0, memberId: row.1,
                name: persons[row.2].map { params.unmask == nil ? MaskedName.of($0.nameZh) : $0.nameZh } ?? "*",
                organizationId: row.3, from: row.4, expectedUntil: row.5, endedOn: row.6,
                toPlace: try row.7.map { try call.open($0, of: TransferColumns.toPlace, row: row.0) },
                toOrganizationId: row.8, fixedPlace: row.9,
                reason: try call.open(row.10, of: TransferColumns.flowReason, row: row.0), transferDueOn: due,
                transferDue: due.map { $0 <= day } ?? false)
        }
        call.recordAccess(basis: params.unmask?.purpose.rawValue ?? "view", subjects: lines.map(\.memberId))
        if params.unmask != nil { call.note("unmasked", true) }
        return Reply(flows: lines, next: hasMore ? lines.last.map { Page.cursor($0.flowId.description) } : nil)
    }

    static var examples: Examples<Params, Reply> {
        let from = Sample.today.adding(months: -3)
        let line = Line(
            flowId: Sample.flow, memberId: Sample.member, name: "张*", organizationId: Sample.branch, from: from,
            expectedUntil: from.adding(months: 12), endedOn: Sample.today.adding(days: 3), toPlace: "西安市某医院进修",
            toOrganizationId: Sample.other, fixedPlace: true, reason: "外出进修",
            transferDueOn: from.adding(months: 6), transferDue: false)
        return Examples(
            full: (
                Params(
                    organizationId: Sample.branch, asOf: Sample.today,
                    unmask: GetMember.Unmask(purpose: .organizationWork), limit: 1,
                    after: Page.cursor(Sample.other.description)),
                Reply(flows: [line], next: Page.cursor(Sample.flow.description))
            ), minimal: (Params(), Reply(flows: [])))
    }
}
