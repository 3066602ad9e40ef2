internal import XinglinKit

/// What transfers and members who are away ask for (domain rules 2.1).
enum TransferAgenda {
    /// Transfers under way that a tree, or a readable site, gives or awaits: the transfer, the organisation on this side, who it is about,
    /// the day of the request, the first letter's day, the last one's, and its end; NULL where there is none.
    static func letters(_ root: RecordID?, site: RecordID, on day: LocalDate) -> SQL {
        """
        WITH own AS (
            SELECT one.*, CASE WHEN one.receiving_site_id = \(site) THEN one.to_organization_id
                ELSE one.from_organization_id END AS organization_id
            FROM membership.transfer AS one WHERE one.state IN ('requested', 'letterIssued', 'expired')
        )
        SELECT own.transfer_id, own.organization_id, own.member_id, own.requested_on, own.first_letter_on, own.letter_on,
            own.expires_on
        FROM own
        WHERE \(root)::uuid IS NULL OR own.organization_id IN (
            SELECT tree.organization_id FROM membership.tree_on(\(root)::uuid, \(day)) AS tree)
        ORDER BY own.transfer_id
        """
    }

    static func drafts(_ scope: AgendaScope) throws -> [AgendaScope.Draft] {
        let values = try TransferReminder.Values(scope.rules)
        let letters = try scope.call.db.query(
            Self.letters(scope.root, site: scope.call.site.id, on: scope.day),
            as: Columns.self)
        let away = try scope.call.db.query(
            FlowStore.list(scope.root, on: scope.day, after: RecordID(high: 0, low: 0), limit: 10_000),
            as: ListFlow.Columns.self
        ).filter(\.9)
        return letters.flatMap { Self.drafts(of: $0, values) }
            + away.map { Self.away(id: $0.0, member: $0.1, person: $0.2, at: $0.3, from: $0.4, values) }
    }

    /// Transfers that a tree, or a readable site, gave or awaited and that are over: the columns of `letters`, and the day of the end.
    static func ended(_ root: RecordID?, site: RecordID, on day: LocalDate) -> SQL {
        """
        WITH own AS (
            SELECT one.*, CASE WHEN one.receiving_site_id = \(site) THEN one.to_organization_id
                ELSE one.from_organization_id END AS organization_id
            FROM membership.transfer AS one WHERE one.state IN ('received', 'returned', 'withdrawn')
        )
        SELECT own.transfer_id, own.organization_id, own.member_id, own.requested_on, own.first_letter_on, own.letter_on,
            own.expires_on, own.received_on, coalesce(own.returned_at, own.withdrawn_at)
        FROM own
        WHERE \(root)::uuid IS NULL OR own.organization_id IN (
            SELECT tree.organization_id FROM membership.tree_on(\(root)::uuid, \(day)) AS tree)
        ORDER BY own.transfer_id
        """
    }

    /// Members of a tree, or of the readable sites, who came back: the flow, who, the person, where they belong, from when until when.
    static func returned(_ root: RecordID?, on day: LocalDate) -> SQL {
        """
        SELECT flow.flow_id, flow.member_id, member.person_id, standing.organization_id, flow.from_on, flow_end.on_date
        FROM membership.flow
        JOIN membership.flow_end ON flow_end.site_id = flow.site_id AND flow_end.flow_id = flow.flow_id
        JOIN membership.member ON member.site_id = flow.site_id AND member.member_id = flow.member_id
        JOIN membership.standings_on(\(day)) AS standing
            ON standing.site_id = flow.site_id AND standing.member_id = flow.member_id AND standing.status <> 'ended'
        WHERE flow.is_fixed AND flow.from_on <= \(day) AND (\(root)::uuid IS NULL OR standing.organization_id IN (
            SELECT tree.organization_id FROM membership.tree_on(\(root)::uuid, \(day)) AS tree))
        ORDER BY flow.flow_id
        """
    }

    /// What was due of them in a month that is over, where it was still open on the first day of it.
    static func past(
        _ scope: AgendaScope, _ month: CalendarMonth, _ now: [AgendaScope.Draft]
    ) throws -> [AgendaScope.Draft] {
        let values = try TransferReminder.Values(scope.rules)
        let ended = try scope.call.db.query(
            Self.ended(scope.root, site: scope.call.site.id, on: month.last),
            as: (
                RecordID, RecordID, RecordID?, LocalDate, LocalDate?, LocalDate?, LocalDate?, LocalDate?, Timestamp?
            ).self)
        let back = try scope.call.db.query(
            Self.returned(scope.root, on: month.last),
            as: (RecordID, RecordID, RecordID, RecordID, LocalDate, LocalDate).self)
        let letters = ended.flatMap { row in
            Self.drafts(of: (row.0, row.1, row.2, row.3, row.4, row.5, row.6), values)
                .map { $0.past(isDone: true, on: row.7 ?? row.8?.localDate) }
        }
        let flows = back.map { row in
            Self.away(id: row.0, member: row.1, person: row.2, at: row.3, from: row.4, values)
                .past(isDone: true, on: row.5)
        }
        return (letters + flows).filter { draft in
            draft.line.dueOn >= month.first && draft.line.dueOn <= month.last
                && draft.line.doneOn.map { $0 >= month.first } ?? true
        }
    }

    private static func drafts(of row: Columns, _ values: TransferReminder.Values) -> [AgendaScope.Draft] {
        guard let first = row.4, let latest = row.5, let last = row.6 else {
            let due = TransferDates.talkDue(row.3, months: values.receiveMonths)
            var draft = Self.draft(.letterMissing, .letterMissing, row, dueOn: due, "requestedOn", row.3)
            // Nobody asked for it before, and nothing else calls it to mind.
            draft.remindFrom = row.3
            return [draft]
        }
        return [
            Self.draft(.letter, .letterExpiring, row, dueOn: last, "letterOn", latest),
            Self.draft(
                .transferTalk, .notReceived, row, dueOn: TransferDates.talkDue(first, months: values.receiveMonths),
                "firstLetterOn", first),
        ]
    }

    private typealias Columns = (RecordID, RecordID, RecordID?, LocalDate, LocalDate?, LocalDate?, LocalDate?)

    private static func draft(
        _ task: AgendaTask, _ kind: TransferReminder.Kind, _ row: Columns, dueOn: LocalDate, _ fact: String,
        _ on: LocalDate
    ) -> AgendaScope.Draft {
        AgendaScope.Draft(
            line: AgendaLine(
                task, rule: "TRANSFER", .transfer, row.0, at: row.1, dueOn: dueOn, text: kind.text,
                evidence: [AgendaLine.Evidence(kind: fact, id: row.0, on: on)]), member: row.2)
    }

    private static func away(
        id: RecordID, member: RecordID, person: RecordID, at organization: RecordID, from day: LocalDate,
        _ values: TransferReminder.Values
    ) -> AgendaScope.Draft {
        AgendaScope.Draft(
            line: AgendaLine(
                .flowTransfer, rule: "TRANSFER", .member, member, at: organization,
                dueOn: TransferDates.transferDue(day, months: values.awayMonths),
                text: TransferReminder.Kind.transferDue.text,
                evidence: [AgendaLine.Evidence(kind: "flow", id: id, on: day)]), person: person)
    }
}
