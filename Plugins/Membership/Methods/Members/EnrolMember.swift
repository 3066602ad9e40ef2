internal import XinglinKit

/// `membership.member.enrol`
struct EnrolMember: RPCMethod {
    struct Params: Codable, Sendable {
        let personId: RecordID
        let organizationId: RecordID
        let status: Enrolled
        let joinedOn: LocalDate
        var probationEndedOn: LocalDate?
        var since: LocalDate?
    }

    struct Reply: Codable, Sendable {
        let memberId: RecordID
        var warnings: [OrganizationWarning]?
    }

    /// As what somebody can be taken over.
    enum Enrolled: String, CaseIterable, Codable, Sendable {
        case full, probationary

        static var codes: [String] { Self.allCases.map(\.rawValue) }
    }

    static let name = "membership.member.enrol"
    static let summary = """
        Takes an existing member over from another register (marked as imported): a person is a member in one place of the county. Judged \
        as the import judges: DV-01 (of age on joining) and DV-19 (a year of probation, but for those who joined in years without one). \
        Who joins now goes through `membership.development`.
        """
    static let effect = Effect.write
    static let access = MembershipAccess.administration
    static let params = Schema.object(
        .required("personId", .id, "The person, known to the acting site."),
        .required("organizationId", .id, "The branch or group of the acting site that the member belongs to."),
        .required("status", .enumeration(Enrolled.codes), "What the member is today."),
        .required("joinedOn", .date, "The day of the branch meeting that admitted the member (DV-19)."),
        .optional(
            "probationEndedOn", .date,
            "full: the day from which the standing counts (DV-23), a year after joining unless told."),
        .optional(
            "since", .date,
            "Since when the member belongs to this organisation: since joining, or its founding, unless told."))
    static let reply = Schema.object(
        .required("memberId", .id, "The member; the number stays through transfers."), OrganizationWarning.field)
    static let faults = [
        MembershipFault.personClaimed, MembershipFault.notABranch, MembershipFault.organizationEnded,
        MembershipFault.factOutOfOrder, MembershipRules.unusable,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let book = try MembershipRules.book(on: call.today, call)
        let rules = try RegisterLine.Rules(book)
        let facts = try EnrolmentDates(params, probationYears: Int(rules.probationYears), today: call.today)
        let organization = try Organizations.forMembers(params.organizationId, on: call.today, call)
        let since = max(params.since ?? params.joinedOn, organization.foundedOn)
        guard since <= call.today, since >= params.joinedOn else {
            throw MembershipFault.outOfOrder(from: max(params.joinedOn, organization.foundedOn), to: call.today)
        }
        let person = try PeopleIndex.person(params.personId, call)
        try facts.mustHold(
            born: person.birthDate, rules, withoutProbation: Self.yearsWithoutProbation(book), today: call.today)
        try Members.mustBeFree(person.personId, call)
        try Self.mustFollowFormer(person.personId, since, call)
        let id = call.newID()
        let member = MemberStore.NewMember(
            id: id, person: person.personId, joinedOn: params.joinedOn, isImported: true, candidate: nil)
        var rows = [
            MemberStore.Fact(
                id: call.newID(), member: id, on: since, change: .enrolled, status: facts.status(on: since),
                organization: organization.id, fullSince: facts.status(on: since) == .full ? facts.fullFrom : nil)
        ]
        if let full = facts.fullFrom, full > since {
            rows.append(
                MemberStore.Fact(id: call.newID(), member: id, on: full, change: .converted, status: .full))
        }
        try Members.enrol(member, facts: rows, call)
        call.recordAccess(basis: "partyRegister", subjects: [id])
        call.note("organizationId", .string(organization.id.description))
        // The branch counts, also where the member is in one of its groups (BR-02: 74 members are a warning, not a refusal).
        let branch = try Organizations.branch(of: organization.id, on: call.today, call) ?? organization
        return Reply(memberId: id, warnings: try Offices.warnings(of: branch.id, on: call.today, call))
    }

