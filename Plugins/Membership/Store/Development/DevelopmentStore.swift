internal import XinglinKit

/// The SQL of developments: candidates, their entries, papers, votes and approvals.
enum DevelopmentStore {
    static func addCandidate(_ id: RecordID, person: RecordID, isImported: Bool, _ act: Act) -> SQL {
        """
        INSERT INTO membership.candidate (site_id, candidate_id, person_id, is_imported, recorded_at, recorded_by)
        VALUES (\(act.site), \(id), \(person), \(isImported), \(act.now), \(act.account))
        """
    }

    /// The candidate's row of the acting site, locked: whoever records something of a development waits for whoever does.
    static func lock(_ id: RecordID, site: RecordID) -> SQL {
        """
        SELECT site_id, person_id, is_imported FROM membership.candidate
        WHERE site_id = \(site) AND candidate_id = \(id) FOR UPDATE
        """
    }

    /// A candidate in the readable sites: where the person is claimed, or has been last.
    static func find(_ id: RecordID, site: RecordID) -> SQL {
        """
        SELECT one.site_id, one.person_id, one.is_imported FROM membership.candidate AS one
        LEFT JOIN membership.claim ON claim.person_id = one.person_id AND claim.kept_at = one.site_id
        WHERE one.candidate_id = \(id)
        ORDER BY claim.person_id IS NULL, one.site_id <> \(site), one.recorded_at DESC LIMIT 1
        """
    }

    /// The member that a development has led to, at its site: of whom some fact holds, for an admission may have been corrected away.
    static func member(of candidate: RecordID, site: RecordID) -> SQL {
        """
        SELECT member.member_id, member.joined_on FROM membership.member
        WHERE member.site_id = \(site) AND member.candidate_id = \(candidate) AND EXISTS (
            SELECT FROM membership.standing AS one
            WHERE one.site_id = member.site_id AND one.member_id = member.member_id AND NOT one.is_void AND NOT EXISTS (
                SELECT FROM membership.standing AS other
                WHERE other.site_id = one.site_id AND other.corrects = one.standing_id))
        ORDER BY member.recorded_at DESC LIMIT 1
        """
    }

    /// How the member of a development ended but by a transfer or with the probation: fact, day, how.
    static func memberEnd(of candidate: RecordID, site: RecordID) -> SQL {
        """
        SELECT one.standing_id, one.on_date, one.ended_how FROM membership.member
        JOIN membership.standing AS one ON one.site_id = member.site_id AND one.member_id = member.member_id
        WHERE member.site_id = \(site) AND member.candidate_id = \(candidate) AND one.change = 'ended'
            AND one.ended_how NOT IN ('transferredOut', 'probationCancelled') AND NOT one.is_void AND NOT EXISTS (
                SELECT FROM membership.standing AS other
                WHERE other.site_id = one.site_id AND other.corrects = one.standing_id)
        ORDER BY one.on_date DESC, one.recorded_order DESC LIMIT 1
        """
    }

    /// A new entry.
    struct New {
        let id: RecordID
        let candidate: RecordID
        let on: LocalDate
        let kind: EntryKind
        var step: Int?
        var status: String?
        var organization: RecordID?
        var facts = StepFacts()
        var versions: [String: String] = [:]
        var isImported = false
        var backdating: RecordID?
        var reason = ""
        var corrects: RecordID?
        /// Says no more than that what it corrects was none.
        var isVoid = false
    }

    static func add(_ entry: New, _ act: Act) -> SQL {
        """
        INSERT INTO membership.development_entry (
            site_id, entry_id, candidate_id, on_date, kind, step, status, organization_id, facts, rule_versions, is_imported,
            backdating_id, reason, corrects, is_void, recorded_at, recorded_by)
        VALUES (\(act.site), \(entry.id), \(entry.candidate), \(entry.on), \(entry.kind), \(entry.step)::integer,
            \(entry.status), \(entry.organization), \(entry.facts.json.canonicalText)::jsonb,
            \(JSONValue.object(entry.versions.mapValues { .string($0) }).canonicalText)::jsonb, \(entry.isImported),
            \(entry.backdating), \(entry.reason), \(entry.corrects), \(entry.isVoid), \(act.now), \(act.account))
        """
    }

    /// Every entry of a development at a site, corrected ones too, in the order of their days.
    static func entries(of id: RecordID, site: RecordID) -> SQL {
        """
        SELECT one.entry_id, one.kind, one.step, one.on_date, one.status, one.organization_id, one.facts::text,
            one.rule_versions::text, one.is_imported, one.backdating_id, nullif(one.reason, ''), one.corrects, one.is_void,
            one.recorded_at, one.recorded_by,
            (SELECT other.entry_id FROM membership.development_entry AS other
             WHERE other.site_id = one.site_id AND other.corrects = one.entry_id),
            one.recorded_order
        FROM membership.development_entry AS one
        WHERE one.site_id = \(site) AND one.candidate_id = \(id)
        ORDER BY one.on_date, coalesce(one.step, 100), one.recorded_order
        """
    }

    /// The papers of all entries of a development.
    static func papers(of id: RecordID, site: RecordID) -> SQL {
        """
        SELECT paper.entry_id, paper.title, paper.file_id, nullif(paper.sm3, '')
        FROM membership.development_document AS paper
        JOIN membership.development_entry AS one ON one.site_id = paper.site_id AND one.entry_id = paper.entry_id
        WHERE one.site_id = \(site) AND one.candidate_id = \(id)
        ORDER BY paper.entry_id, paper.position
        """
    }

