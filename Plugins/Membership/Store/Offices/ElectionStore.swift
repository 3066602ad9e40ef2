internal import XinglinKit

/// The SQL of elections.
enum ElectionStore {
    /// An election on its way into the record.
    struct New {
        let id: RecordID
        let term: RecordID
        let organization: RecordID
        let on: LocalDate
        let counts: Election
        let isVillage: Bool
        let result: Election.Result
        let endsOn: LocalDate?
        let timing: ElectionTiming
        let wasDueOn: LocalDate?
        let ruleVersion: String
        var paper = PaperReference()
        var corrects: RecordID?
        var reason = ""
    }

    static func add(_ new: New, _ act: Act) -> SQL {
        """
        INSERT INTO membership.election (
            site_id, election_id, organization_id, term_id, on_date, due, present, seats, is_committee, is_village, is_valid,
            elected, term_ends_on, timing, was_due_on, rule_version, paper_title, paper_file, paper_sm3, corrects, reason,
            recorded_at, recorded_by)
        VALUES (\(act.site), \(new.id), \(new.organization), \(new.term), \(new.on), \(new.counts.due), \(new.counts.present),
            \(new.counts.seats), \(new.counts.isCommittee), \(new.isVillage), \(new.result.isValid),
            \(new.result.elected.count), \(new.endsOn), \(new.timing), \(new.wasDueOn), \(new.ruleVersion),
            \(new.paper.title ?? ""), \(new.paper.fileId), \(new.paper.sm3 ?? ""), \(new.corrects), \(new.reason), \(act.now),
            \(act.account))
        """
    }

    static func addBallots(_ election: RecordID, _ counts: Election, elected: [RecordID], _ act: Act) -> SQL {
        """
        INSERT INTO membership.ballot (site_id, election_id, member_id, votes, is_elected)
        SELECT \(act.site), \(election), given.member_id, given.votes, given.member_id = ANY (\(elected)::uuid[])
        FROM unnest(\(counts.candidates.map(\.member))::uuid[], \(counts.candidates.map(\.votes))::integer[])
            AS given (member_id, votes)
        """
    }

    /// The elections of an organisation that hold, the newest first.
    static func holding(_ organization: RecordID, site: RecordID) -> SQL {
        """
        SELECT one.election_id, one.term_id, one.on_date, one.seats, one.elected, one.term_ends_on,
            (SELECT max(delay.until_on) FROM membership.election_delay AS delay
             WHERE delay.site_id = one.site_id AND delay.term_id = one.term_id)
        FROM membership.election AS one
        WHERE one.site_id = \(site) AND one.organization_id = \(organization) AND NOT EXISTS (
            SELECT FROM membership.election AS other
            WHERE other.site_id = one.site_id AND other.corrects = one.election_id)
        ORDER BY one.on_date DESC, one.election_id DESC
        """
    }

    /// An election is put off.
    struct Delay {
        let id: RecordID
        let organization: RecordID
        let term: RecordID
        let on: LocalDate
        let until: LocalDate
        let reason: String
        let paper: PaperReference
    }

    static func putOff(_ delay: Delay, _ act: Act) -> SQL {
        """
        INSERT INTO membership.election_delay (
            site_id, delay_id, organization_id, term_id, on_date, until_on, reason, paper_title, paper_file, paper_sm3,
            recorded_at, recorded_by)
        VALUES (\(act.site), \(delay.id), \(delay.organization), \(delay.term), \(delay.on), \(delay.until), \(delay.reason),
            \(delay.paper.title ?? ""), \(delay.paper.fileId), \(delay.paper.sm3 ?? ""), \(act.now), \(act.account))
        """
    }

    /// The elections of a tree, corrected ones too, the newest first.
    static func list(
        _ root: RecordID, on day: LocalDate, before: (day: LocalDate, id: RecordID), limit: Int
    ) -> SQL {
        """
        SELECT one.election_id, one.on_date, one.organization_id, one.due, one.present, one.seats, one.is_committee,
            one.is_valid, one.elected, one.timing, one.term_ends_on, one.was_due_on, one.rule_version,
            nullif(one.paper_title, ''), one.paper_file, one.corrects,
            (SELECT other.election_id FROM membership.election AS other
             WHERE other.site_id = one.site_id AND other.corrects = one.election_id), nullif(one.reason, ''), one.recorded_at
        FROM membership.election AS one
        WHERE one.organization_id IN (SELECT tree.organization_id FROM membership.tree_on(\(root), \(day)) AS tree)
            AND (one.on_date, one.election_id) < (\(before.day)::date, \(before.id)::uuid)
        ORDER BY one.on_date DESC, one.election_id DESC LIMIT \(limit)
        """
    }

    /// The votes of some elections: election, member, votes, whether elected; the most votes first.
    static func ballots(_ elections: [RecordID]) -> SQL {
        """
        SELECT election_id, member_id, votes, is_elected FROM membership.ballot
        WHERE election_id = ANY (\(elections)) ORDER BY election_id, votes DESC, member_id
        """
    }
}
