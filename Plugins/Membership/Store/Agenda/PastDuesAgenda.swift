internal import XinglinKit

/// What dues asked of branches and members in a month that is over.
enum PastDuesAgenda {
    /// The branches of a tree that collected dues in a month or before it: when the month was opened, and when the one before it was closed;
    /// whether that one was to be closed at all.
    static func months(_ root: RecordID, _ month: CalendarMonth) -> SQL {
        """
        SELECT tree.organization_id, opened.opened_at, closing.closed_at, former.month IS NOT NULL
        FROM membership.tree_on(\(root), \(month.last)) AS tree
        LEFT JOIN membership.dues_month AS opened
            ON opened.organization_id = tree.organization_id AND opened.month = \(month)
        LEFT JOIN membership.dues_month AS former
            ON former.organization_id = tree.organization_id AND former.month = \(month.adding(-1))
        LEFT JOIN membership.dues_closing AS closing
            ON closing.organization_id = tree.organization_id AND closing.month = \(month.adding(-1))
        WHERE tree.kind = 'branch' AND tree.kept_at = ANY (host.readable_sites()) AND EXISTS (
            SELECT FROM membership.dues_month AS first
            WHERE first.organization_id = tree.organization_id AND first.month <= \(month))
        """
    }

    /// The first month of dues of each branch of a tree.
    static func firsts(_ root: RecordID, on day: LocalDate) -> SQL {
        """
        SELECT one.organization_id, min(one.month) FROM membership.dues_month AS one
        WHERE one.organization_id IN (SELECT tree.organization_id FROM membership.tree_on(\(root), \(day)) AS tree)
        GROUP BY one.organization_id
        """
    }

    static func past(
        _ scope: AgendaScope, _ month: CalendarMonth, _ now: [AgendaScope.Draft]
    ) throws -> [AgendaScope.Draft] {
        let deadlines = try DuesDeadlines(scope.rules)
        let stages: Set<AgendaTask> = [.duesNotice, .duesTalk, .duesLapse]
        let owing = Set(now.map(\.line).filter { stages.contains($0.task) }.map(\.subjectId))
        var found: [AgendaScope.Draft] = []
        for root in try scope.roots() {
            found += try Self.branches(root, month, deadlines, scope)
            found += try Self.publications(root, month, deadlines, scope)
            // Who owed then and is asked no more has paid, was excused, or was told.
            for draft in try ArrearsAgenda.arrears(root, on: month.last, scope) {
                found.append(draft.past(isDone: !owing.contains(draft.line.subjectId)))
            }
        }
        return found.filter { $0.line.dueOn >= month.first && $0.line.dueOn <= month.last }
    }

    /// The month to be opened, and the one before it to be closed.
    private static func branches(
        _ root: RecordID, _ month: CalendarMonth, _ deadlines: DuesDeadlines, _ scope: AgendaScope
    ) throws -> [AgendaScope.Draft] {
        let former = month.adding(-1)
        let rows = try scope.call.db.query(
            Self.months(root, month), as: (RecordID, Timestamp?, Timestamp?, Bool).self)
        return rows.flatMap { row -> [AgendaScope.Draft] in
            let branch = DuesAgenda.Branch(id: row.0, last: former, unclosed: row.3 ? former : nil)
            let opening = DuesAgenda.opening(branch, deadlines, on: month.last)
                .past(isDone: row.1 != nil, on: row.1?.localDate)
            let closing = DuesAgenda.closing(branch, deadlines)?.past(isDone: row.2 != nil, on: row.2?.localDate)
            return [opening] + [closing].compactMap(\.self)
        }
    }

    /// The publications that were made, each by when it was due.
    private static func publications(
        _ root: RecordID, _ month: CalendarMonth, _ deadlines: DuesDeadlines, _ scope: AgendaScope
    ) throws -> [AgendaScope.Draft] {
        let firsts = Dictionary(
            uniqueKeysWithValues: try scope.call.db.query(
                Self.firsts(root, on: month.last), as: (RecordID, CalendarMonth).self))
        let made = Dictionary(
            grouping: try scope.call.db.query(
                DuesAgenda.publications(root, on: month.last), as: (RecordID, Int, LocalDate).self), by: \.0)
        return made.flatMap { id, rows -> [AgendaScope.Draft] in
            rows.compactMap { row in
                let before = rows.filter { $0.1 < row.1 }.reduce(into: [Int: LocalDate]()) { $0[$1.1] = $1.2 }
                let branch = DuesAgenda.Branch(id: id, first: firsts[id])
                return DuesAgenda.publication(branch, before, deadlines)?.past(isDone: true, on: row.2)
            }
        }
    }
}
