internal import XinglinKit

/// `membership.dues.exempt`
struct ExemptDues: RPCMethod {
    struct Params: Codable, Sendable {
        let memberId: RecordID
        let kind: Kind
        var reducedFen: Int64?
        let from: String
        let until: String
        let requestedOn: LocalDate
        let branchOn: LocalDate
        let approvedOn: LocalDate
        let approvedBy: RecordID
        let document: PaperReference
    }

    struct Reply: Codable, Sendable {
        let exemptionId: RecordID
        let unchangedMonths: [CalendarMonth]
    }

    enum Kind: String, CaseIterable, Codable, Sendable {
        case waiver, reduction

        static var codes: [String] { Self.allCases.map(\.rawValue) }
    }

    static let name = "membership.dues.exempt"
    static let summary = """
        Records that dues are waived or reduced for hardship (DUES): the member has asked, the branch has discussed it, and the next \
        higher committee has approved, for months that have an end. Months that are closed stay as they are.
        """
    static let effect = Effect.write
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        .required("memberId", .id, "The member."),
        .required("kind", .enumeration(Kind.codes), "waiver (免交) or reduction (少交)."),
        .optional("reducedFen", .integer(1...10_000_000), "reduction: what is still paid a month, in fen."),
        .required("from", CalendarMonth.schema, "The first month, YYYY-MM."),
        .required(
            "until", CalendarMonth.schema, "The last month, at most three years later; it may be approved again then."),
        .required("requestedOn", .date, "When the member asked."),
        .required("branchOn", .date, "When the branch discussed it, not before."),
        .required("approvedOn", .date, "When the committee approved, not before that, and today or earlier."),
        .required("approvedBy", .id, "The committee next above the member's branch."),
        .required("document", PaperReference.schema, "The approval."))
    static let reply = Schema.object(
        .required("exemptionId", .id, "The exemption."),
        .required(
            "unchangedMonths", .array(CalendarMonth.schema, 0...1200),
            "Closed months among them: their lines stay as they are."))
    static let faults = [DuesFault.notApproved, DuesFault.exemptionOverlaps, MembershipFault.memberEnded]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let (from, until) = try DuesPeriod.read(params.from, params.until)
        guard (params.kind == .reduction) == (params.reducedFen != nil) else {
            throw Fault.invalid("/reducedFen", expected: "an amount with reduction alone", zh: "仅少交时填写的金额")
        }
        try Self.mustBeInOrder(params, today: call.today)
        try params.document.check(at: "/document")
        try DuesMembers.lock(params.memberId, call)
        try Self.mustBeNextAbove(params, call)
        let site = try call.site.id
        let other = try call.db.first(
            DuesFactStore.overlapping(params.memberId, from: from, until: until, site: site),
            as: (RecordID, CalendarMonth, CalendarMonth).self)
        if let (id, first, last) = other {
            throw DuesFault.exemptionOverlaps.fault([
                "exemptionId": .string(id.description), "from": .string(first.description),
                "until": .string(last.description),
            ])
        }
        let paper = try Papers.keep(params.document, call)
        let one = DuesFactStore.Exemption(
            id: call.newID(), member: params.memberId, from: from, until: until, reducedFen: params.reducedFen,
            requestedOn: params.requestedOn, branchOn: params.branchOn, approvedOn: params.approvedOn,
            approvedBy: params.approvedBy, paper: paper)
        try call.db.execute(DuesFactStore.add(one, Act(call)), expecting: .rows(1))
        try Papers.reference(paper, by: DuesPeriod.paperPurpose, record: one.id, readableBy: ListDuesBases.name, call)
        call.recordAccess(basis: "partyDues", subjects: [params.memberId])
        call.note("exemptionId", .string(one.id.description))
        return Reply(
            exemptionId: one.id,
            unchangedMonths: try DuesMembers.closed(params.memberId, from: from, until: until, call))
    }

    /// Request, branch, committee.
    private static func mustBeInOrder(_ params: Params, today: LocalDate) throws(Fault) {
        guard params.branchOn >= params.requestedOn else {
            throw Fault.invalid("/branchOn", expected: "requestedOn or later (DUES)", zh: "不早于申请日期（DUES）")
        }
        guard params.approvedOn >= params.branchOn else {
            throw Fault.invalid("/approvedOn", expected: "branchOn or later (DUES)", zh: "不早于支部研究日期（DUES）")
        }
        guard params.approvedOn <= today else { throw MembershipFault.future("/approvedOn") }
    }

    /// The branch's next committee on the day of the approval, no branch and no general branch.
    private static func mustBeNextAbove(_ params: Params, _ call: Call) throws {
        let place = try DuesMembers.organization(of: params.memberId, on: params.approvedOn, call)
        let above = try Organizations.above(place, on: params.approvedOn, call)
        let committee = above.first { $0.kind == .committee && !$0.isEnded }
        guard committee?.id == params.approvedBy else {
            var details: [String: JSONValue] = [:]
            details["committeeId"] = committee.map { .string($0.id.description) }
            throw DuesFault.notApproved.fault(.object(details))
        }
    }

    static var examples: Examples<Params, Reply> {
        func params(_ kind: Kind, _ reducedFen: Int64?) -> Params {
            Params(
                memberId: Sample.member, kind: kind, reducedFen: reducedFen, from: DuesSample.month, until: "2027-04",
                requestedOn: Sample.today.adding(days: -20), branchOn: Sample.today.adding(days: -10),
                approvedOn: Sample.today,
                approvedBy: Sample.committee, document: DuesSample.paper)
        }
        return Examples(
            full: (
                params(.reduction, 100),
                Reply(exemptionId: DuesSample.exemption, unchangedMonths: [DuesSample.duesMonth])
            ), minimal: (params(.waiver, nil), Reply(exemptionId: DuesSample.exemption, unchangedMonths: [])))
    }
}

/// The months that an exemption or a good reason holds for.
enum DuesPeriod {
    static let paperPurpose = "dues_paper"
    private static let longest = 36

    /// - Throws: `host.invalidParams`.
    static func read(_ from: String, _ until: String) throws(Fault) -> (from: CalendarMonth, until: CalendarMonth) {
        let first = try CalendarMonth.read(from, at: "/from")
        let last = try CalendarMonth.read(until, at: "/until")
        guard last >= first, last < first.adding(Self.longest) else {
            throw Fault.invalid(
                "/until", expected: "a month from /from on, within three years", zh: "不早于起始月份，且三年以内")
        }
        return (first, last)
    }
}
