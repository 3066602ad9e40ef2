internal import XinglinKit

/// Households that a member has not seen often enough in the month (CONTACT).
enum ContactAgenda {
    static func drafts(_ scope: AgendaScope) throws -> [AgendaScope.Draft] {
        let required = Int(try scope.rules.number(RuleKey("CONTACT", "visitsPerMonth")))
        let month = scope.day.firstOfMonth
        var seen: Set<RecordID> = []
        return try scope.roots().flatMap { root -> [AgendaScope.Draft] in
            let rows = try scope.call.db.query(
                LinkStore.households(root, from: month, to: scope.day),
                as: (RecordID, RecordID, RecordID, LocalDate, String).self)
            return rows.compactMap { row -> AgendaScope.Draft? in
                let contacts = row.4.split(separator: " ").compactMap { RecordID($0) }
                guard contacts.count < required, seen.insert(row.0).inserted else { return nil }
                let evidence =
                    [AgendaLine.Evidence(kind: "link", id: row.0, on: row.3)]
                    + contacts.map { AgendaLine.Evidence(kind: "contact", id: $0) }
                return AgendaScope.Draft(
                    line: AgendaLine(
                        .contact, rule: "CONTACT", .link, row.0, at: row.1, dueOn: month.lastOfMonth,
                        text: .init(
                            zh: "党员联系户本月至少走访 \(required) 次，已登记 \(contacts.count) 次",
                            en: "Contact the household \(required) time(s) this month; \(contacts.count) recorded"),
                        evidence: evidence), member: row.2)
            }
        }
    }
}
