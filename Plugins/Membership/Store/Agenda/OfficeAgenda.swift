internal import XinglinKit

/// What BR-03 and BR-04 ask of organisations: elections in time, and a committee where there have to be one.
enum OfficeAgenda {
    static func drafts(_ scope: AgendaScope) throws -> [AgendaScope.Draft] {
        let committeeFrom = Int(try scope.rules.number(RuleKey("BR-03", "committeeFrom")))
        let seatsMin = Int(try scope.rules.number(RuleKey("BR-03", "seatsMin")))
        let remindMonths = Int(try scope.rules.number(RuleKey("BR-04", "remindMonths")))
        var seen: Set<RecordID> = []
        return try scope.roots().flatMap { root -> [AgendaScope.Draft] in
            let tree = try OfficeTree(root, on: scope.day, scope.call)
            let figures = try tree.figures(scope.call)
            return zip(tree.nodes, figures).flatMap { node, figure -> [AgendaScope.Draft] in
                guard seen.insert(node.id).inserted else { return [] }
                if let term = tree.terms[node.id] {
                    let isShort = node.kind == .branch && figure.full >= committeeFrom && figure.officers < seatsMin
                    let gap = figure.secretaries.isEmpty || isShort
                    return [Self.election(of: node, term, remindMonths)]
                        + (gap ? [Self.vacancy(of: node, officers: figure.officers, on: scope.day)] : [])
                }
                guard node.kind == .branch, figure.full >= committeeFrom else { return [] }
                return [Self.committee(of: node, full: figure.full, committeeFrom, on: scope.day)]
            }
        }
    }

    /// The first election of an organisation behind a day that elected anybody.
    static func nextElection(of organization: RecordID, after day: LocalDate) -> SQL {
        """
        SELECT min(one.on_date) FROM membership.election AS one
        WHERE one.organization_id = \(organization) AND one.elected > 0 AND one.on_date > \(day) AND NOT EXISTS (
            SELECT FROM membership.election AS other
            WHERE other.site_id = one.site_id AND other.corrects = one.election_id)
        """
    }

    /// Elections that were due in a month that is over, and committees that there had to be at its end.
    static func past(
        _ scope: AgendaScope, _ month: CalendarMonth, _ now: [AgendaScope.Draft]
    ) throws -> [AgendaScope.Draft] {
        let committeeFrom = Int(try scope.rules.number(RuleKey("BR-03", "committeeFrom")))
        var seen: Set<RecordID> = []
        return try scope.roots().flatMap { root -> [AgendaScope.Draft] in
            let begin = try OfficeTree(root, on: month.first, scope.call)
            let end = try OfficeTree(root, on: month.last, scope.call)
            let figures = try end.figures(scope.call)
            return try zip(end.nodes, figures).compactMap { node, figure -> AgendaScope.Draft? in
                guard seen.insert(node.id).inserted else { return nil }
                func elected(after day: LocalDate) throws -> LocalDate? {
                    try scope.call.db.query(Self.nextElection(of: node.id, after: day), as: LocalDate?.self).first
                        ?? nil
                }
                if let term = begin.terms[node.id] ?? end.terms[node.id] {
                    guard term.dueOn >= month.first, term.dueOn <= month.last,
                        let held = try elected(after: term.electedOn)
                    else { return nil }
                    return Self.election(of: node, term, 0).past(isDone: true, on: held)
                }
                guard node.kind == .branch, figure.full >= committeeFrom else { return nil }
                let held = try elected(after: month.last)
                return Self.committee(of: node, full: figure.full, committeeFrom, on: month.last)
                    .past(isDone: held != nil, on: held)
            }
        }
    }

    private static func election(
        of node: OfficeTree.Node, _ term: Term, _ remindMonths: Int
    ) -> AgendaScope.Draft {
        AgendaScope.Draft(
            line: AgendaLine(
                .election, rule: "BR-04", .organization, node.id, at: node.id, dueOn: term.dueOn,
                text: .init(
                    zh: "任期届满前按期换届；提前或延期须报上级批准",
                    en: "Hold the next election by the end of the term; early or late needs approval"),
                evidence: [AgendaLine.Evidence(kind: "term", number: term.seats, id: term.election, on: term.electedOn)]
            ),
            remindFrom: term.dueOn.adding(months: -remindMonths))
    }

    /// A committee without a secretary, or with too few members, until somebody is appointed or elected.
    private static func vacancy(of node: OfficeTree.Node, officers: Int, on day: LocalDate) -> AgendaScope.Draft {
        AgendaScope.Draft(
            line: AgendaLine(
                .committee, rule: "BR-03", .organization, node.id, at: node.id, dueOn: day,
                text: .init(
                    zh: "没有书记，或委员不足：报上级党组织任命或补选",
                    en: "No secretary, or too few committee members: have them appointed or elected"),
                evidence: [AgendaLine.Evidence(kind: "officers", number: officers, on: day)],
                method: AppointOfficer.name))
    }

    private static func committee(
        of node: OfficeTree.Node, full: Int, _ from: Int, on day: LocalDate
    ) -> AgendaScope.Draft {
        AgendaScope.Draft(
            line: AgendaLine(
                .committee, rule: "BR-03", .organization, node.id, at: node.id, dueOn: day,
                text: .init(
                    zh: "正式党员 \(from) 人以上的党支部应设立支部委员会",
                    en: "A branch of \(from) full members or more elects a committee"),
                evidence: [AgendaLine.Evidence(kind: "members", number: full, on: day)]))
    }
}
