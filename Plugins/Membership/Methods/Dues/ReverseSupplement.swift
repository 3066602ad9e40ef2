internal import XinglinKit

/// `membership.dues.reverseSupplement`
struct ReverseSupplement: RPCMethod {
    struct Params: Codable, Sendable {
        let organizationId: RecordID
        let month: String
        let memberId: RecordID
        let reason: String
    }

    struct Reply: Codable, Sendable {
        let memberId: RecordID
        let month: CalendarMonth
        let version: Int
        let voids: Int
        let reversedFen: Int64
        let warnings: [DuesWarning]
    }

    static let name = "membership.dues.reverseSupplement"
    static let summary = """
        Takes back a supplement, which is a line that a member got when the month was closed, where it was wrong (DUES): a counter-entry \
        names it, and both stay on record. What the month was closed with never changes. Then correct the base or the member's facts, \
        and assess the month again. What was paid for the supplement is reversed before.
        """
    static let effect = Effect.write
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        .required("organizationId", .id, "The branch that assessed it."),
        .required("month", CalendarMonth.schema, "The closed month, YYYY-MM."),
        .required("memberId", .id, "The member."),
        .required("reason", .text(1...200), "What was wrong."))
    static let reply = Schema.object(
        .required("memberId", .id, "The member."), .required("month", CalendarMonth.schema, "The month."),
        .required("version", .integer(2...100_000), "The counter-entry's version."),
        .required("voids", .integer(1...100_000), "The version that it takes back."),
        .required("reversedFen", .fen, "What was due by it."),
        .required("warnings", DuesWarning.list, "What the officer should know."))
    static let faults = [
        DuesFault.notABranch, DuesFault.monthState, DuesFault.notAssessed, DuesFault.excess,
        MembershipFault.organizationEnded,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let month = try CalendarMonth.read(params.month, at: "/month")
        let branch = try DuesBranch(params.organizationId, month, call)
        let state = try branch.locked()
        guard state != .notOpen else { throw DuesFault.monthState(state) }
        let act = try Act(call)
        let last = try call.db.first(
            DuesSupplementStore.last(of: params.memberId, in: month, site: act.site),
            as: (Int, RecordID, Bool, Bool, Int64, Int64).self)
        guard let (version, organization, isVoid, isSupplement, dueFen, paidFen) = last, !isVoid,
            organization == branch.id
        else { throw DuesFault.notAssessed.fault(["months": DuesFault.months([month])]) }
        // Lines of an open month are assessed anew, those that a month was closed with stay.
        guard isSupplement else { throw DuesFault.monthState(state) }
        try Self.mustBeUnpaid(params.memberId, paidFen, month, call)
        try call.db.execute(
            DuesSupplementStore.reverse(
                version, of: params.memberId, in: month, reason: PlainText.trimmed(params.reason), act),
            expecting: .rows(1))
        call.recordAccess(basis: "partyDues", subjects: [params.memberId])
        call.note("organizationId", .string(branch.id.description))
        call.note("month", .string(month.description))
        return Reply(
            memberId: params.memberId, month: month, version: version + 1, voids: version, reversedFen: dueFen,
            warnings: paidFen > 0 ? [.excessKept(month, paidFen)] : [])
    }

    /// - Throws: `membership.duesExcess` where a payment has to be reversed first. One that counts in a closed month cannot be, and holds
    ///   nothing up: what it paid too much stays outside of the sums.
    private static func mustBeUnpaid(
        _ member: RecordID, _ paidFen: Int64, _ month: CalendarMonth, _ call: Call
    ) throws {
        guard paidFen > 0 else { return }
        let reversible = try call.db.rows(
            DuesPaymentStore.reversible(of: [member], in: month, site: call.site.id))
        guard reversible.isEmpty else {
            throw DuesFault.excess.fault([
                "members": [["memberId": .string(member.description), "excessFen": .integer(paidFen)]]
            ])
        }
    }

    static var examples: Examples<Params, Reply> {
        let params = Params(
            organizationId: Sample.branch, month: DuesSample.month, memberId: Sample.member, reason: "当月已在原单位交纳")
        func reply(_ warnings: [DuesWarning]) -> Reply {
            Reply(
                memberId: Sample.member, month: DuesSample.duesMonth, version: 2, voids: 1, reversedFen: 5000,
                warnings: warnings)
        }
        return Examples(full: (params, reply([.excessKept(DuesSample.duesMonth, 5000)])), minimal: (params, reply([])))
    }
}
