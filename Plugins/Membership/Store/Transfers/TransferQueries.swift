internal import XinglinKit

/// The SQL that shows transfers and members who are away.
enum TransferQueries {
    /// Which transfers a list shows.
    struct Filter {
        var id: RecordID?
        /// `in` or `out`, seen from the acting site.
        var direction: String?
        var state: TransferState?
    }

    /// Transfers of the readable sites, the newest first: the columns of `TransferCard`. An overdue letter is expired.
    static func list(_ filter: Filter, site: RecordID, today: LocalDate, before: RecordID, limit: Int) -> SQL {
        """
        SELECT one.transfer_id,
            CASE \(site)::uuid WHEN one.site_id THEN 'out' WHEN one.receiving_site_id THEN 'in' END,
            CASE WHEN one.state = 'letterIssued' AND one.expires_on < \(today) THEN 'expired' ELSE one.state END,
            one.member_id, one.candidate_id, one.person_name, one.reason, one.from_organization_id,
            (SELECT version.name_zh FROM membership.organization_version AS version
             WHERE version.organization_id = one.from_organization_id ORDER BY version.version DESC LIMIT 1),
            one.to_organization_id,
            (SELECT version.name_zh FROM membership.organization_version AS version
             WHERE version.organization_id = one.to_organization_id ORDER BY version.version DESC LIMIT 1),
            one.requested_on, one.letter_on, one.expires_on,
            (SELECT nullif(letter.letter_number, '') FROM membership.transfer_letter AS letter
             WHERE letter.transfer_id = one.transfer_id AND letter.letter_no = one.letter_no),
            one.received_on, one.into_organization_id, one.return_reason
        FROM membership.transfer AS one
        WHERE one.transfer_id < \(before) AND (\(filter.id)::uuid IS NULL OR one.transfer_id = \(filter.id)::uuid)
            AND CASE \(filter.direction)::text WHEN 'out' THEN one.site_id = \(site)::uuid
                WHEN 'in' THEN one.receiving_site_id = \(site)::uuid ELSE true END
            AND (\(filter.state)::text IS NULL OR \(filter.state)::text
                = CASE WHEN one.state = 'letterIssued' AND one.expires_on < \(today) THEN 'expired' ELSE one.state END)
        ORDER BY one.transfer_id DESC LIMIT \(limit)
        """
    }

    /// The transfers of the readable sites that are under way, the newest first, with the day of the request, and the first letter's day,
    /// the latest one's and its last; NULL where there is none.
    static func open(site: RecordID, limit: Int) -> SQL {
        """
        SELECT one.transfer_id, CASE \(site)::uuid WHEN one.site_id THEN 'out' WHEN one.receiving_site_id THEN 'in' END,
            one.member_id, one.candidate_id, one.requested_on, one.first_letter_on, one.letter_on, one.expires_on
        FROM membership.transfer AS one
        WHERE one.state IN ('requested', 'letterIssued', 'expired') ORDER BY one.transfer_id DESC LIMIT \(limit)
        """
    }

    /// Behind every transfer.
    static let end = RecordID(high: .max, low: .max)

    /// The letters of a transfer, the oldest first.
    static func letters(of id: RecordID) -> SQL {
        """
        SELECT letter_on, expires_on, nullif(letter_number, ''), rule_version, nullif(document_title, ''), document_file,
            nullif(document_sm3, '')
        FROM membership.transfer_letter WHERE transfer_id = \(id) ORDER BY letter_no
        """
    }
}
