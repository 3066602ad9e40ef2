internal import XinglinKit

/// What transfers and members who are away ask for (domain rules 2.1).
enum TransferAgenda {
    /// Open letters that a tree, or a readable site, gives or awaits: the transfer, the organisation on this side, who it is about, the
    /// first letter's day, the last one's, and its end.
    static func letters(_ root: RecordID?, site: RecordID, on day: LocalDate) -> SQL {
        """
        WITH own AS (
            SELECT one.*, CASE WHEN one.receiving_site_id = \(site) THEN one.to_organization_id
                ELSE one.from_organization_id END AS organization_id
            FROM membership.transfer AS one WHERE one.state IN ('letterIssued', 'expired')
        )
        SELECT own.transfer_id, own.organization_id, own.member_id, own.first_letter_on, own.letter_on, own.expires_on FROM own
        WHERE \(root)::uuid IS NULL OR own.organization_id IN (
            SELECT tree.organization_id FROM membership.tree_on(\(root)::uuid, \(day)) AS tree)
        ORDER BY own.transfer_id
        """
    }

    static func drafts(_ scope: AgendaScope) throws -> [AgendaScope.Draft] {
        let values = try TransferReminder.Values(scope.rules)
        let letters = try scope.call.db.query(
            Self.letters(scope.root, site: scope.call.site.id, on: scope.day),
            as: (RecordID, RecordID, RecordID?, LocalDate, LocalDate, LocalDate).self)
        let away = try scope.call.db.query(
            FlowStore.list(scope.root, on: scope.day, after: RecordID(high: 0, low: 0), limit: 10_000),
            as: ListFlow.Columns.self
        ).filter(\.9)
        return letters.flatMap { row in
            [
                Self.draft(.letter, .letterExpiring, row, dueOn: row.5, "letterOn", row.4),
                Self.draft(
                    .transferTalk, .notReceived, row, dueOn: TransferDates.talkDue(row.3, months: values.receiveMonths),
                    "firstLetterOn", row.3),
            ]
        } + away.map { Self.away($0, values) }
    }

    private static func draft(
        _ task: AgendaTask, _ kind: TransferReminder.Kind,
        _ row: (RecordID, RecordID, RecordID?, LocalDate, LocalDate, LocalDate), dueOn: LocalDate, _ fact: String,
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
