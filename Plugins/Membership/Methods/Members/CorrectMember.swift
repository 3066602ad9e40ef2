internal import XinglinKit

/// `membership.member.correct`
struct CorrectMember: RPCMethod {
    struct Params: Codable, Sendable {
        let memberId: RecordID
        let factId: RecordID
        var on: LocalDate?
        var organizationId: RecordID?
        var void: Bool?
        let reason: String
    }

    struct Reply: Codable, Sendable {
        let memberId: RecordID
        let factId: RecordID
        let corrects: RecordID
    }

    static let name = "membership.member.correct"
    static let summary = """
        Puts a corrected fact of a member in the place of a wrong one: another day, another organisation, or none at all. The old one, \
        its author and the reason stay (DV-27).
        """
    static let effect = Effect.write
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        .required("memberId", .id, "The member."),
        .required("factId", .id, "The fact (`membership.member.get`), not corrected yet."),
        .optional("on", .date, "The right day, today or earlier; the old one unless told. The facts keep their order."),
        .optional(
            "organizationId", .id, "The right branch or group, where the fact names one; the old one unless told."),
        .optional(
            "void", .boolean,
            "True where nothing of the kind happened. Of an enrolment: the person was never a member here, and all that followed is void too."
        ),
        .required("reason", .text(1...200), "What was wrong."))
    static let reply = Schema.object(
        .required("memberId", .id, "The member."), .required("factId", .id, "The fact that holds now."),
        .required("corrects", .id, "The fact whose place it takes."))
    static let faults = [
        MembershipFault.factCorrected, MembershipFault.factOutOfOrder, MembershipFault.notABranch,
        MembershipFault.organizationEnded, MembershipFault.personClaimed, MembershipFault.memberInUse,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let act = try Act(call)
        guard
            let (person, joinedOn, _) = try call.db.first(
                MemberStore.lock(params.memberId, site: act.site), as: (RecordID, LocalDate, RecordID?).self)
        else { throw MembershipFault.notFound("memberId", params.memberId) }
        let chain = try FactChain(of: params.memberId, joinedOn: joinedOn, call)
        let old = try chain.standing(params.factId)
        try chain.mustBeOwn(old)
        if old.how == .expelled, try Expulsion.stands(behind: params.memberId, call) {
            throw Fault.invalid(
                "/factId",
                expected: "a fact that follows from no discipline: `membership.fact.correct` of it corrects this one",
                zh: "开除党籍的处分另有记录，请用 membership.fact.correct 更正该处分，本条随之更正")
        }
        if params.void == true, params.on == nil, params.organizationId == nil, chain.isEnrolment(old) {
            let annulment = Annulment(member: params.memberId, chain: chain, call: call)
            let id = try annulment.write(instead: old, person: person, reason: PlainText.trimmed(params.reason))
            call.recordAccess(basis: "partyRegister", subjects: [params.memberId])
            return Reply(memberId: params.memberId, factId: id, corrects: params.factId)
        }
        let new = try Self.corrected(old, params, in: chain, call)
        try Self.mustHaveAPlace(new, instead: old, in: chain, call)
        try call.db.execute(MemberStore.record(new, act), expecting: .rows(1))
        if old.change == .ended && new.isVoid {
            // The person is a member again: nobody else may have claimed them meanwhile.
            try Members.mustBeFree(person, call)
            try call.db.execute(MemberStore.claim(person, as: .member, params.memberId, act), expecting: .rows(1))
        }
        call.recordAccess(basis: "partyRegister", subjects: [params.memberId])
        return Reply(memberId: params.memberId, factId: new.id, corrects: params.factId)
    }

    /// Whoever is a member belongs to an organisation that existed on the day, and, by the last of the facts, to one that exists.
    private static func mustHaveAPlace(
        _ new: MemberStore.Fact, instead old: FactChain.Fact, in chain: FactChain, _ call: Call
    ) throws {
        if !new.isVoid, let organization = new.organization {
            _ = try Organizations.living(organization, on: new.on, call)
        }
        guard !chain.ends(without: new.isVoid ? old.id : RecordID(high: 0, low: 0)),
            let last = chain.place(without: old.id, or: new.isVoid ? nil : new)
        else { return }
        _ = try Organizations.living(last, on: call.today, call)
    }

    private static func corrected(
        _ old: FactChain.Fact, _ params: Params, in chain: FactChain, _ call: Call
    ) throws -> MemberStore.Fact {
        let day = params.on ?? old.on
        guard day <= call.today else { throw MembershipFault.future("/on") }
        let isVoid = params.void ?? false
        if isVoid {
            guard params.on == nil, params.organizationId == nil else {
                throw Fault.invalid("/void", expected: "false where day or organisation are given", zh: "作废时不填日期与组织")
            }
            try chain.mustBeDispensable(old)
        } else {
            try chain.mustFit(old, on: day)
            if old.change == .converted { try chain.mustEndProbation(on: day, call) }
        }
        var organization = old.organization
        if let id = params.organizationId {
            guard organization != nil else {
                throw Fault.invalid(
                    "/organizationId", expected: "nothing: the fact names no organisation", zh: "该记录不涉及组织")
            }
            organization = try Organizations.forMembers(id, on: day, call).id
        }
        guard isVoid || params.on != nil || params.organizationId != nil else {
            throw Fault.invalid("/on", expected: "on, organizationId or void", zh: "须填更正后的日期、组织，或作废")
        }
        return MemberStore.Fact(
            id: call.newID(), member: params.memberId, on: day, change: old.change, status: old.status,
            organization: organization, how: old.how, reason: PlainText.trimmed(params.reason), corrects: old.id,
            isVoid: isVoid)
    }

    static var examples: Examples<Params, Reply> {
        let reply = Reply(memberId: Sample.member, factId: Sample.other, corrects: Sample.fact)
        return Examples(
            full: (
                Params(
                    memberId: Sample.member, factId: Sample.fact, on: Sample.today, organizationId: Sample.group,
                    void: false,
                    reason: "日期登记有误"), reply
            ),
            minimal: (
                Params(memberId: Sample.member, factId: Sample.fact, void: true, reason: "登记了他人的记录"), reply
            ))
    }
}
