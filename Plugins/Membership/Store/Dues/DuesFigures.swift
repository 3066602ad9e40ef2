internal import XinglinKit

/// The SQL that reads lines, sums, arrears and gifts of a tree.
enum DuesFigures {
    /// The lines of a month of a tree by member, with the person.
    /// - Parameter withReversed: with supplements that were taken back, of which nothing is due.
    static func lines(
        _ root: RecordID, _ month: CalendarMonth, withReversed: Bool, after: RecordID, limit: Int
    ) -> SQL {
        """
        SELECT line.member_id, member.person_id, line.organization_id, line.category, line.base_fen, line.rate_basis_points,
            line.unrounded_fen, line.due_fen, line.waived_fen, paid.fen, paid.later_fen, line.version, line.is_supplement,
            closed.arrears_fen, line.exemption_id, nullif(line.reason, '')
        FROM membership.dues_line AS line \(literal: DuesLineStore.paid)
        JOIN membership.member ON member.site_id = line.site_id AND member.member_id = line.member_id
        LEFT JOIN membership.dues_closed_line AS closed
            ON closed.site_id = line.site_id AND closed.month = line.month AND closed.member_id = line.member_id
        WHERE line.month = \(month) AND line.member_id > \(after)
            AND (NOT line.is_void OR \(withReversed)::boolean AND line.voids IS NOT NULL)
            AND line.organization_id IN (
                SELECT scope.organization_id FROM membership.dues_scope(\(root), \(month)) AS scope)
            AND \(literal: DuesLineStore.isLast)
        ORDER BY line.member_id, line.site_id LIMIT \(limit)
        """
    }

    /// The sums of each branch and month of a tree that was opened.
    static func sums(_ root: RecordID, from: CalendarMonth, through: CalendarMonth) -> SQL {
        """
        WITH scope AS MATERIALIZED (
            SELECT day.day::date AS month, one.organization_id
            FROM generate_series(\(from)::timestamp, \(through)::timestamp, interval '1 month') AS day (day)
            CROSS JOIN LATERAL membership.dues_scope(\(root), day.day::date) AS one
        )
        SELECT opened.organization_id, opened.month, closing.month IS NOT NULL, count(line.member_id),
            coalesce(sum(line.due_fen), 0)::bigint, coalesce(sum(line.waived_fen), 0)::bigint,
            coalesce(sum(line.paid_fen), 0)::bigint, coalesce(sum(line.later_fen), 0)::bigint,
            coalesce(sum(greatest(0, line.due_fen - line.waived_fen - line.paid_fen)), 0)::bigint,
            coalesce(sum(greatest(0, line.paid_fen + line.waived_fen - line.due_fen)), 0)::bigint
        FROM scope
        JOIN membership.dues_month AS opened
            ON opened.organization_id = scope.organization_id AND opened.month = scope.month
        LEFT JOIN membership.dues_closing AS closing ON closing.site_id = opened.site_id
            AND closing.organization_id = opened.organization_id AND closing.month = opened.month
        LEFT JOIN LATERAL (
            SELECT line.member_id, line.due_fen, line.waived_fen, paid.fen AS paid_fen, paid.later_fen
            FROM membership.dues_line AS line \(literal: DuesLineStore.paid)
            WHERE line.site_id = opened.site_id AND line.organization_id = opened.organization_id
                AND line.month = opened.month AND NOT line.is_void AND \(literal: DuesLineStore.isLast)
        ) AS line ON true
        GROUP BY opened.organization_id, opened.month, closing.month IS NOT NULL
        ORDER BY opened.month, opened.organization_id
        """
    }

    /// What a tree's members gave freely from one day to another, and what of it goes to the centre.
    static func gifts(_ root: RecordID, from: CalendarMonth, through: CalendarMonth) -> SQL {
        """
        WITH scope AS MATERIALIZED (
            SELECT day.day::date AS month, one.organization_id
            FROM generate_series(\(from)::timestamp, \(through)::timestamp, interval '1 month') AS day (day)
            CROSS JOIN LATERAL membership.dues_scope(\(root), day.day::date) AS one
        )
        SELECT count(*), coalesce(sum(gift.amount_fen), 0)::bigint,
            coalesce(sum(gift.amount_fen) FILTER (WHERE gift.for_centre), 0)::bigint
        FROM scope JOIN membership.voluntary_payment AS gift ON gift.organization_id = scope.organization_id
            AND gift.on_date >= scope.month AND gift.on_date < scope.month + interval '1 month'
        WHERE \(literal: Self.stands)
        """
    }

    /// A voluntary payment that was not reversed, neither itself nor the payment that it was the rest of.
    private static let stands: StaticString = """
        NOT EXISTS (
            SELECT FROM membership.dues_reversal AS reversal
            WHERE reversal.site_id = gift.site_id AND reversal.record_id IN (gift.voluntary_id, gift.payment_id))
        """

