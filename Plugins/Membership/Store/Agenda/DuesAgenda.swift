internal import XinglinKit

/// What the rule DUES asks of branches: the month's dues, arrears by their stages, and the yearly publication.
enum DuesAgenda {
    /// Branches of a tree on a day with their months: the branch, its founding, the first open month, the last month, the first month, and
    /// the last publication.
    static func branches(_ root: RecordID, on day: LocalDate) -> SQL {
        """
        SELECT tree.organization_id, one.founded_on, min(month.month) FILTER (WHERE closing.month IS NULL), max(month.month),
            min(month.month),
            (SELECT max(publication.on_date) FROM membership.dues_publication AS publication
             WHERE publication.organization_id = tree.organization_id)
        FROM membership.tree_on(\(root), \(day)) AS tree
        JOIN membership.organization AS one ON one.organization_id = tree.organization_id
        LEFT JOIN membership.dues_month AS month ON month.organization_id = tree.organization_id
        LEFT JOIN membership.dues_closing AS closing ON closing.site_id = month.site_id
            AND closing.organization_id = month.organization_id AND closing.month = month.month
        WHERE tree.kind = 'branch' AND tree.kept_at = ANY (host.readable_sites())
        GROUP BY tree.organization_id, one.founded_on
        """
    }

    static func drafts(_ scope: AgendaScope) throws -> [AgendaScope.Draft] {
        var seen: Set<RecordID> = []
        return try scope.roots().flatMap { root -> [AgendaScope.Draft] in
            let branches = try scope.call.db.query(
                Self.branches(root, on: scope.day),
                as: (RecordID, LocalDate, CalendarMonth?, CalendarMonth?, CalendarMonth?, LocalDate?).self
            ).filter { seen.insert($0.0).inserted }
            let months = try branches.compactMap { try Self.month($0.0, open: $0.2, last: $0.3, scope) }
            let publications = try branches.compactMap { try Self.publication($0.0, first: $0.4, last: $0.5, scope) }
            return try months + publications + Self.arrears(root, scope, on: scope.day)
        }
    }

    /// The month that a branch has to bring to its end: the one that is open, or the one behind the last.
    private static func month(
        _ branch: RecordID, open: CalendarMonth?, last: CalendarMonth?, _ scope: AgendaScope
    ) throws -> AgendaScope.Draft? {
        let month = open ?? last?.adding(1) ?? CalendarMonth(of: scope.day)
        let day = Int(try scope.rules.number(DuesRules.key("dayOfMonth")))
        var evidence: [AgendaLine.Evidence] = []
        if let last { evidence.append(AgendaLine.Evidence(kind: "month", on: last.first)) }
        return AgendaScope.Draft(
            line: AgendaLine(
                .duesMonth, rule: DuesRules.id, .organization, branch, at: branch,
                dueOn: month.first.adding(days: day - 1),
                text: .init(
                    zh: "\(month) 党费：核定、收缴并结账", en: "Dues of \(month): assess, collect and close the month"),
                evidence: evidence))
    }

    /// The branches of a tree that collected dues in a month or before, and when the month was closed.
    static func closings(_ root: RecordID, _ month: CalendarMonth) -> SQL {
        """
        SELECT tree.organization_id, closing.closed_at
        FROM membership.tree_on(\(root), \(month.last)) AS tree
        LEFT JOIN membership.dues_closing AS closing
            ON closing.organization_id = tree.organization_id AND closing.month = \(month)
        WHERE tree.kind = 'branch' AND tree.kept_at = ANY (host.readable_sites()) AND EXISTS (
            SELECT FROM membership.dues_month AS first
            WHERE first.organization_id = tree.organization_id AND first.month <= \(month))
        """
    }

    /// The publications of a tree, each with the day of the next one.
    static func publications(_ root: RecordID, on day: LocalDate) -> SQL {
        """
        WITH tree AS MATERIALIZED (
            SELECT one.organization_id FROM membership.tree_on(\(root), \(day)) AS one WHERE one.kind = 'branch'
        ), begun AS (
            SELECT one.organization_id, one.on_date, true AS is_publication FROM membership.dues_publication AS one
            UNION ALL
            SELECT one.organization_id, min(one.month), false FROM membership.dues_month AS one GROUP BY one.organization_id
        )
        SELECT begun.organization_id, begun.on_date, begun.is_publication, min(later.on_date)
        FROM begun
        JOIN membership.dues_publication AS later
            ON later.organization_id = begun.organization_id AND later.on_date > begun.on_date
        WHERE begun.organization_id IN (SELECT tree.organization_id FROM tree)
        GROUP BY begun.organization_id, begun.on_date, begun.is_publication
        """
    }

