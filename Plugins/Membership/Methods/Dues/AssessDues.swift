internal import XinglinKit

/// `membership.dues.assess`
struct AssessDues: RPCMethod {
    struct Params: Codable, Sendable {
        let organizationId: RecordID
        let month: String
    }

    struct Reply: Codable, Sendable {
        let organizationId: RecordID
        let month: CalendarMonth
        let state: DuesMonthState
        let added: Int
        let sums: DuesSums
        let unassessed: [Assessing.Missing]
        let overpaid: [Assessing.Excess]
    }

    static let name = "membership.dues.assess"
    static let summary = """
        Reckons what each member owes a branch for a month (DUES): members on the first of the month, and who was admitted during it (DV-20: \
        from the day of the branch meeting). It may be repeated: what has changed gives a new version of the line, and what was paid \
        stays. Of a closed month no line is changed; who has none gets one (a supplement).
        """
    static let effect = Effect.write
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        .required("organizationId", .id, "The branch; its groups are part of it."),
        .required("month", CalendarMonth.schema, "The month, YYYY-MM; opened before."))
    static let reply = Schema.object(
        .required("organizationId", .id, "The branch."), .required("month", CalendarMonth.schema, "The month."),
        .required("state", .enumeration(DuesMonthState.codes), "open or closed."),
        .required("added", .integer(0...1_000_000), "How many lines are new, or have a new version."),
        .required("sums", DuesSums.schema, "Sums of the branch's lines as they now are."),
        .required("unassessed", Self.missing, "Who owes and has no line, with the reason."),
        .required(
            "overpaid",
            .array(
                .object(
                    .required("memberId", .id, "The member."),
                    .required("excessFen", .fen, "What was paid beyond what is owed now.")), 0...100_000),
            "Who has paid more than is owed since it was assessed anew: reverse the payment before the month is closed."
        ))
    static let faults = [DuesFault.notABranch, DuesFault.monthState, MembershipFault.organizationEnded]

    static let missing = Schema.array(
        .object(
            .required("memberId", .id, "The member."),
            .required("reason", .enumeration(Unassessed.codes), "Why."),
            .required("reasonZh", .text(1...40), "The same in Chinese.")), 0...100_000)

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let branch = try DuesBranch(params.organizationId, CalendarMonth.read(params.month, at: "/month"), call)
        let state = try branch.locked()
        guard state != .notOpen else { throw DuesFault.monthState(state) }
        let outcome = try Assessing(branch: branch, isClosed: state == .closed).run()
        call.recordAccess(basis: "partyDues", subjects: outcome.members)
        call.note("organizationId", .string(branch.id.description))
        call.note("month", .string(branch.month.description))
        return Reply(
            organizationId: branch.id, month: branch.month, state: state, added: outcome.added, sums: outcome.sums,
            unassessed: outcome.unassessed, overpaid: outcome.overpaid)
    }

    static var examples: Examples<Params, Reply> {
        let missing = Assessing.Missing(
            memberId: Sample.other, reason: .noBase, reasonZh: Unassessed.noBase.labelZh)
        func reply(_ unassessed: [Assessing.Missing], _ overpaid: [Assessing.Excess]) -> Reply {
            Reply(
                organizationId: Sample.branch, month: DuesSample.duesMonth, state: .open, added: 7,
                sums: DuesSums.sample,
                unassessed: unassessed, overpaid: overpaid)
        }
        let params = Params(organizationId: Sample.branch, month: DuesSample.month)
        return Examples(
            full: (params, reply([missing], [.init(memberId: Sample.member, excessFen: 2000)])),
            minimal: (params, reply([], [])))
    }
}

extension DuesSums {
    /// Due and excess are paid, waived and arrears.
    static let schema = Schema.object(
        .required("lines", .integer(0...10_000_000), "Members with a line, a month each."),
        .required("dueFen", .fen, "What was assessed."), .required("waivedFen", .fen, "What of it is waived."),
        .required("paidFen", .fen, "What was paid, with what came after closing."),
        .required("laterFen", .fen, "Of that: back-payments for months that were closed."),
        .required("arrearsFen", .fen, "What is still to be paid: due less waived less paid."),
        .required(
            "excessFen", .fen, "What was paid beyond what is owed since it was assessed anew; 0 in closed months."))

    static var sample: DuesSums {
        var sums = DuesSums()
        for _ in 1...7 { sums.add(due: 5000, waived: 0, paid: 4000, later: 1000) }
        return sums
    }
}
