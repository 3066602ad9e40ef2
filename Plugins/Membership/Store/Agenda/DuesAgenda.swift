internal import XinglinKit

/// What the rule DUES asks of branches: the month's dues step by step, its closing, the yearly publication, and what their members call for.
enum DuesAgenda {
    /// Branches of a tree on a day with their months: the branch, the first and last month, the first one that is over and not closed,
    /// whether this month is open, how many lines it has, and how many of them are not paid.
    static func branches(_ root: RecordID, on day: LocalDate) -> SQL {
        """
        SELECT tree.organization_id, month.first_month, month.last_month, month.unclosed, month.is_open, owed.lines, owed.unpaid
        FROM membership.tree_on(\(root), \(day)) AS tree
        CROSS JOIN LATERAL (
            SELECT min(one.month) AS first_month, max(one.month) AS last_month,
                min(one.month) FILTER (WHERE closing.month IS NULL AND one.month < \(day.firstOfMonth)) AS unclosed,
                coalesce(bool_or(closing.month IS NULL AND one.month = \(day.firstOfMonth)), false) AS is_open
            FROM membership.dues_month AS one
            LEFT JOIN membership.dues_closing AS closing ON closing.site_id = one.site_id
                AND closing.organization_id = one.organization_id AND closing.month = one.month
            WHERE one.site_id = tree.kept_at AND one.organization_id = tree.organization_id
        ) AS month
        CROSS JOIN LATERAL (
            SELECT count(*) AS lines, count(*) FILTER (WHERE line.due_fen - line.waived_fen > paid.fen) AS unpaid
            FROM membership.dues_line AS line \(literal: DuesLineStore.paid)
            WHERE line.site_id = tree.kept_at AND line.organization_id = tree.organization_id
                AND line.month = \(day.firstOfMonth) AND NOT line.is_void AND \(literal: DuesLineStore.isLast)
        ) AS owed
        WHERE tree.kind = 'branch' AND tree.kept_at = ANY (host.readable_sites())
        ORDER BY tree.organization_id
        """
    }

    /// The last day on which each branch of a tree has published a year's dues.
    static func publications(_ root: RecordID, on day: LocalDate) -> SQL {
        """
        SELECT one.organization_id, one.year, max(one.on_date) FROM membership.dues_publication AS one
        WHERE one.organization_id IN (SELECT tree.organization_id FROM membership.tree_on(\(root), \(day)) AS tree)
        GROUP BY one.organization_id, one.year
        """
    }

    /// A branch with its months.
    struct Branch {
        let id: RecordID
        var first: CalendarMonth?
        var last: CalendarMonth?
        var unclosed: CalendarMonth?
        var isOpen = false
        var lines = 0
        var unpaid = 0
    }

    static func drafts(_ scope: AgendaScope) throws -> [AgendaScope.Draft] {
        let deadlines = try DuesDeadlines(scope.rules)
        var seen: Set<RecordID> = []
        return try scope.roots().flatMap { root -> [AgendaScope.Draft] in
            let branches = try scope.call.db.query(
                Self.branches(root, on: scope.day),
                as: (RecordID, CalendarMonth?, CalendarMonth?, CalendarMonth?, Bool, Int, Int).self
            ).filter { seen.insert($0.0).inserted }.map {
                Branch(id: $0.0, first: $0.1, last: $0.2, unclosed: $0.3, isOpen: $0.4, lines: $0.5, unpaid: $0.6)
            }
            let published = Dictionary(
                grouping: try scope.call.db.query(
                    Self.publications(root, on: scope.day), as: (RecordID, Int, LocalDate).self), by: \.0)
            let lines = branches.flatMap { branch -> [AgendaScope.Draft?] in
                let made = (published[branch.id] ?? []).reduce(into: [Int: LocalDate]()) { $0[$1.1] = $1.2 }
                return [
                    Self.closing(branch, deadlines), Self.running(branch, deadlines, on: scope.day),
                    Self.opening(branch, deadlines, on: scope.day), Self.publication(branch, made, deadlines),
                ]
            }
            return try lines.compactMap(\.self) + ArrearsAgenda.drafts(root, scope)
        }
    }

    private static func draft(
        _ task: AgendaTask, _ branch: Branch, dueOn: LocalDate, _ text: LocalizedText, after month: CalendarMonth?,
        by method: String? = nil
    ) -> AgendaScope.Draft {
        AgendaScope.Draft(
            line: AgendaLine(
                task, rule: DuesRules.id, .organization, branch.id, at: branch.id, dueOn: dueOn, text: text,
                evidence: month.map { [AgendaLine.Evidence(kind: "month", on: $0.first)] } ?? [], method: method))
    }

    /// The first month that is over and not closed: months are closed in their order.
    static func closing(_ branch: Branch, _ deadlines: DuesDeadlines) -> AgendaScope.Draft? {
        guard let month = branch.unclosed else { return nil }
        return Self.draft(
            .duesClosing, branch, dueOn: deadlines.closing(of: month),
            .init(zh: "\(month) 党费：结账", en: "Dues of \(month): close the month"), after: month)
    }

    /// What is to be done in the month that runs, where it is open: first assess, then collect.
    private static func running(
        _ branch: Branch, _ deadlines: DuesDeadlines, on day: LocalDate
    ) -> AgendaScope.Draft? {
        let month = CalendarMonth(of: day)
        guard branch.isOpen else { return nil }
        if branch.lines == 0 {
            return Self.draft(
                .duesMonth, branch, dueOn: deadlines.day(of: month),
                .init(
                    zh: "\(month) 党费：登记党费基数并核定", en: "Dues of \(month): record the bases, and assess the month"),
                after: month, by: AssessDues.name)
        }
        guard branch.unpaid > 0 else { return nil }
        return Self.draft(
            .duesMonth, branch, dueOn: month.last,
            .init(
                zh: "\(month) 党费：收缴，尚有 \(branch.unpaid) 名党员未交清",
                en: "Dues of \(month): collect them; \(branch.unpaid) member(s) have not paid all"), after: month,
            by: PayDues.name)
    }

    /// The month behind the last one, however far away: months are opened one after the other.
    static func opening(
        _ branch: Branch, _ deadlines: DuesDeadlines, on day: LocalDate
    ) -> AgendaScope.Draft {
        let month = branch.last?.adding(1) ?? CalendarMonth(of: day)
        return Self.draft(
            .duesMonth, branch, dueOn: deadlines.day(of: month),
            .init(zh: "\(month) 党费：开启并核定", en: "Dues of \(month): open and assess the month"), after: branch.last)
    }

    static func publication(
        _ branch: Branch, _ made: [Int: LocalDate], _ deadlines: DuesDeadlines
    ) -> AgendaScope.Draft? {
        guard let first = branch.first else { return nil }
        let next = deadlines.publication(since: first, made: made)
        let evidence = (next.last ?? made[next.year - 1]).map { AgendaLine.Evidence(kind: "publication", on: $0) }
        return AgendaScope.Draft(
            line: AgendaLine(
                .duesPublication, rule: DuesRules.id, .organization, branch.id, at: branch.id, dueOn: next.dueOn,
                text: .init(
                    zh: "向党员公布 \(next.year) 年度党费收缴情况（至少每 \(deadlines.publicationMonths) 个月一次）",
                    en:
                        "Publish the dues of \(next.year) to the members (every \(deadlines.publicationMonths) months at the least)"
                ), evidence: [evidence ?? AgendaLine.Evidence(kind: "month", on: first.first)]))
    }
}
