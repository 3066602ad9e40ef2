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
        return letters.flatMap { row -> [AgendaScope.Draft] in
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
        } + away.map { Self.away($0, values) }
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

    private static func away(_ row: ListFlow.Columns, _ values: TransferReminder.Values) -> AgendaScope.Draft {
        AgendaScope.Draft(
            line: AgendaLine(
                .flowTransfer, rule: "TRANSFER", .member, row.1, at: row.3,
                dueOn: TransferDates.transferDue(row.4, months: values.awayMonths),
                text: TransferReminder.Kind.transferDue.text,
                evidence: [AgendaLine.Evidence(kind: "flow", id: row.0, on: row.4)]), person: row.2)
    }
}
