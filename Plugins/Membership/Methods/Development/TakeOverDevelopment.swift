internal import XinglinKit

/// `membership.development.takeOver`
struct TakeOverDevelopment: RPCMethod {
    struct Params: Codable, Sendable {
        let personId: RecordID
        let organizationId: RecordID
        let steps: [TakenStep]
        var probationEndedOn: LocalDate?
    }

    struct TakenStep: Codable, Sendable {
        let step: Int
        let on: LocalDate
        var facts: JSONValue?
    }

    struct Reply: Codable, Sendable {
        let candidateId: RecordID
        let status: String
        let statusZh: String
        var memberId: RecordID?
    }

    static let name = "membership.development.takeOver"
    static let summary = """
        Takes over a development that was under way before this register was: the steps in order, without gaps but for 18 to 21, marked as \
        imported and not judged by the DV rules. From step 17 on the person is put into the register of members.
        """
    static let effect = Effect.write
    static let access = MembershipAccess.siteAdministrators
    static let params = Schema.object(
        .required("personId", .id, "The person, known to the acting site."),
        .required("organizationId", .id, "The branch or group of the acting site."),
        .required(
            "steps",
            .array(
                .object(
                    .required("step", .integer(1...25), "The step, each once."),
                    .required("on", .date, "Its day: today or earlier, and not before the steps that it follows."),
                    .optional("facts", .any, "What is known of its facts; none is required.")), 1...25),
            "The steps that were taken."),
        .optional(
            "probationEndedOn", .date,
            "With step 24: the day from which the standing counts (DV-23); the end of probation (DV-19) unless told."))
    static let reply = Schema.object(
        .required("candidateId", .id, "The development."), .required("status", .code(1...40), "Its state."),
        .required("statusZh", .text(1...60), "The same in Chinese."),
        .optional("memberId", .id, "The member, where step 17 is among the steps."))
    static let faults = [
        MembershipFault.personClaimed, MembershipFault.notABranch, MembershipFault.organizationEnded,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let organization = try Organizations.forMembers(params.organizationId, on: call.today, call)
        let judge = try Developments.judge(call)
        let taken = try TakenSteps(params, judge, today: call.today)
        let person = try PeopleIndex.person(params.personId, call)
        let act = try Act(call)
        let id = call.newID()
        try Members.mustBeFree(person.personId, call)
        var entries = taken.entries(of: id, call)
        entries[0].organization = organization.id
        let member = taken.meeting.map { _ in call.newID() }
        try call.db.batch(
            [
                Statement(
                    MemberStore.claim(person.personId, as: member == nil ? .candidate : .member, member ?? id, act),
                    .rows(1)),
                Statement(DevelopmentStore.addCandidate(id, person: person.personId, isImported: true, act), .rows(1)),
            ] + entries.map { Statement(DevelopmentStore.add($0, act), .rows(1)) })
        if let member, let meeting = taken.meeting {
            let since = max(meeting, organization.foundedOn)
            let new = MemberStore.NewMember(
                id: member, person: person.personId, joinedOn: meeting, isImported: true, candidate: id)
            try call.db.batch(
                [Statement(MemberStore.add(new, act), .rows(1))]
                    + taken.facts(of: member, in: organization.id, since: since, call).map {
                        Statement(MemberStore.record($0, act), .rows(1))
                    })
        }
        call.recordAccess(basis: "partyArchive", subjects: [id])
        call.note("steps", .integer(Int64(entries.count)))
        return Reply(
            candidateId: id, status: taken.status, statusZh: judge.table.label(of: taken.status), memberId: member)
    }

    static var examples: Examples<Params, Reply> {
        let steps = [
            TakenStep(step: 1, on: Sample.joined), TakenStep(step: 2, on: Sample.joined, facts: ["talker": "组织委员"]),
        ]
        return Examples(
            full: (
                Params(
                    personId: Sample.person, organizationId: Sample.branch, steps: steps,
                    probationEndedOn: Sample.joined.adding(years: 1)),
                Reply(
                    candidateId: Sample.candidate, status: "applicant_talked", statusZh: "党组织派人谈话",
                    memberId: Sample.member)
            ),
            minimal: (
                Params(
                    personId: Sample.person, organizationId: Sample.branch,
                    steps: [TakenStep(step: 1, on: Sample.joined)]),
                Reply(candidateId: Sample.candidate, status: "applicant", statusZh: "递交入党申请书")
            ))
    }
}
