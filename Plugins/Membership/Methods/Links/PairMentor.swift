internal import XinglinKit

/// `membership.mentor.pair`
struct PairMentor: RPCMethod {
    struct Params: Codable, Sendable {
        let mentorId: RecordID
        var menteeId: RecordID?
        var candidateId: RecordID?
        let from: LocalDate
    }

    struct Reply: Codable, Sendable {
        let pairId: RecordID
        let mentorId: RecordID
    }

    static let name = "membership.mentor.pair"
    static let summary = """
        Pairs a full member as mentor with another member, or with a candidate of the acting site, who has two mentors at the most (DV-06).
        """
    static let effect = Effect.write
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        .required("mentorId", .id, "A full member of the acting site on that day."),
        .optional("menteeId", .id, "Another member of the acting site; or candidateId."),
        .optional("candidateId", .id, "A candidate of the acting site; or menteeId."),
        .required("from", .date, "From which day on: today or earlier."))
    static let reply = Schema.object(
        .required("pairId", .id, "The pair."), .required("mentorId", .id, "The mentor."))
    static let faults = [
        OfficeFault.linkTaken, MembershipFault.memberEnded, MembershipRules.unusable,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        guard params.from <= call.today else { throw MembershipFault.future("/from") }
        guard (params.menteeId == nil) != (params.candidateId == nil) else {
            throw Fault.invalid("/menteeId", expected: "menteeId or candidateId", zh: "填写 menteeId 或 candidateId 之一")
        }
        guard params.menteeId != params.mentorId else {
            throw Fault.invalid("/menteeId", expected: "another member than the mentor", zh: "不能与自己结对")
        }
        let act = try Act(call)
        // In one order, so that two pairs never wait for each other in a ring.
        for member in [params.mentorId, params.menteeId].compactMap({ $0 }).sorted() {
            let standing = try Members.locked(member, on: params.from, call).standing
            guard member != params.mentorId || standing.status == .full else {
                throw Fault.invalid("/mentorId", expected: "a full member (DV-06)", zh: "正式党员（DV-06）")
            }
        }
        let new = MentorStore.New(
            id: call.newID(), mentor: params.mentorId, mentee: params.menteeId, candidate: params.candidateId,
            from: params.from)
        try Self.mustBeFree(new, act, call)
        try call.db.execute(MentorStore.add(new, act), expecting: .rows(1))
        call.recordAccess(
            basis: "partyRegister",
            subjects: [params.mentorId, params.menteeId ?? params.candidateId].compactMap { $0 })
        return Reply(pairId: new.id, mentorId: new.mentor)
    }

    /// No pair stands twice, and a candidate has no more mentors than DV-06 allows.
    private static func mustBeFree(_ new: MentorStore.New, _ act: Act, _ call: Call) throws {
        if let candidate = new.candidate {
            try call.db.execute(
                MentorStore.lockCandidate(candidate, site: act.site), expecting: .rows(1),
                otherwise: MembershipFault.notFound("candidateId", candidate))
            let state = try call.db.first(
                CandidateStore.state(of: candidate, site: act.site, on: call.today), as: String.self)
            guard let state, !CandidateStore.ended.contains(state) else {
                throw Fault.invalid(
                    "/candidateId", expected: "a candidate whose development goes on", zh: "培养尚未终止的对象")
            }
        }
        let pairs = try call.db.query(MentorStore.standing(new, site: act.site), as: (RecordID, RecordID).self)
        if let same = pairs.first(where: { $0.1 == new.mentor }) {
            throw OfficeFault.linkTaken.fault(["id": .string(same.0.description)])
        }
        guard new.candidate != nil else { return }
        let most = try MembershipRules.book(on: call.today, call).number(RuleKey("DV-06", "mentorsMax"))
        guard Int64(pairs.count) < most else {
            throw Fault.invalid(
                "/candidateId", expected: "a candidate with fewer than \(most) mentors (DV-06)",
                zh: "培养联系人不足\(most)名的对象（DV-06）")
        }
    }

    static var examples: Examples<Params, Reply> {
        let reply = Reply(pairId: Sample.other, mentorId: Sample.member)
        return Examples(
            full: (
                Params(mentorId: Sample.member, menteeId: Sample.fact, candidateId: nil, from: Sample.today), reply
            ),
            minimal: (Params(mentorId: Sample.member, candidateId: Sample.candidate, from: Sample.today), reply))
    }
}
