internal import XinglinKit

/// `membership.member.note`
struct NoteMember: RPCMethod {
    struct Params: Codable, Sendable {
        let memberId: RecordID
        let kind: MemberFactKind
        let from: LocalDate
        var until: LocalDate?
        var title: String?
        var level: HonourLevel?
        var grantedBy: String?
        var mark: MemberMark?
        var discipline: DisciplineKind?
        var rightsRestoredOn: LocalDate?
        var text: String?
    }

    struct Reply: Codable, Sendable {
        let memberId: RecordID
        let factId: RecordID
    }

    static let name = "membership.member.note"
    static let summary = """
        Notes a dated fact of a member: a post outside of committees, an honour, a mark of 双培养 or 双带头人 (BR-06), or Party discipline. \
        Discipline is kept encrypted and shown to inspectors alone; 留党察看 takes the rights of a member until they are restored, and \
        开除党籍 ends membership on its day.
        """
    static let effect = Effect.write
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        [
            .required("memberId", .id, "A member of the acting site; on that day one there or elsewhere."),
            .required(
                "kind", .enumeration(MemberFactKind.codes), "What it is; it says which of the others belong to it."),
            .required("from", .date, "From which day on it holds: today or earlier."),
        ] + Self.content)
    /// What a fact says, in a correction too.
    static let content: [Schema.Field] = [
        .optional("until", .date, "position, mark: from which day it holds no more, where that is past."),
        .optional(
            "title", .text(1...100), "position: the post; honour: its name; mark: the role by which it was given."),
        .optional("level", .enumeration(HonourLevel.codes), "honour: who granted it."),
        .optional("grantedBy", .text(1...100), "honour, position: by whom."),
        .optional("mark", .enumeration(MemberMark.codes), "mark: which."),
        .optional("discipline", .enumeration(DisciplineKind.codes), "discipline: which; probationInParty is 留党察看."),
        .optional(
            "rightsRestoredOn", .date, "probationInParty: from which day on the member has the rights of one again."),
        .optional("text", .text(1...500), "discipline: the decision in words."),
    ]
    static let reply = Schema.object(
        .required("memberId", .id, "The member."), .required("factId", .id, "The fact; `membership.fact.end` takes it.")
    )
    static let faults = [MembershipFault.memberEnded, MembershipFault.factOutOfOrder]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        guard params.from <= call.today else { throw MembershipFault.future("/from") }
        let content = FactContent(params)
        try content.check(params.kind, today: call.today)
        let expulsion = try MemberFacts.noting(params.memberId, on: params.from, content.disciplineKind, call)
        let id: RecordID
        if let discipline = content.discipline(from: params.from) {
            try discipline.mustBeWhole()
            if discipline.kind == .expelled {
                guard try !Expulsion.stands(behind: params.memberId, call) else {
                    throw MembershipFault.memberEnded.fault(["memberId": .string(params.memberId.description)])
                }
                try expulsion.record(on: discipline.from)
            }
            id = try Discipline.add(discipline, of: params.memberId, call)
        } else {
            id = call.newID()
            let new = MemberFactStore.New(
                id: id, member: params.memberId, fact: content.fact(params.kind, from: params.from))
            try call.db.execute(MemberFactStore.add(new, Act(call)), expecting: .rows(1))
        }
        // What kind it is stays out of the audit: it would say that there is discipline.
        call.recordAccess(basis: "partyRegister", subjects: [params.memberId])
        return Reply(memberId: params.memberId, factId: id)
    }

    static var examples: Examples<Params, Reply> {
        let reply = Reply(memberId: Sample.member, factId: Sample.fact)
        return Examples(
            full: (
                Params(
                    memberId: Sample.member, kind: .honour, from: Sample.joined, until: Sample.today, title: "优秀共产党员",
                    level: .county, grantedBy: "县委", mark: .memberToLeader, discipline: .warning,
                    rightsRestoredOn: Sample.today, text: "处分决定"), reply
            ),
            minimal: (
                Params(memberId: Sample.member, kind: .position, from: Sample.joined, title: "医务科科长"), reply
            ))
    }
}