    /// The years of joining that had no probation.
    static func yearsWithoutProbation(_ book: RuleBook) throws(Fault) -> ClosedRange<Int64> {
        let first = try book.number(RuleKey("DV-19", "noProbationFrom"))
        return first...max(first, try book.number(RuleKey("DV-19", "noProbationTo")))
    }

    /// Who was a member here before is one again after that, or some days would count the person twice.
    private static func mustFollowFormer(_ person: RecordID, _ since: LocalDate, _ call: Call) throws {
        let sql = MemberStore.lastFact(ofAny: try PeopleIndex.everyID(of: person, call), site: try call.site.id)
        let found: LocalDate? = try call.db.query(sql, as: LocalDate?.self).first ?? nil
        guard let last = found, since < last else { return }
        // Somebody else may have enrolled the person since it was asked.
        try Members.mustBeFree(person, call)
        throw MembershipFault.outOfOrder(from: last, to: nil)
    }

    static var examples: Examples<Params, Reply> {
        Examples(
            full: (
                Params(
                    personId: Sample.person, organizationId: Sample.branch, status: .full, joinedOn: Sample.joined,
                    probationEndedOn: Sample.joined.adding(years: 1), since: Sample.joined.adding(days: 30)),
                Reply(memberId: Sample.member, warnings: [OrganizationWarning.sample])
            ),
            minimal: (
                Params(
                    personId: Sample.person, organizationId: Sample.branch, status: .probationary,
                    joinedOn: Sample.today.adding(days: -90)), Reply(memberId: Sample.member)
            ))
    }
}

/// The days of a member who is taken over, and what follows from them.
struct EnrolmentDates {
    private let params: EnrolMember.Params
    let joinedOn: LocalDate
    /// Since when the member is a full one; nil while on probation.
    let fullFrom: LocalDate?

    /// - Throws: `host.invalidParams` for a day that has not come, or a probation that ends before it began.
    init(_ params: EnrolMember.Params, probationYears: Int, today: LocalDate) throws(Fault) {
        guard params.joinedOn <= today else { throw MembershipFault.future("/joinedOn") }
        self.joinedOn = params.joinedOn
        self.params = params
        guard params.status == .full else {
            guard params.probationEndedOn == nil else {
                throw Fault.invalid("/probationEndedOn", expected: "nothing with probationary", zh: "预备党员不填转正日期")
            }
            self.fullFrom = nil
            return
        }
        let end = params.probationEndedOn ?? params.joinedOn.adding(years: probationYears)
        guard end >= params.joinedOn else {
            throw Fault.invalid("/probationEndedOn", expected: "joinedOn or later", zh: "不早于入党日期")
        }
        guard end <= today else {
            throw Fault.invalid(
                "/probationEndedOn",
                expected: "today or earlier for a full member (DV-19: a year after joining unless told)",
                zh: "正式党员的转正日期不晚于今天（DV-19：未填时按入党满一年）")
        }
        self.fullFrom = end
    }

    /// What the import of a register judges of the same days, with the same words: DV-01 on the day of joining, DV-19. Who joined in years
    /// without a probation had none; a file's line of them is refused, so that somebody looks at each.
    /// - Throws: `host.invalidParams`.
    func mustHold(
        born: LocalDate?, _ rules: RegisterLine.Rules, withoutProbation: ClosedRange<Int64>, today: LocalDate
    ) throws(Fault) {
        var line = RegisterLine(enrolling: self.params)
        if withoutProbation.contains(Int64(self.joinedOn.civil.year)) { line.probationEndedOn = nil }
        line.judge(born: born, founded: nil, rules, today: today)
        guard let fault = line.faults.first else { return }
        throw Fault.invalid(
            "/\(fault.field ?? "joinedOn")", expected: fault.text.en, zh: fault.text.zh)
    }

    /// What the member was on a day.
    func status(on day: LocalDate) -> MemberStatus {
        guard let fullFrom = self.fullFrom, fullFrom <= day else { return .probationary }
        return .full
    }
}

extension RegisterLine {
    /// The days of a member who is enrolled one by one, for the same judgement.
    init(enrolling params: EnrolMember.Params) {
        self.status = params.status
        self.joinedOn = params.joinedOn
        self.probationEndedOn = params.probationEndedOn
    }
}
