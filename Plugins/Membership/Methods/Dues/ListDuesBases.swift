internal import XinglinKit

/// `membership.duesBase.list`
struct ListDuesBases: RPCMethod {
    struct Params: Codable, Sendable {
        let memberId: RecordID
    }

    struct Reply: Codable, Sendable {
        let bases: RowList<Base>
        let exemptions: RowList<Exemption>
        let excuses: RowList<Excuse>
    }

    struct Base: Codable, Sendable {
        let version: Int
        let from: CalendarMonth
        let category: DuesCategory
        var baseFen: Int64?
        var fixedFen: Int64?
        var reason: String?
        let recordedAt: Timestamp
    }

    struct Exemption: Codable, Sendable {
        let exemptionId: RecordID
        let kind: ExemptDues.Kind
        let from: CalendarMonth
        let until: CalendarMonth
        var reducedFen: Int64?
        let requestedOn: LocalDate
        let branchOn: LocalDate
        let approvedOn: LocalDate
        let approvedBy: RecordID
        var documentTitle: String?
        var fileId: RecordID?
        var endedFrom: CalendarMonth?
        var endReason: String?
        let recordedAt: Timestamp
    }

    struct Excuse: Codable, Sendable {
        let excuseId: RecordID
        let from: CalendarMonth
        let until: CalendarMonth
        let reason: String
        var documentTitle: String?
        var fileId: RecordID?
        let recordedAt: Timestamp
    }

    static let name = "membership.duesBase.list"
    static let summary = """
        Shows what a member's dues are reckoned from (DUES): every base with its first month, the approved reductions and waivers, and \
        the good reasons for months not paid.
        """
    static let effect = Effect.read
    static let access = MembershipAccess.officers
    static let params = Schema.object(.required("memberId", .id, "The member."))
    static let reply = Schema.object(
        .required("bases", .array(Self.base, 0...10_000), "The bases, by month; of one month the last one holds."),
        .required("exemptions", .array(Self.exemption, 0...10_000), "Reductions and waivers, by month."),
        .required("excuses", .array(Self.excuse, 0...10_000), "Good reasons, by month."))

    private static let base = Schema.object(
        .required("version", .integer(1...100_000), "Which of the member's it is."),
        .required("from", CalendarMonth.schema, "The first month that it counts for."),
        .required("category", .enumeration(DuesCategory.codes), "As what the member pays."),
        .optional("baseFen", .fen, "The base of a month; absent where the amount is fixed."),
        .optional("fixedFen", .fen, "What the branch has set."), .optional("reason", .text(1...200), "Why."),
        .required("recordedAt", .timestamp, "When it was recorded."))

    private static let exemption = Schema.object(
        .required("exemptionId", .id, "The exemption."),
        .required("kind", .enumeration(ExemptDues.Kind.codes), "Whether nothing or less is paid."),
        .required("from", CalendarMonth.schema, "The first month."),
        .required("until", CalendarMonth.schema, "The last month."),
        .optional("reducedFen", .fen, "reduction: what is still paid a month."),
        .required("requestedOn", .date, "When the member asked."),
        .required("branchOn", .date, "When the branch discussed it."),
        .required("approvedOn", .date, "When the committee approved."),
        .required("approvedBy", .id, "The committee."), .optional("documentTitle", .text(1...200), "The approval."),
        .optional("fileId", .id, "Its scan."),
        .optional(
            "endedFrom", CalendarMonth.schema, "The first month that it does not hold for, where it ended early."),
        .optional("endReason", .text(1...200), "Why it ended early."),
        .required("recordedAt", .timestamp, "When it was recorded."))

    private static let excuse = Schema.object(
        .required("excuseId", .id, "The record."), .required("from", CalendarMonth.schema, "The first month."),
        .required("until", CalendarMonth.schema, "The last month."),
        .required("reason", .text(1...200), "The good reason."),
        .optional("documentTitle", .text(1...200), "The paper."), .optional("fileId", .id, "Its scan."),
        .required("recordedAt", .timestamp, "When it was recorded."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let results = try call.db.batch([
            Statement(MemberStore.standing(params.memberId, on: call.today)),
            Statement(DuesFactStore.bases(of: params.memberId)),
            Statement(DuesFactStore.exemptions(of: params.memberId)),
            Statement(DuesFactStore.excuses(of: params.memberId)),
        ])
        guard !results[0].isEmpty else { throw MembershipFault.notFound("memberId", params.memberId) }
        call.recordAccess(basis: "partyDues", subjects: [params.memberId])
        return Reply(
            bases: .json(results[1].json(Self.baseColumns)), exemptions: .json(results[2].json(Self.exemptionColumns)),
            excuses: .json(results[3].json(Self.excuseColumns)))
    }

    private static let baseColumns: [JSONColumn] = [
        .integer("version"), .string("from"), .string("category"), .integer("baseFen"), .integer("fixedFen"),
        .string("reason"), .timestamp("recordedAt"),
    ]
    private static let exemptionColumns: [JSONColumn] = [
        .string("exemptionId"), .string("kind"), .string("from"), .string("until"), .integer("reducedFen"),
        .string("requestedOn"), .string("branchOn"), .string("approvedOn"), .string("approvedBy"),
        .string("documentTitle"),
        .string("fileId"), .string("endedFrom"), .string("endReason"), .timestamp("recordedAt"),
    ]
    private static let excuseColumns: [JSONColumn] = [
        .string("excuseId"), .string("from"), .string("until"), .string("reason"), .string("documentTitle"),
        .string("fileId"), .timestamp("recordedAt"),
    ]

    static var examples: Examples<Params, Reply> {
        let month = DuesSample.duesMonth
        let base = Base(
            version: 1, from: month, category: .farmer, baseFen: 0, fixedFen: 20, reason: "支部核定",
            recordedAt: Sample.instant)
        let exemption = Exemption(
            exemptionId: DuesSample.exemption, kind: .reduction, from: month, until: month.adding(5), reducedFen: 100,
            requestedOn: Sample.today, branchOn: Sample.today, approvedOn: Sample.today, approvedBy: Sample.committee,
            documentTitle: DuesSample.paper.title, fileId: Sample.file, endedFrom: month.adding(2), endReason: "困难已解除",
            recordedAt: Sample.instant)
        let excuse = Excuse(
            excuseId: DuesSample.excuse, from: month, until: month, reason: "住院治疗", documentTitle: "住院证明",
            fileId: Sample.file, recordedAt: Sample.instant)
        return Examples(
            full: (
                Params(memberId: Sample.member),
                Reply(bases: .elements([base]), exemptions: .elements([exemption]), excuses: .elements([excuse]))
            ),
            minimal: (
                Params(memberId: Sample.member),
                Reply(bases: .elements([]), exemptions: .elements([]), excuses: .elements([]))
            ))
    }
}
