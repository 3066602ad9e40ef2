internal import XinglinKit

/// The SQL of transfers between two sites. Each side writes its own states and columns alone; the receipt's trigger moves the record
/// (docs/adr/0023).
enum TransferStore {
    /// A transfer that is asked for.
    struct New {
        let id: RecordID
        let receiver: RecordID
        let person: RecordID
        let member: RecordID?
        let candidate: RecordID?
        let from: RecordID
        let to: RecordID
        let on: LocalDate
        let name: SQLBytes
        let reason: SQLBytes
    }

    static func request(_ new: New, _ act: Act) -> SQL {
        """
        INSERT INTO membership.transfer (
            site_id, receiving_site_id, transfer_id, person_id, member_id, candidate_id, from_organization_id,
            to_organization_id, state, person_name, reason, requested_on, requested_at, requested_by)
        VALUES (\(act.site), \(new.receiver), \(new.id), \(new.person), \(new.member), \(new.candidate), \(new.from), \(new.to),
            'requested', \(new.name), \(new.reason), \(new.on), \(act.now), \(act.account))
        """
    }

    /// A transfer of the acting site, either side, locked: of those that act at once one is first, and the others see what it did.
    static func lock(_ id: RecordID, site: RecordID) -> SQL {
        """
        SELECT site_id, receiving_site_id, person_id, member_id, candidate_id, to_organization_id, state, requested_on, letter_no,
            letter_on, expires_on
        FROM membership.transfer
        WHERE transfer_id = \(id) AND (site_id = \(site)::uuid OR receiving_site_id = \(site)::uuid) FOR UPDATE
        """
    }

    /// A letter as it is recorded.
    struct Letter {
        let number: Int
        let letterNumber: String
        let on: LocalDate
        let expiresOn: LocalDate
        let ruleVersion: String
        let paper: PaperReference
    }

    static func issue(_ id: RecordID, _ letter: Letter, _ act: Act) -> SQL {
        """
        UPDATE membership.transfer SET state = 'letterIssued', letter_no = \(letter.number), letter_on = \(letter.on),
            expires_on = \(letter.expiresOn), first_letter_on = coalesce(first_letter_on, \(letter.on)), expired_at = NULL
        WHERE transfer_id = \(id) AND site_id = \(act.site) AND state IN ('requested', 'letterIssued', 'expired')
        """
    }

    static func add(_ letter: Letter, to id: RecordID, for receiver: RecordID, _ act: Act) -> SQL {
        """
        INSERT INTO membership.transfer_letter (
            site_id, receiving_site_id, transfer_id, letter_no, letter_number, letter_on, expires_on, rule_version,
            document_title, document_file, document_sm3, recorded_at, recorded_by)
        VALUES (\(act.site), \(receiver), \(id), \(letter.number), \(letter.letterNumber), \(letter.on), \(letter.expiresOn),
            \(letter.ruleVersion), \(letter.paper.title ?? ""), \(letter.paper.fileId), \(letter.paper.sm3 ?? ""), \(act.now),
            \(act.account))
        """
    }

    /// Keeps the development as it is: whoever adds to it is done before, or finds the letter.
    static func lockCandidate(_ id: RecordID, site: RecordID) -> SQL {
        """
        SELECT person_id FROM membership.candidate WHERE site_id = \(site) AND candidate_id = \(id) FOR UPDATE
        """
    }

    /// Where a candidate of a site stands on a day.
    static func candidate(_ id: RecordID, site: RecordID, on day: LocalDate) -> SQL {
        """
        SELECT one.organization_id FROM membership.candidates_on(\(day)) AS one
        WHERE one.site_id = \(site) AND one.candidate_id = \(id)
        """
    }

    /// Joining, status and since when on a day, status of the development, last fact at either site, the first day on which the person can
    /// be received, and whether they are there.
    static func person(of id: RecordID, on day: LocalDate) -> SQL {
        """
        SELECT joined_on, status, status_since, development_status, last_on, earliest_on, is_there
        FROM membership.transfer_person(\(id), \(day))
        """
    }

    /// The entries and papers that go along.
    static func papers(of id: RecordID) -> SQL {
        """
        SELECT entry_id, on_date, kind, step, title, file_id, sm3 FROM membership.transfer_papers(\(id))
        """
    }

    /// Their scans.
    static func files(of id: RecordID) -> SQL {
        "SELECT DISTINCT file_id FROM membership.transfer_papers(\(id)) WHERE file_id IS NOT NULL ORDER BY file_id"
    }

    /// How a person comes into the receiving site.
    struct Receipt {
        let on: LocalDate
        let into: RecordID
        /// The rows that the trigger writes at either side.
        let end: RecordID
        let begin: RecordID
    }

    /// The receipt; the trigger moves the record and the claim in it.
    static func receive(_ id: RecordID, _ receipt: Receipt, _ act: Act) -> SQL {
        """
        UPDATE membership.transfer SET state = 'received', received_on = \(receipt.on), into_organization_id = \(receipt.into),
            received_at = \(act.now), received_by = \(act.account), end_id = \(receipt.end), begin_id = \(receipt.begin)
        WHERE transfer_id = \(id) AND receiving_site_id = \(act.site) AND state = 'letterIssued'
        """
    }

    static func sendBack(_ id: RecordID, reason: SQLBytes, _ act: Act) -> SQL {
        """
        UPDATE membership.transfer SET state = 'returned', return_reason = \(reason), returned_at = \(act.now)
        WHERE transfer_id = \(id) AND receiving_site_id = \(act.site) AND state IN ('requested', 'letterIssued')
        """
    }

    static func withdraw(_ id: RecordID, _ act: Act) -> SQL {
        """
        UPDATE membership.transfer SET state = 'withdrawn', withdrawn_at = \(act.now)
        WHERE transfer_id = \(id) AND site_id = \(act.site) AND state IN ('requested', 'letterIssued', 'expired')
        """
    }

    /// The letters of a site that were overdue before a day, locked.
    static func overdue(before day: LocalDate, site: RecordID, limit: Int) -> SQL {
        """
        SELECT transfer_id FROM membership.transfer
        WHERE site_id = \(site) AND state = 'letterIssued' AND expires_on < \(day)
        ORDER BY transfer_id LIMIT \(limit) FOR UPDATE
        """
    }

    static func expire(_ ids: [RecordID], site: RecordID, at now: Timestamp) -> SQL {
        """
        UPDATE membership.transfer SET state = 'expired', expired_at = \(now)
        WHERE site_id = \(site) AND transfer_id = ANY (\(ids)::uuid[]) AND state = 'letterIssued'
        """
    }
}