    static func addPaper(_ paper: PaperReference, at position: Int, of entry: RecordID, _ act: Act) -> SQL {
        """
        INSERT INTO membership.development_document (site_id, entry_id, position, title, file_id, sm3)
        VALUES (\(act.site), \(entry), \(position), \(paper.title ?? ""), \(paper.fileId), \(paper.sm3 ?? ""))
        """
    }

    /// A vote with what it came to.
    struct Vote {
        let id: RecordID
        let candidate: RecordID
        let on: LocalDate
        let purpose: VotePurpose
        let count: VoteCount
        /// Full members with a vote by the register; nil where it was not asked.
        let registered: Int?
        let outcome: VoteCount.Outcome
        let version: String
        let entry: RecordID?
        var corrects: RecordID?
        var isVoid = false
        var reason = ""

        /// Whether it was one, and passed.
        var passes: Bool { self.outcome.isPassed && !self.isVoid }
    }

    static func add(_ vote: Vote, _ act: Act) -> SQL {
        """
        INSERT INTO membership.vote (
            site_id, vote_id, candidate_id, on_date, purpose, due, present, written_in_favour, in_favour, recused, registered,
            counted_out, counted_out_reason, unregistered, unregistered_reason, is_valid, is_passed, rule_version, entry_id,
            corrects, is_void, reason, recorded_at, recorded_by)
        VALUES (\(act.site), \(vote.id), \(vote.candidate), \(vote.on), \(vote.purpose), \(vote.count.due),
            \(vote.count.present), \(vote.count.writtenInFavour), \(vote.count.inFavour), \(vote.count.recused),
            \(vote.registered)::integer, \(vote.count.countedOut?.number ?? 0),
            \(PlainText.trimmed(vote.count.countedOut?.reason ?? "")), \(vote.count.unregistered?.number ?? 0),
            \(PlainText.trimmed(vote.count.unregistered?.reason ?? "")), \(vote.outcome.isValid), \(vote.outcome.isPassed),
            \(vote.version), \(vote.entry), \(vote.corrects), \(vote.isVoid), \(vote.reason), \(act.now), \(act.account))
        """
    }

    static func votes(of id: RecordID, site: RecordID) -> SQL {
        """
        SELECT one.vote_id, one.on_date, one.purpose, one.due, one.present, one.written_in_favour, one.in_favour, one.recused,
            one.registered, nullif(one.counted_out, 0), nullif(one.counted_out_reason, ''), nullif(one.unregistered, 0),
            nullif(one.unregistered_reason, ''), one.is_valid, one.is_passed, one.rule_version, one.entry_id,
            nullif(one.reason, ''), one.corrects,
            (SELECT other.vote_id FROM membership.vote AS other
             WHERE other.site_id = one.site_id AND other.corrects = one.vote_id),
            CASE WHEN one.is_void THEN true END, one.recorded_at, one.recorded_by
        FROM membership.vote AS one WHERE one.site_id = \(site) AND one.candidate_id = \(id)
        ORDER BY one.on_date, one.recorded_order
        """
    }

    /// The votes as the record goes on from them, whether each holds.
    static func keptVotes(of id: RecordID, site: RecordID) -> SQL {
        """
        SELECT one.vote_id, one.on_date, one.purpose, one.due, one.present, one.written_in_favour, one.in_favour, one.recused,
            one.registered, one.counted_out, one.counted_out_reason, one.unregistered, one.unregistered_reason,
            one.is_passed, one.entry_id, NOT one.is_void AND NOT EXISTS (
                SELECT FROM membership.vote AS other
                WHERE other.site_id = one.site_id AND other.corrects = one.vote_id)
        FROM membership.vote AS one WHERE one.site_id = \(site) AND one.candidate_id = \(id)
        ORDER BY one.on_date, one.recorded_order
        """
    }

    static let voteColumns: [JSONColumn] = [
        .string("voteId"), .string("on"), .string("purpose"), .integer("due"), .integer("present"),
        .integer("writtenInFavour"), .integer("inFavour"), .integer("recused"), .integer("registered"),
        .integer("countedOut"), .string("countedOutReason"), .integer("unregistered"), .string("unregisteredReason"),
        .boolean("valid"), .boolean("passed"), .string("ruleVersion"), .string("entryId"), .string("reason"),
        .string("corrects"), .string("correctedBy"), .boolean("void"), .timestamp("recordedAt"), .string("recordedBy"),
    ]

    /// An approval of a late record (DV-27).
    struct Backdating {
        let id: RecordID
        let candidate: RecordID
        let step: Int
        let on: LocalDate
        let reason: String
    }

    static func add(_ approval: Backdating, _ act: Act) -> SQL {
        """
        INSERT INTO membership.backdating (
            site_id, backdating_id, candidate_id, step, on_date, reason, approved_at, approved_by)
        VALUES (\(act.site), \(approval.id), \(approval.candidate), \(approval.step), \(approval.on), \(approval.reason),
            \(act.now), \(act.account))
        """
    }

    static func approvals(of id: RecordID, site: RecordID) -> SQL {
        """
        SELECT backdating_id, step, on_date, approved_by, approved_at, reason FROM membership.backdating
        WHERE site_id = \(site) AND candidate_id = \(id) ORDER BY approved_at, backdating_id
        """
    }
}
