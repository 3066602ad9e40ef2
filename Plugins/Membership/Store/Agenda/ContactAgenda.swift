internal import XinglinKit

/// Households that a member has not seen often enough in the month (CONTACT).
enum ContactAgenda {
    static func drafts(_ scope: AgendaScope) throws -> [AgendaScope.Draft] {
        try Self.links(scope, CalendarMonth(of: scope.day), to: scope.day).filter { !$0.isDone }.map(\.draft)
    }

    /// Households that were to be seen in a month that is over, seen often enough or not.
    static func past(
        _ scope: AgendaScope, _ month: CalendarMonth, _ now: [AgendaScope.Draft]
    ) throws -> [AgendaScope.Draft] {
        try Self.links(scope, month, to: month.last).map { $0.draft.past(isDone: $0.isDone) }
    }

    private static func links(
        _ scope: AgendaScope, _ month: CalendarMonth, to last: LocalDate
    ) throws -> [(draft: AgendaScope.Draft, isDone: Bool)] {
        let required = Int(try scope.rules.number(RuleKey("CONTACT", "visitsPerMonth")))
        var seen: Set<RecordID> = []
        return try scope.roots().flatMap { root -> [(draft: AgendaScope.Draft, isDone: Bool)] in
            let rows = try scope.call.db.query(
                LinkStore.households(root, from: month.first, to: last),
                as: (RecordID, RecordID, RecordID, LocalDate, String).self)
            return rows.compactMap { row -> (draft: AgendaScope.Draft, isDone: Bool)? in
                let contacts = row.4.split(separator: " ").compactMap { RecordID($0) }
                guard required > 0, seen.insert(row.0).inserted else { return nil }
                let evidence =
                    [AgendaLine.Evidence(kind: "link", id: row.0, on: row.3)]
                    + contacts.map { AgendaLine.Evidence(kind: "contact", id: $0) }
                let draft = AgendaScope.Draft(
                    line: AgendaLine(
                        .contact, rule: "CONTACT", .link, row.0, at: row.1, dueOn: month.last,
                        text: .init(
                            zh: "党员联系户每月至少走访 \(required) 次，当月已登记 \(contacts.count) 次",
                            en: "Contact the household \(required) time(s) a month; \(contacts.count) recorded"),
                        evidence: evidence), member: row.2)
                return (draft, contacts.count >= required)
            }
        }
    }
}
