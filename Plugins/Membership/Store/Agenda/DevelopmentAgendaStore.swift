internal import XinglinKit

/// The developments under way, for the agenda.
enum DevelopmentAgendaStore {
    /// What holds of each development that is not closed, in a tree or at the readable sites. A member's development goes on until the
    /// papers are in the file (step 25).
    static func courses(_ root: RecordID?, on day: LocalDate) -> SQL {
        """
        WITH place AS (
            SELECT one.site_id, one.candidate_id, one.organization_id FROM membership.candidates_on(\(day)) AS one
            UNION ALL
            SELECT member.site_id, member.candidate_id, standing.organization_id FROM membership.member
            JOIN membership.standings_on(\(day)) AS standing
                ON standing.site_id = member.site_id AND standing.member_id = member.member_id
            WHERE member.candidate_id IS NOT NULL AND standing.status <> 'ended'
        ), holding AS (
            SELECT one.* FROM membership.development_entry AS one
            WHERE NOT one.is_void AND NOT EXISTS (
                SELECT FROM membership.development_entry AS other
                WHERE other.site_id = one.site_id AND other.corrects = one.entry_id)
        )
        SELECT place.candidate_id, candidate.person_id, place.organization_id, one.entry_id, one.kind, one.step, one.on_date,
            one.status, one.organization_id, one.facts::text
        FROM place
        JOIN membership.candidate ON candidate.site_id = place.site_id AND candidate.candidate_id = place.candidate_id
        JOIN holding AS one ON one.site_id = place.site_id AND one.candidate_id = place.candidate_id
        WHERE (\(root)::uuid IS NULL OR place.organization_id IN (
                SELECT tree.organization_id FROM membership.tree_on(\(root)::uuid, \(day)) AS tree))
            AND NOT EXISTS (
                SELECT FROM holding AS last
                WHERE last.site_id = place.site_id AND last.candidate_id = place.candidate_id AND last.step = 25)
        ORDER BY place.candidate_id, one.recorded_order
        """
    }

    private typealias Columns = (
        RecordID, RecordID, RecordID, RecordID, EntryKind, Int?, LocalDate, String?, RecordID?, String
    )

    /// Every development that had begun by the last day of a month, with what holds of it; the columns of `courses`.
    static func histories(_ root: RecordID?, on day: LocalDate) -> SQL {
        """
        SELECT place.candidate_id, candidate.person_id, place.organization_id, one.entry_id, one.kind, one.step, one.on_date,
            one.status, one.organization_id, one.facts::text
        FROM membership.developments_on(\(day)) AS place
        JOIN membership.candidate ON candidate.site_id = place.site_id AND candidate.candidate_id = place.candidate_id
        JOIN membership.development_entry AS one ON one.site_id = place.site_id AND one.candidate_id = place.candidate_id
        WHERE place.organization_id IS NOT NULL AND NOT one.is_void AND NOT EXISTS (
                SELECT FROM membership.development_entry AS other
                WHERE other.site_id = one.site_id AND other.corrects = one.entry_id)
            AND (\(root)::uuid IS NULL OR place.organization_id IN (
                SELECT tree.organization_id FROM membership.tree_on(\(root)::uuid, \(day)) AS tree))
        ORDER BY place.candidate_id, one.recorded_order
        """
    }

    /// What was due in a month that is over and has been done since.
    static func past(
        _ scope: AgendaScope, _ month: CalendarMonth, _ now: [AgendaScope.Draft]
    ) throws -> [AgendaScope.Draft] {
        let agenda = try DevelopmentAgenda(scope.rules)
        let steps = try StepStore.table(scope.call.db.rows(StepStore.all))
        let rows = try scope.call.db.query(Self.histories(scope.root, on: month.last), as: Columns.self)
        return try Dictionary(grouping: rows, by: \.0).values.flatMap { rows -> [AgendaScope.Draft] in
            guard let first = rows.first else { return [] }
            return agenda.done(
                first.0, at: first.2, try Self.entries(rows), from: month.first, to: month.last, steps
            ).map { AgendaScope.Draft(line: $0, person: first.1) }
        }
    }

    private static func entries(_ rows: [Columns]) throws -> [DevelopmentEntry] {
        try rows.enumerated().map { place, row in
            DevelopmentEntry(
                id: row.3, kind: row.4, step: row.5, on: row.6, status: row.7, organization: row.8,
                facts: StepFacts(try FactsText.value(of: row.9)), order: Int64(place))
        }
    }

    static func drafts(_ scope: AgendaScope) throws -> [AgendaScope.Draft] {
        let agenda = try DevelopmentAgenda(scope.rules)
        let steps = try StepStore.table(scope.call.db.rows(StepStore.all))
        let rows = try scope.call.db.query(Self.courses(scope.root, on: scope.day), as: Columns.self)
        return try Dictionary(grouping: rows, by: \.0).values.flatMap { rows -> [AgendaScope.Draft] in
            guard let first = rows.first else { return [] }
            let entries = try Self.entries(rows)
            let course = DevelopmentAgenda.Course(
                candidate: first.0, organization: first.2, entries: entries,
                progress: Progress(entries).asOf(scope.day, agenda.values, steps))
            return agenda.lines(course).map { AgendaScope.Draft(line: $0, person: first.1) }
        }
    }
}
