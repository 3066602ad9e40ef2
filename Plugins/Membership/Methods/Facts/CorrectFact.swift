internal import XinglinKit

/// `membership.fact.correct`
struct CorrectFact: RPCMethod {
    struct Params: Codable, Sendable {
        let factId: RecordID
        var void: Bool?
        var from: LocalDate?
        var until: LocalDate?
        var title: String?
        var level: HonourLevel?
        var grantedBy: String?
        var mark: MemberMark?
        var discipline: DisciplineKind?
        var rightsRestoredOn: LocalDate?
        var text: String?
        let reason: String
    }

    struct Reply: Codable, Sendable {
        let memberId: RecordID
        let factId: RecordID
        let corrects: RecordID
    }

    static let name = "membership.fact.correct"
    static let summary = """
        Puts a corrected position, honour, mark or discipline in the place of a wrong one, or none. The old one, its author and the reason \
        stay (DV-27). Where it was, or becomes, 开除党籍, the end of membership follows.
        """
    static let effect = Effect.write
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        [
            .required("factId", .id, "The fact (`membership.fact.list`), not corrected yet."),
            .optional("void", .boolean, "True where there was nothing of the kind."),
            .optional("from", .date, "The right day, today or earlier; the old one unless told."),
        ] + NoteMember.content + [
            .required("reason", .text(1...200), "What was wrong; of a discipline it is kept encrypted with it.")
        ])
    static let reply = Schema.object(
        .required("memberId", .id, "The member."), .required("factId", .id, "The fact that holds now."),
        .required("corrects", .id, "The fact whose place it takes."))
    static let faults = [
        MembershipFault.factCorrected, MembershipFault.factOutOfOrder, MembershipFault.memberEnded,
        MembershipFault.personClaimed, MembershipFault.organizationEnded,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        guard params.from.map({ $0 <= call.today }) ?? true else { throw MembershipFault.future("/from") }
        let isVoid = params.void ?? false
        let content = FactContent(params)
        guard content.isEmpty == isVoid else {
            throw isVoid
                ? Fault.invalid("/void", expected: "false where the right values are given", zh: "作废时不填其他内容")
                : Fault.invalid("/void", expected: "void, or a right value", zh: "须填更正内容，或作废")
        }
        let (member, isDiscipline) = try MemberFacts.locked(params.factId, call)
        let id =
            isDiscipline
            ? try Self.discipline(params, content, of: member, isVoid: isVoid, call)
            : try Self.fact(params, content, of: member, isVoid: isVoid, call)
        call.recordAccess(basis: "partyRegister", subjects: [member])
        return Reply(memberId: member, factId: id, corrects: params.factId)
    }

    private static func fact(
        _ params: Params, _ content: FactContent, of member: RecordID, isVoid: Bool, _ call: Call
    ) throws -> RecordID {
        guard let old = try MemberFacts.rows(of: member, call).first(where: { $0.id == params.factId }), old.holds
        else {
            throw MembershipFault.factCorrected.fault()
        }
        try content.check(old.fact.kind, isWhole: false, today: call.today)
        var fact = old.fact
        fact.from = params.from ?? fact.from
        fact.until = params.until ?? fact.until
        fact.title = content.title ?? fact.title
        fact.level = content.level ?? fact.level
        fact.grantedBy = content.grantedBy ?? fact.grantedBy
        fact.mark = content.mark ?? fact.mark
        guard fact.until.map({ $0 >= fact.from }) ?? true else {
            throw Fault.invalid("/from", expected: "until or earlier", zh: "不晚于终止日期")
        }
        let id = call.newID()
        try call.db.execute(
            MemberFactStore.add(
                .init(
                    id: id, member: member, fact: fact, corrects: old.id, isVoid: isVoid,
                    reason: PlainText.trimmed(params.reason)), Act(call)), expecting: .rows(1))
        return id
    }

    private static func discipline(
        _ params: Params, _ content: FactContent, of member: RecordID, isVoid: Bool, _ call: Call
    ) throws -> RecordID {
        guard let old = try Discipline.rows(of: [member], call).first(where: { $0.id == params.factId }), old.holds
        else {
            throw MembershipFault.factCorrected.fault()
        }
        try content.check(.discipline, isWhole: false, today: call.today)
        var fact = old.fact
        fact.from = params.from ?? fact.from
        fact.kind = content.disciplineKind ?? fact.kind
        if fact.kind != .probationInParty { fact.rightsRestoredOn = nil }
        fact.rightsRestoredOn = content.rightsRestoredOn ?? fact.rightsRestoredOn
        fact.text = content.text ?? fact.text
        fact.reason = PlainText.trimmed(params.reason)
        try fact.mustBeWhole()
        try Self.expulsion(of: member, call).correct(from: old.fact, to: isVoid ? nil : fact)
        return try Discipline.add(fact, of: member, corrects: old.id, isVoid: isVoid, call)
    }

    private static func expulsion(of member: RecordID, _ call: Call) throws -> Expulsion {
        guard
            let (person, joinedOn, _) = try call.db.first(
                MemberStore.lock(member, site: call.site.id), as: (RecordID, LocalDate, RecordID?).self)
        else { throw MembershipFault.notFound("memberId", member) }
        return Expulsion(
            member: member, person: person, chain: try FactChain(of: member, joinedOn: joinedOn, call), call: call)
    }

    static var examples: Examples<Params, Reply> {
        let reply = Reply(memberId: Sample.member, factId: Sample.other, corrects: Sample.fact)
        return Examples(
            full: (
                Params(
                    factId: Sample.fact, void: false, from: Sample.joined, until: Sample.today, title: "优秀党务工作者",
                    level: .county, grantedBy: "县委", mark: .backboneToMember, discipline: .warning,
                    rightsRestoredOn: Sample.today, text: "处分决定", reason: "名称有误"), reply
            ), minimal: (Params(factId: Sample.fact, void: true, reason: "登记了他人的记录"), reply))
    }
}
