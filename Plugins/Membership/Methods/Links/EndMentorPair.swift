internal import XinglinKit

/// `membership.mentor.end`
struct EndMentorPair: RPCMethod {
    struct Params: Codable, Sendable {
        let pairId: RecordID
        let on: LocalDate
        var reason: String?
    }

    struct Reply: Codable, Sendable {
        let pairId: RecordID
        let endedOn: LocalDate
    }

    static let name = "membership.mentor.end"
    static let summary = "Records that a mentor pair stands no more from a day on."
    static let effect = Effect.write
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        .required("pairId", .id, "The pair."), .required("on", .date, "From which day on: today or earlier."),
        .optional("reason", .text(1...200), "Why."))
    static let reply = Schema.object(
        .required("pairId", .id, "The pair."), .required("endedOn", .date, "From when on it stands no more."))
    static let faults = [OfficeFault.endedAlready]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        guard params.on <= call.today else { throw MembershipFault.future("/on") }
        let act = try Act(call)
        guard
            let (mentor, from, ended) = try call.db.first(
                MentorStore.one(params.pairId, site: act.site), as: (RecordID, LocalDate, LocalDate?).self)
        else { throw MembershipFault.notFound("pairId", params.pairId) }
        guard ended == nil, params.on >= from else { throw OfficeFault.ended(from: from, on: ended) }
        let end = OfficeStore.end(
            [params.pairId], .mentorPair, on: params.on, reason: PlainText.trimmed(params.reason ?? ""), act)
        try call.db.execute(end, expecting: .rows(1))
        call.recordAccess(basis: "partyRegister", subjects: [mentor])
        return Reply(pairId: params.pairId, endedOn: params.on)
    }

    static var examples: Examples<Params, Reply> {
        let reply = Reply(pairId: Sample.other, endedOn: Sample.today)
        return Examples(
            full: (Params(pairId: Sample.other, on: Sample.today, reason: "培养期满"), reply),
            minimal: (Params(pairId: Sample.other, on: Sample.today), reply))
    }
}