/// What a fact says, as it is given.
struct FactContent {
    let until: LocalDate?
    let title: String?
    let level: HonourLevel?
    let grantedBy: String?
    let mark: MemberMark?
    let disciplineKind: DisciplineKind?
    let rightsRestoredOn: LocalDate?
    let text: String?
    private let from: LocalDate?

    init(_ params: NoteMember.Params) {
        self.from = params.from
        self.until = params.until
        self.title = params.title.map(PlainText.trimmed)
        self.level = params.level
        self.grantedBy = params.grantedBy.map(PlainText.trimmed)
        self.mark = params.mark
        self.disciplineKind = params.discipline
        self.rightsRestoredOn = params.rightsRestoredOn
        self.text = params.text.map(PlainText.trimmed)
    }

    init(_ params: CorrectFact.Params) {
        self.from = params.from
        self.until = params.until
        self.title = params.title.map(PlainText.trimmed)
        self.level = params.level
        self.grantedBy = params.grantedBy.map(PlainText.trimmed)
        self.mark = params.mark
        self.disciplineKind = params.discipline
        self.rightsRestoredOn = params.rightsRestoredOn
        self.text = params.text.map(PlainText.trimmed)
    }

    /// Whether it says anything.
    var isEmpty: Bool {
        self.from == nil && self.until == nil && self.title == nil && self.level == nil && self.grantedBy == nil
            && self.mark == nil && self.disciplineKind == nil && self.rightsRestoredOn == nil && self.text == nil
    }

    /// Each kind has members of its own, and no others.
    /// - Parameter isWhole: whether what the kind requires must be there; a correction gives what is wrong alone.
    func check(_ kind: MemberFactKind, isWhole: Bool = true, today: LocalDate) throws(Fault) {
        let given: [(name: String, isGiven: Bool, of: Set<MemberFactKind>, isRequired: Bool)] = [
            ("until", self.until != nil, [.position, .mark], false),
            ("title", self.title != nil, [.position, .honour, .mark], true),
            ("level", self.level != nil, [.honour], false),
            ("grantedBy", self.grantedBy != nil, [.honour, .position], false),
            ("mark", self.mark != nil, [.mark], true), ("discipline", self.disciplineKind != nil, [.discipline], true),
            ("rightsRestoredOn", self.rightsRestoredOn != nil, [.discipline], false),
            ("text", self.text != nil, [.discipline], true),
        ]
        for member in given {
            let belongs = member.of.contains(kind)
            if member.isGiven && !belongs {
                throw Fault.invalid("/\(member.name)", expected: "nothing with this kind", zh: "该类事实不填此项")
            }
            if isWhole && !member.isGiven && belongs && member.isRequired {
                throw Fault.invalid("/\(member.name)", expected: "a value with this kind", zh: "该类事实必填此项")
            }
        }
        for (pointer, day) in [("/until", self.until), ("/rightsRestoredOn", self.rightsRestoredOn)] {
            guard let day else { continue }
            guard day <= today, day >= self.from ?? day else {
                throw Fault.invalid(pointer, expected: "from or later, and not in the future", zh: "不早于开始日期，且不晚于今天")
            }
        }
    }

    func fact(_ kind: MemberFactKind, from: LocalDate) -> MemberFact {
        MemberFact(
            kind: kind, title: self.title ?? "", level: self.level, grantedBy: self.grantedBy ?? "", mark: self.mark,
            from: from, until: self.until)
    }

    /// Nil where it is about something else.
    func discipline(from: LocalDate) -> DisciplineFact? {
        self.disciplineKind.map {
            DisciplineFact(kind: $0, from: from, rightsRestoredOn: self.rightsRestoredOn, text: self.text ?? "")
        }
    }
}
