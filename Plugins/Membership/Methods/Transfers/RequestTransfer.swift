internal import XinglinKit

/// `membership.transfer.request`
struct RequestTransfer: RPCMethod {
    struct Params: Codable, Sendable {
        var memberId: RecordID?
        var candidateId: RecordID?
        let toOrganizationId: RecordID
        let reason: String
        let on: LocalDate
    }

    static let name = "membership.transfer.request"
    static let summary = """
        Asks for the transfer of a member or candidate of the acting site to a branch or group of another site (domain rules 2.1): \
        on change of workplace or residence, or away for six months (TRANSFER awayMonths). Until the receipt nothing moves.
        """
    static let effect = Effect.write
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        .optional("memberId", .id, "The member; the record of their development goes along."),
        .optional("candidateId", .id, "Instead: somebody on the way to membership (DV-08)."),
        .required("toOrganizationId", .id, "A branch or group that another site keeps."),
        .required("reason", .text(1...200), "Why. It is kept encrypted."),
        .required("on", .date, "The day of the request: today or earlier."))
    static let reply = TransferMoved.schema
    static let faults = [
        TransferFault.transferWithinSite, TransferFault.transferUnderWay, TransferFault.transferNotNow,
        MembershipFault.memberEnded, MembershipFault.notABranch, MembershipFault.organizationEnded,
    ]

    func handle(_ params: Params, _ call: Call) throws -> TransferMoved {
        guard params.on <= call.today else { throw MembershipFault.future("/on") }
        let act = try Act(call)
        let organization = try Organizations.living(params.toOrganizationId, on: call.today, call)
        guard organization.keptAt != act.site else { throw TransferFault.transferWithinSite.fault() }
        guard organization.kind.hasMembers else {
            throw MembershipFault.notABranch.fault(["kind": .string(organization.kind.rawValue)])
        }
        let who = try Leaver(params, call)
        let id = call.newID()
        let name = try PeopleIndex.persons([who.person], call)[who.person]?.nameZh ?? "*"
        let new = TransferStore.New(
            id: id, receiver: organization.keptAt, person: who.person, member: who.member, candidate: who.candidate,
            from: who.from, to: organization.id, on: params.on,
            name: try call.seal(name, for: TransferColumns.personName, row: id),
            reason: try call.seal(PlainText.trimmed(params.reason), for: TransferColumns.reason, row: id))
        try call.db.execute(TransferStore.request(new, act), expecting: .rows(1))
        // What keeps the person here is judged by the row that asks; where it does, nothing of it stays.
        let step = try TransferStep(id, for: .withdraw, call)
        _ = try step.leaving(call)
        try step.done(.requested, TransferTopic.requested, call)
        return TransferMoved(id, .requested)
    }

    /// Who is to leave, locked.
    private struct Leaver {
        let person: RecordID
        let member: RecordID?
        let candidate: RecordID?
        let from: RecordID

        init(_ params: Params, _ call: Call) throws {
            let site = try call.site.id
            switch (params.memberId, params.candidateId) {
            case (let member?, nil):
                let found = try Members.locked(member, on: call.today, call)
                guard params.on >= found.joinedOn else {
                    throw Fault.invalid(
                        "/on", expected: "\(found.joinedOn) or later, when the member joined",
                        zh: "不早于入党日期 \(found.joinedOn)")
                }
                self.member = member
                self.person = found.person
                self.candidate = try call.db.first(
                    MemberStore.lock(member, site: site), as: (RecordID, LocalDate, RecordID?).self)?.2
                self.from = found.standing.organization
            case (nil, let candidate?):
                guard
                    let person = try call.db.first(
                        TransferStore.lockCandidate(candidate, site: site), as: RecordID.self)
                else { throw MembershipFault.notFound("candidateId", candidate) }
                (self.member, self.candidate, self.person) = (nil, candidate, person)
                let here = try call.db.first(
                    TransferStore.candidate(candidate, site: site, on: call.today), as: RecordID?.self)
                guard let from = here ?? nil else { throw TransferFault.notNow(.memberNow) }
                self.from = from
            default:
                throw Fault.invalid(
                    "/memberId", expected: "memberId or candidateId, one of them", zh: "memberId 与 candidateId 填其一")
            }
        }
    }

    static var examples: Examples<Params, TransferMoved> {
        let reply = TransferMoved(Sample.transfer, .requested)
        // One of the two is given, so no example can show both.
        return Examples(
            full: (
                Params(
                    memberId: Sample.member, candidateId: Sample.candidate, toOrganizationId: Sample.other,
                    reason: "调入县中医医院工作", on: Sample.today), reply
            ),
            minimal: (
                Params(memberId: Sample.member, toOrganizationId: Sample.other, reason: "调入县中医医院工作", on: Sample.today),
                reply
            ))
    }
}