    /// Voluntary payments of a tree by id, the latest first; of the tree as it stood on the later day.
    static func voluntary(
        _ root: RecordID, from: LocalDate, through: LocalDate, before: RecordID, limit: Int
    ) -> SQL {
        """
        SELECT gift.voluntary_id, gift.member_id, gift.organization_id, gift.on_date, gift.amount_fen, gift.for_centre,
            gift.payment_id, nullif(gift.note, ''), NOT (\(literal: Self.stands)), gift.recorded_at
        FROM membership.voluntary_payment AS gift
        WHERE gift.voluntary_id < \(before) AND gift.on_date BETWEEN \(from) AND \(through) AND gift.organization_id IN (
            SELECT tree.organization_id FROM membership.tree_on(\(root), \(through)) AS tree)
        ORDER BY gift.voluntary_id DESC LIMIT \(limit)
        """
    }

    static let voluntaryColumns: [JSONColumn] = [
        .string("voluntaryId"), .string("memberId"), .string("organizationId"), .string("on"), .integer("amountFen"),
        .boolean("forCentre"), .string("paymentId"), .string("note"), .boolean("reversed"), .timestamp("recordedAt"),
    ]

    /// The sums of the same.
    static func voluntarySums(_ root: RecordID, from: LocalDate, through: LocalDate) -> SQL {
        """
        SELECT coalesce(sum(gift.amount_fen), 0)::bigint,
            coalesce(sum(gift.amount_fen) FILTER (WHERE gift.for_centre), 0)::bigint
        FROM membership.voluntary_payment AS gift
        WHERE gift.on_date BETWEEN \(from) AND \(through) AND \(literal: Self.stands) AND gift.organization_id IN (
            SELECT tree.organization_id FROM membership.tree_on(\(root), \(through)) AS tree)
        """
    }

    /// Member, person, branch or group, month, what was to be paid, what is still to be paid, whether there was a good reason.
    typealias ArrearsColumns = (RecordID, RecordID, RecordID, CalendarMonth, Int64, Int64, Bool)

    /// The months of those members of a tree on a day, or of one member, who had not paid all of a month that had ended, by member and month.
    static func arrears(
        _ root: RecordID?, of member: RecordID?, on day: LocalDate, after: RecordID, limit: Int
    ) -> SQL {
        """
        WITH here AS MATERIALIZED (
            SELECT standing.site_id, standing.member_id, standing.organization_id
            FROM membership.standings_on(\(day)) AS standing
            WHERE standing.status <> 'ended' AND standing.member_id > \(after)
                AND (\(member)::uuid IS NULL OR standing.member_id = \(member)::uuid)
                AND (\(root)::uuid IS NULL OR standing.organization_id IN (
                    SELECT tree.organization_id FROM membership.tree_on(\(root)::uuid, \(day)) AS tree))
        ), month AS MATERIALIZED (
            SELECT own.site_id, own.member_id, own.month, here.organization_id, own.payable_fen, own.open_fen, own.is_excused
            FROM here JOIN membership.dues_owed(ARRAY(SELECT here.member_id FROM here), \(day)) AS own
                ON own.site_id = here.site_id AND own.member_id = here.member_id
            UNION ALL
            -- What was owed where the member came from: the months run on through a transfer, and are paid there.
            SELECT before.site_id, before.member_id, before.month, here.organization_id, before.payable_fen, before.open_fen,
                before.is_excused
            FROM here JOIN membership.dues_before(\(day)) AS before
                ON before.site_id = here.site_id AND before.member_id = here.member_id
            WHERE before.month < \(day.firstOfMonth)
        ), debtor AS (
            SELECT DISTINCT month.member_id FROM month WHERE month.open_fen > 0 ORDER BY month.member_id LIMIT \(limit)
        )
        SELECT month.member_id, member.person_id, month.organization_id, month.month, month.payable_fen, month.open_fen,
            month.is_excused
        FROM debtor JOIN month ON month.member_id = debtor.member_id
        JOIN membership.member ON member.site_id = month.site_id AND member.member_id = month.member_id
        ORDER BY month.member_id, month.month
        """
    }

    /// What was published.
    struct Publication {
        let organization: RecordID
        let year: Int
        let on: LocalDate
        let sums: DuesSums
        let voluntaryFen: Int64
        let forCentreFen: Int64
        let paper: PaperReference
    }

    static func publish(_ one: Publication, _ act: Act) -> SQL {
        """
        INSERT INTO membership.dues_publication (
            site_id, organization_id, year, version, on_date, due_fen, paid_fen, waived_fen, arrears_fen, voluntary_fen,
            for_centre_fen, document_title, document_file, document_sm3, recorded_at, recorded_by)
        SELECT \(act.site)::uuid, \(one.organization)::uuid, \(one.year)::integer, coalesce(max(former.version), 0) + 1,
            \(one.on)::date, \(one.sums.dueFen)::bigint, \(one.sums.paidFen)::bigint, \(one.sums.waivedFen)::bigint,
            \(one.sums.arrearsFen)::bigint, \(one.voluntaryFen)::bigint, \(one.forCentreFen)::bigint,
            \(one.paper.title ?? "")::text, \(one.paper.fileId)::uuid, \(one.paper.sm3 ?? "")::text, \(act.now)::timestamptz,
            \(act.account)::uuid
        FROM membership.dues_publication AS former
        WHERE former.site_id = \(act.site)::uuid AND former.organization_id = \(one.organization)::uuid
            AND former.year = \(one.year)::integer
        RETURNING version
        """
    }
}
