internal import XinglinKit

/// `membership.development.apply`
struct ApplyForMembership: RPCMethod {
    struct Params: Codable, Sendable {
        let personId: RecordID
        let organizationId: RecordID
        let on: LocalDate
        var documents: [PaperReference]?
    }

    struct Reply: Codable, Sendable {
        let candidateId: RecordID
        let status: String
        let statusZh: String
        let entryId: RecordID
        let warnings: [StepWarning]
    }

    static let name = "membership.development.apply"
    static let summary = """
        Records a written application (step 1, DV-01: full age by the index of persons, Chinese citizen); a person develops in one place \
        of the county.
        """
    static let effect = Effect.write
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        .required("personId", .id, "The person, known to the acting site."),
        .required("organizationId", .id, "The branch or group of the acting site."),
        .required("on", .date, "The day of the application: today, or a few days before (DV-27)."), StepPapers.field)
    static let reply = Schema.object(
        [.required("candidateId", .id, "The development.")] + StepTaken.fields.filter { $0.name != "memberId" })
    static let faults = [
        DevelopmentFault.stepRefused, MembershipFault.personClaimed, MembershipFault.notABranch,
        MembershipFault.organizationEnded,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        guard params.on <= call.today else { throw MembershipFault.future("/on") }
        let organization = try Organizations.forMembers(params.organizationId, on: params.on, call)
        _ = try Organizations.living(organization.id, on: call.today, call)
        let person = try PeopleIndex.person(params.personId, call)
        let act = try Act(call)
        let judge = try Developments.judge(call)
        let warnings = try Self.judged(person, on: params.on, judge, act, call)
        let id = call.newID()
        try Members.mustBeFree(person.personId, call)
        var entry = DevelopmentStore.New(id: call.newID(), candidate: id, on: params.on, kind: .step, step: 1)
        entry.status = judge.table[1]?.stateAfter
        entry.organization = organization.id
        entry.versions = judge.versions(for: 1)
        let papers = try StepPapers.kept(params.documents, call)
        try call.db.batch([
            Statement(MemberStore.claim(person.personId, as: .candidate, id, act), .rows(1)),
            Statement(DevelopmentStore.addCandidate(id, person: person.personId, isImported: false, act), .rows(1)),
            Statement(DevelopmentStore.add(entry, act), .rows(1)),
        ])
        try StepPapers.add(papers, to: entry.id, call)
        call.recordAccess(basis: "partyArchive", subjects: [id])
        let status = entry.status ?? ""
        try call.publish(
            DevelopmentTopic.stepRecorded, subject: entry.id,
            DevelopmentTopic.StepRecorded(candidateId: id, entryId: entry.id, step: 1, status: status))
        return Reply(
            candidateId: id, status: status, statusZh: judge.table.label(of: status), entryId: entry.id,
            warnings: warnings.map(StepWarning.init))
    }

    private static func judged(
        _ person: PeopleIndex.Person, on day: LocalDate, _ judge: StepJudge, _ act: Act, _ call: Call
    ) throws -> [Finding] {
        var around = Circumstances()
        around.birthDate = person.birthDate
        around.documentKind = person.documentKind
        var findings = judge.findings(Proposal(step: 1, on: day, facts: StepFacts(), around: around), Progress())
        if case .late = RecordsMustNotBeLate.verdict(
            step: 1, on: day, today: call.today, days: judge.values.backDatingDays, approvals: [], recorder: act.account
        ) {
            var late = Finding(
                "DV-27",
                zh: "申请日期早于 \(judge.values.backDatingDays) 天前：已在进行的过程由机构管理员用 membership.development.takeOver 录入",
                en:
                    "More than \(judge.values.backDatingDays) days late: a site administrator takes over what is under way (membership.development.takeOver)",
                who: .siteAdmin, earliestOn: call.today.adding(days: -judge.values.backDatingDays))
            late.clause = RecordsMustNotBeLate.clause
            findings.append(late)
        }
        let against = findings.filter { !$0.isWarning }
        guard against.isEmpty else { throw DevelopmentFault.refused(against) }
        return findings
    }

    static var examples: Examples<Params, Reply> {
        func reply(_ warnings: [StepWarning]) -> Reply {
            Reply(
                candidateId: Sample.candidate, status: "applicant", statusZh: "递交入党申请书", entryId: Sample.fact,
                warnings: warnings)
        }
        return Examples(
            full: (
                Params(
                    personId: Sample.person, organizationId: Sample.branch, on: Sample.today, documents: [Sample.paper]),
                reply([DevelopmentSample.warning])
            ),
            minimal: (Params(personId: Sample.person, organizationId: Sample.branch, on: Sample.today), reply([])))
    }
}
