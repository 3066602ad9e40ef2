internal import XinglinKit

/// The SQL that reads forwardings.
enum ForwardingQueries {
    /// What a list is narrowed to.
    struct Filter {
        var side: String?
        var state: ForwardingState?
        var isOverdue = false
    }

    /// The forwardings that the site sent and those that it received, the newest first.
    static func list(_ filter: Filter, site: RecordID, today: LocalDate, before last: RecordID, limit: Int) -> SQL {
        """
        SELECT \(literal: Self.card), forwarding.state = 'inTransit' AND due_on < \(today), boiling.state
        FROM (
            (SELECT 'sent' AS side, * FROM decoction.forwarding
            WHERE site_id = \(site) AND forwarding_id < \(last) AND coalesce(\(filter.side)::text, 'sent') = 'sent'
                AND (\(filter.state)::text IS NULL OR state = \(filter.state)::text)
                AND (NOT \(filter.isOverdue)::boolean OR (state = 'inTransit' AND due_on < \(today)))
            ORDER BY forwarding_id DESC LIMIT \(limit))
            UNION ALL
            (SELECT 'received', * FROM decoction.forwarding
            WHERE pharmacy_site_id = \(site) AND forwarding_id < \(last)
                AND coalesce(\(filter.side)::text, 'received') = 'received'
                AND (\(filter.state)::text IS NULL OR state = \(filter.state)::text)
                AND (NOT \(filter.isOverdue)::boolean OR (state = 'inTransit' AND due_on < \(today)))
            ORDER BY forwarding_id DESC LIMIT \(limit))
        ) AS forwarding
        \(literal: Self.made)
        ORDER BY forwarding.forwarding_id DESC LIMIT \(limit)
        """
    }

    /// The forwardings of a prescription: by which one the site took it over, or by which ones it sent it, in their order.
    static func ofPrescription(_ prescription: RecordID, site: RecordID, today: LocalDate) -> SQL {
        """
        SELECT \(literal: Self.card), forwarding.state = 'inTransit' AND due_on < \(today), boiling.state
        FROM (
            SELECT 'sent' AS side, * FROM decoction.forwarding
            WHERE site_id = \(site) AND prescription_id = \(prescription)
            UNION ALL
            SELECT 'received', * FROM decoction.forwarding
            WHERE pharmacy_site_id = \(site) AND forwarding_id = (
                SELECT forwarding_id FROM decoction.prescription
                WHERE prescription.site_id = \(site) AND prescription.prescription_id = \(prescription))
        ) AS forwarding
        \(literal: Self.made)
        ORDER BY forwarding.forwarding_id
        """
    }

    /// What the pharmacy has made of each; the policy lets the sender see it.
    private static let made: StaticString = """
        LEFT JOIN decoction.prescription AS made
            ON made.site_id = pharmacy_site_id AND made.forwarding_id = forwarding.forwarding_id
        LEFT JOIN decoction.job AS boiling ON boiling.site_id = made.site_id
            AND boiling.prescription_id = made.prescription_id AND boiling.state <> 'aborted'
        """

    private static let card: StaticString = """
        forwarding.forwarding_id, side, site_code, site_name_zh, pharmacy_code, pharmacy_name_zh, forwarding.state,
        forwarding.prescription_id, made.prescription_id, made.state, patient_ids[1], note, sent_at, withdrawn_at, taken_at,
        refusal, refused_at, carrier, shipped_at, due_on, forwarding.received_at, recalled_at, given_up_at, why_given_up, give_up_reason,
        total_fen
        """
}
