internal import XinglinKit

/// `membership.dues.openMonth`
struct OpenDuesMonth: RPCMethod {
    struct Params: Codable, Sendable {
        let organizationId: RecordID
        let month: String
    }

    struct Reply: Codable, Sendable {
        let organizationId: RecordID
        let month: CalendarMonth
        let state: DuesMonthState
    }

    static let name = "membership.dues.openMonth"
    static let summary = """
        Opens a month of dues of a branch (DUES). The first may be any month up to the end of this quarter, for dues may be paid by the \
        quarter; from then on one follows the other without a gap.
        """
    static let effect = Effect.write
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        .required("organizationId", .id, "The branch; its groups are part of it."),
        .required("month", CalendarMonth.schema, "The month, YYYY-MM."))
    static let reply = Schema.object(
        .required("organizationId", .id, "The branch."), .required("month", CalendarMonth.schema, "The month."),
        .required("state", .enumeration(DuesMonthState.codes), "open."))
    static let faults = [
        DuesFault.notABranch, DuesFault.monthOutOfOrder, DuesFault.monthState, MembershipFault.organizationEnded,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let month = try CalendarMonth.read(params.month, at: "/month")
        let branch = try DuesBranch(params.organizationId, month, call)
        let (first, last, _) = try branch.range()
        // What is before the first month can never be opened: it may not lie ahead.
        let latest = CalendarMonth(of: first == nil ? call.today : call.today.lastOfQuarter)
        guard month <= latest else { throw DuesFault.monthOutOfOrder(min(latest, last?.adding(1) ?? latest)) }
        if let first, let last, month != last.adding(1) {
            guard month < first || month > last else { throw DuesFault.monthState(try branch.locked()) }
            throw DuesFault.monthOutOfOrder(last.adding(1))
        }
        try call.db.execute(DuesLineStore.open(month, of: branch.id, Act(call)), expecting: .rows(1))
        call.note("organizationId", .string(branch.id.description))
        call.note("month", .string(month.description))
        return Reply(organizationId: branch.id, month: month, state: .open)
    }

    static var examples: Examples<Params, Reply> {
        let example = (
            params: Params(organizationId: Sample.branch, month: DuesSample.month),
            reply: Reply(organizationId: Sample.branch, month: DuesSample.duesMonth, state: .open)
        )
        return Examples(full: example, minimal: example)
    }
}
