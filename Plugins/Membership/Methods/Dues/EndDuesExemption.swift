internal import XinglinKit

/// `membership.dues.endExemption`
struct EndDuesExemption: RPCMethod {
    struct Params: Codable, Sendable {
        let exemptionId: RecordID
        let from: String
        let reason: String
    }

    struct Reply: Codable, Sendable {
        let exemptionId: RecordID
        let unchangedMonths: [CalendarMonth]
    }

    static let name = "membership.dues.endExemption"
    static let summary = """
        Ends a reduction or waiver before its time (DUES): from a month on the whole dues are owed again. From its first month on it never \
        held. Months that are closed stay as they are.
        """
    static let effect = Effect.write
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        .required("exemptionId", .id, "The exemption."),
        .required(
            "from", CalendarMonth.schema, "The first month that it does not hold for any more, one of its months."),
        .required("reason", .text(1...200), "Why."))
    static let reply = Schema.object(
        .required("exemptionId", .id, "The exemption."),
        .required(
            "unchangedMonths", .array(CalendarMonth.schema, 0...1200),
            "Closed months among those: their lines stay as they are."))
    static let faults = [DuesFault.exemptionEnded]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let month = try CalendarMonth.read(params.from, at: "/from")
        guard
            let (member, from, until) = try call.db.first(
                DuesFactStore.exemption(params.exemptionId, site: call.site.id),
                as: (RecordID, CalendarMonth, CalendarMonth).self)
        else { throw MembershipFault.notFound("exemptionId", params.exemptionId) }
        guard from <= month, month <= until else {
            throw Fault.invalid("/from", expected: "\(from) to \(until)", zh: "\(from) 至 \(until)")
        }
        try DuesMembers.lock(member, call)
        try call.db.execute(
            DuesFactStore.end(params.exemptionId, from: month, reason: PlainText.trimmed(params.reason), Act(call)),
            expecting: .rows(1))
        call.recordAccess(basis: "partyDues", subjects: [member])
        call.note("exemptionId", .string(params.exemptionId.description))
        return Reply(
            exemptionId: params.exemptionId,
            unchangedMonths: try DuesMembers.closed(member, from: month, until: until, call))
    }

    static var examples: Examples<Params, Reply> {
        let params = Params(exemptionId: DuesSample.exemption, from: DuesSample.month, reason: "困难已解除")
        return Examples(
            full: (params, Reply(exemptionId: DuesSample.exemption, unchangedMonths: [DuesSample.duesMonth])),
            minimal: (params, Reply(exemptionId: DuesSample.exemption, unchangedMonths: [])))
    }
}
