internal import XinglinKit

/// `membership.link.end`
struct EndLink: RPCMethod {
    struct Params: Codable, Sendable {
        let linkId: RecordID
        let on: LocalDate
        let reason: String
    }

    struct Reply: Codable, Sendable {
        let linkId: RecordID
        let endedOn: LocalDate
    }

    static let name = "membership.link.end"
    static let summary = "Records that a link stands no more from a day on."
    static let effect = Effect.write
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        .required("linkId", .id, "The link."), .required("on", .date, "From which day on: today or earlier."),
        .required("reason", .text(1...200), "Why."))
    static let reply = Schema.object(
        .required("linkId", .id, "The link."), .required("endedOn", .date, "From when on it stands no more."))
    static let faults = [OfficeFault.endedAlready]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        guard params.on <= call.today else { throw MembershipFault.future("/on") }
        let act = try Act(call)
        guard
            let (_, member, from, ended) = try call.db.first(
                LinkStore.one(params.linkId, site: act.site), as: (LinkKind, RecordID?, LocalDate, LocalDate?).self)
        else { throw MembershipFault.notFound("linkId", params.linkId) }
        guard ended == nil, params.on >= from else { throw OfficeFault.ended(from: from, on: ended) }
        try call.db.execute(
            OfficeStore.end([params.linkId], .link, on: params.on, reason: PlainText.trimmed(params.reason), act),
            expecting: .rows(1))
        call.recordAccess(basis: "partyRegister", subjects: [member].compactMap { $0 })
        call.note("linkId", .string(params.linkId.description))
        return Reply(linkId: params.linkId, endedOn: params.on)
    }

    static var examples: Examples<Params, Reply> {
        let example = (
            params: Params(linkId: Sample.other, on: Sample.today, reason: "工作调整"),
            reply: Reply(linkId: Sample.other, endedOn: Sample.today)
        )
        return Examples(full: example, minimal: example)
    }
}
