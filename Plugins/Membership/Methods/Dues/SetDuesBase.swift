internal import XinglinKit

/// `membership.dues.setBase`
struct SetDuesBase: RPCMethod {
    struct Params: Codable, Sendable {
        let memberId: RecordID
        let category: DuesCategory
        var baseFen: Int64?
        var fixedFen: Int64?
        let from: String
        var reason: String?
    }

    struct Reply: Codable, Sendable {
        let memberId: RecordID
        let version: Int
        let dueFen: Int64
        let unchangedMonths: [CalendarMonth]
    }

    static let name = "membership.dues.setBase"
    static let summary = """
        Records what a member's dues are reckoned from, as of a month (DUES: new pay counts from its first month). Nothing is changed: \
        of several records that of the latest month holds, and of one month the last. Months that are closed stay as they are.
        """
    static let effect = Effect.write
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        .required("memberId", .id, "The member."),
        .required("category", .enumeration(DuesCategory.ofMembers), "As what the member pays."),
        .optional(
            "baseFen", .integer(0...DuesScale.greatestBase),
            "The base of a month in fen: salaried the regular pay after tax, retired the pension; where a rate applies."
        ),
        .optional("fixedFen", .integer(0...1_000_000), "farmer: what the branch has set within the range."),
        .required("from", CalendarMonth.schema, "The first month that it counts for, YYYY-MM."),
        .optional("reason", .text(1...200), "Why."))
    static let reply = Schema.object(
        .required("memberId", .id, "The member."),
        .required("version", .integer(1...100_000), "How many of them the member has."),
        .required("dueFen", .fen, "What a month comes to by it."),
        .required(
            "unchangedMonths", .array(CalendarMonth.schema, 0...1200),
            "Closed months from then on: their lines stay as they are."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let month = try CalendarMonth.read(params.from, at: "/from")
        guard month <= CalendarMonth(of: call.today.adding(months: 12)) else {
            throw Fault.invalid("/from", expected: "a month within a year from now", zh: "一年以内的月份")
        }
        try DuesMembers.lock(params.memberId, call)
        let (scale, roundingFen, _) = try DuesRules.scale(on: month.first, call)
        let quote: DuesQuote
        do throws(DuesScale.Problem) {
            quote = try scale.quote(
                params.category, baseFen: params.baseFen, fixedFen: params.fixedFen, roundingFen: roundingFen)
        } catch {
            throw error.fault
        }
        let base = DuesFactStore.Base(
            member: params.memberId, from: month, category: params.category,
            baseFen: quote.rateBasisPoints == nil && params.baseFen != 0 ? nil : params.baseFen,
            fixedFen: params.fixedFen,
            reason: PlainText.trimmed(params.reason ?? ""))
        guard let version = try call.db.first(DuesFactStore.add(base, Act(call)), as: Int.self) else {
            throw HostFault.conflict.fault()
        }
        call.recordAccess(basis: "partyDues", subjects: [params.memberId])
        call.note("category", .string(params.category.rawValue))
        return Reply(
            memberId: params.memberId, version: version, dueFen: quote.dueFen,
            unchangedMonths: try DuesMembers.closed(params.memberId, from: month, call))
    }

    static var examples: Examples<Params, Reply> {
        Examples(
            full: (
                Params(
                    memberId: Sample.member, category: .salaried, baseFen: 500_000, fixedFen: 20,
                    from: DuesSample.month,
                    reason: "工资调整"),
                Reply(memberId: Sample.member, version: 2, dueFen: 5000, unchangedMonths: [DuesSample.duesMonth])
            ),
            minimal: (
                Params(memberId: Sample.member, category: .student, from: DuesSample.month),
                Reply(memberId: Sample.member, version: 1, dueFen: 20, unchangedMonths: [])
            ))
    }
}