    /// What dues asked for in a month that is over.
    static func past(
        _ scope: AgendaScope, _ month: CalendarMonth, _ now: [AgendaScope.Draft]
    ) throws -> [AgendaScope.Draft] {
        let stages: Set<AgendaTask> = [.duesNotice, .duesTalk, .duesLapse]
        let owing = Set(now.map(\.line).filter { stages.contains($0.task) }.map(\.subjectId))
        var found: [AgendaScope.Draft] = []
        for root in try scope.roots() {
            found += try Self.pastMonths(root, month, scope) + Self.pastPublications(root, month, scope)
            // Who owed then and owes no more has paid, or was excused.
            for draft in try Self.arrears(root, scope, on: month.last) {
                found.append(draft.past(isDone: !owing.contains(draft.line.subjectId)))
            }
        }
        return found.filter { $0.line.dueOn >= month.first && $0.line.dueOn <= month.last }
    }

    private static func pastMonths(
        _ root: RecordID, _ month: CalendarMonth, _ scope: AgendaScope
    ) throws -> [AgendaScope.Draft] {
        let rows = try scope.call.db.query(Self.closings(root, month), as: (RecordID, Timestamp?).self)
        return try rows.compactMap { row -> AgendaScope.Draft? in
            let draft = try Self.month(row.0, open: month, last: nil, scope)
            return draft?.past(isDone: row.1 != nil, on: row.1?.localDate)
        }
    }

    private static func pastPublications(
        _ root: RecordID, _ month: CalendarMonth, _ scope: AgendaScope
    ) throws -> [AgendaScope.Draft] {
        let rows = try scope.call.db.query(
            Self.publications(root, on: month.last), as: (RecordID, LocalDate, Bool, LocalDate).self)
        return try rows.compactMap { row -> AgendaScope.Draft? in
            let last: LocalDate? = row.2 ? row.1 : nil
            let draft = try Self.publication(row.0, first: CalendarMonth(of: row.1), last: last, scope)
            return draft?.past(isDone: true, on: row.3)
        }
    }

    private static func publication(
        _ branch: RecordID, first: CalendarMonth?, last: LocalDate?, _ scope: AgendaScope
    ) throws -> AgendaScope.Draft? {
        guard let start = last ?? first?.first else { return nil }
        let months = Int(try scope.rules.number(DuesRules.key("publicationMonths")))
        return AgendaScope.Draft(
            line: AgendaLine(
                .duesPublication, rule: DuesRules.id, .organization, branch, at: branch,
                dueOn: start.adding(months: months),
                text: .init(
                    zh: "至少每 \(months) 个月向党员公布一次党费收缴情况",
                    en: "Publish the dues to the members every \(months) months at the least"),
                evidence: [AgendaLine.Evidence(kind: last == nil ? "month" : "publication", on: start)]))
    }

    /// What months of arrears call for, from the day on which there were so many.
    private static func arrears(
        _ root: RecordID, _ scope: AgendaScope, on day: LocalDate
    ) throws -> [AgendaScope.Draft] {
        let rule = ArrearsRule(
            notice: try scope.rules.number(DuesRules.key("noticeMonths")),
            talk: try scope.rules.number(DuesRules.key("talkMonths")),
            lapse: try scope.rules.number(DuesRules.key("lapseMonths")))
        let rows = try scope.call.db.query(
            DuesFigures.arrears(root, on: day, after: RecordID(high: 0, low: 0), limit: 100_000),
            as: (RecordID, RecordID, RecordID, CalendarMonth, Int64, Int64, Bool).self)
        return Dictionary(grouping: rows, by: \.0).values.compactMap { rows in
            guard let first = rows.first else { return nil }
            let run = Arrears(
                rows.map { .init(month: $0.3, payableFen: $0.4, openFen: $0.5, isExcused: $0.6) }
            ).run
            guard let stage = rule.stage(of: run.count) else { return nil }
            let (task, months): (AgendaTask, Int64) =
                switch stage {
                case .notice: (.duesNotice, rule.notice)
                case .talk: (.duesTalk, rule.talk)
                case .lapse: (.duesLapse, rule.lapse)
                }
            let reached = run[Int(months) - 1].adding(1).first
            return AgendaScope.Draft(
                line: AgendaLine(
                    task, rule: DuesRules.id, .member, first.0, at: first.2, dueOn: reached,
                    text: .init(
                        zh: "连续 \(run.count) 个月未交党费：\(stage.labelZh)",
                        en: "\(run.count) consecutive months without dues: \(stage.rawValue)"),
                    evidence: run.map { AgendaLine.Evidence(kind: "month", on: $0.first) }), person: first.1)
        }
    }
}
