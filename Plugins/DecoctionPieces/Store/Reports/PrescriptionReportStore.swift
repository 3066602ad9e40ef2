internal import XinglinKit

/// The SQL of what became of prescriptions within some days. Days are those of Asia/Shanghai; nothing of a patient is read.
enum PrescriptionReportStore {
    /// `event`: what happened, with the values of `Asked`. A rule's finding counts once for a prescription, however often it was
    /// checked in these days; findings and signatures count where the prescription was written: a pharmacy that takes it over copies
    /// them. Under a refusal stands every rule that had found more than information at that review.
    private static let events: StaticString = """
        bound AS MATERIALIZED (
            SELECT $2::date::timestamp AT TIME ZONE 'Asia/Shanghai' AS since,
                ($3::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai' AS until
        ), event AS (
            SELECT 'submitted' AS figure, prescription_id AS event_id, prescription_id, created_at AS at,
                created_by AS account_id, NULL::uuid AS staff_id, '' AS rule, '' AS severity
            FROM decoction.prescription
            WHERE site_id = $1::uuid AND created_at >= (SELECT since FROM bound) AND created_at < (SELECT until FROM bound)
                AND origin_site_id IS NULL
            UNION ALL
            SELECT CASE decision WHEN 'approve' THEN 'approved' ELSE 'refused' END, review_id, prescription_id, at, account_id,
                staff_id, '', ''
            FROM decoction.review
            WHERE site_id = $1::uuid AND at >= (SELECT since FROM bound) AND at < (SELECT until FROM bound)
            UNION ALL
            SELECT 'withdrawn', prescription_id, prescription_id, at, account_id, NULL, '', ''
            FROM decoction.prescription_change
            WHERE site_id = $1::uuid AND state = 'withdrawn' AND at >= (SELECT since FROM bound)
                AND at < (SELECT until FROM bound)
            UNION ALL
            SELECT 'found', prescription_id, prescription_id, min(checked_on)::timestamp AT TIME ZONE 'Asia/Shanghai', NULL,
                NULL, rule, severity
            FROM decoction.prescription_finding JOIN decoction.prescription USING (site_id, prescription_id)
            WHERE site_id = $1::uuid AND checked_on BETWEEN $2::date AND $3::date AND origin_site_id IS NULL
            GROUP BY prescription_id, rule, severity
            UNION ALL
            SELECT DISTINCT 'refusedUnder', review_id, review.prescription_id, at, account_id, staff_id, rule, severity
            FROM decoction.review JOIN decoction.prescription_finding AS finding USING (site_id, prescription_id, check_no)
            WHERE site_id = $1::uuid AND at >= (SELECT since FROM bound) AND at < (SELECT until FROM bound)
                AND decision = 'refuse' AND severity <> 'info'
            UNION ALL
            SELECT 'signed', signature_id, prescription_id, at, account_id, staff_id, rule, ''
            FROM decoction.prescription_signature JOIN decoction.prescription USING (site_id, prescription_id)
            WHERE site_id = $1::uuid AND at >= (SELECT since FROM bound) AND at < (SELECT until FROM bound)
                AND origin_site_id IS NULL
        )
        """

    /// How often each thing happened.
    static func counts(_ asked: Asked) -> SQL {
        """
        WITH asked AS (VALUES (\(asked.site)::uuid, \(asked.from)::date, \(asked.to)::date, \(asked.today)::date)),
        \(literal: Self.events)
        SELECT count(*) FILTER (WHERE figure = 'submitted'), count(*) FILTER (WHERE figure = 'approved'),
            count(*) FILTER (WHERE figure = 'refused'), count(*) FILTER (WHERE figure = 'withdrawn'),
            count(*) FILTER (WHERE figure = 'signed')
        FROM event
        """
    }

    /// What each rule found, by severity, and how many refusals it stood under.
    static func rules(_ asked: Asked) -> SQL {
        """
        WITH asked AS (VALUES (\(asked.site)::uuid, \(asked.from)::date, \(asked.to)::date, \(asked.today)::date)),
        \(literal: Self.events)
        SELECT rule, severity, count(*) FILTER (WHERE figure = 'found'), count(*) FILTER (WHERE figure = 'refusedUnder')
        FROM event WHERE figure IN ('found', 'refusedUnder') GROUP BY rule, severity
        ORDER BY rule, array_position('{block,confirm,warn,info}'::text[], severity)
        """
    }

    static let ruleColumns: [JSONColumn] = [
        .string("rule"), .string("severity"), .integer("found"), .integer("refusedUnder"),
    ]

    /// Who signed under which rule, and how often; every signature has its reason.
    static func signers(_ asked: Asked) -> SQL {
        """
        WITH asked AS (VALUES (\(asked.site)::uuid, \(asked.from)::date, \(asked.to)::date, \(asked.today)::date)),
        \(literal: Self.events)
        SELECT staff_id, rule, count(*) FROM event WHERE figure = 'signed' GROUP BY staff_id, rule ORDER BY rule, staff_id
        """
    }

    static let signerColumns: [JSONColumn] = [.string("staffId"), .string("rule"), .integer("signed")]

    /// Which events are meant; those of every figure where none is named.
    struct Filter {
        var figure: LineFigure?
        var rule: String?
        var severity: String?
        var staff: RecordID?
    }

    static func total(_ asked: Asked, _ filter: Filter) -> SQL {
        """
        WITH asked AS (VALUES (\(asked.site)::uuid, \(asked.from)::date, \(asked.to)::date, \(asked.today)::date)),
        \(literal: Self.events)
        SELECT count(*) FROM event
        WHERE (\(filter.figure)::text IS NULL OR figure = \(filter.figure)::text)
            AND (\(filter.rule)::text IS NULL OR rule = \(filter.rule)::text)
            AND (\(filter.severity)::text IS NULL OR severity = \(filter.severity)::text)
            AND (\(filter.staff)::uuid IS NULL OR staff_id = \(filter.staff)::uuid)
        """
    }

    /// Where a page of `lines` starts: behind the line with these fields.
    struct Cursor {
        var figure = ""
        var event = RecordID(high: 0, low: 0)
        var rule = ""
        var severity = ""
    }

    static func lines(_ asked: Asked, _ filter: Filter, after last: Cursor, limit: Int) -> SQL {
        """
        WITH asked AS (VALUES (\(asked.site)::uuid, \(asked.from)::date, \(asked.to)::date, \(asked.today)::date)),
        \(literal: Self.events)
        SELECT figure, event_id, nullif(rule, ''), nullif(severity, ''), prescription_id, staff_id, account_id,
            (at AT TIME ZONE 'Asia/Shanghai')::date, 1
        FROM event
        WHERE (\(filter.figure)::text IS NULL OR figure = \(filter.figure)::text)
            AND (\(filter.rule)::text IS NULL OR rule = \(filter.rule)::text)
            AND (\(filter.severity)::text IS NULL OR severity = \(filter.severity)::text)
            AND (\(filter.staff)::uuid IS NULL OR staff_id = \(filter.staff)::uuid)
            AND (figure, event_id, rule, severity) > (\(last.figure), \(last.event), \(last.rule), \(last.severity))
        ORDER BY figure, event_id, rule, severity LIMIT \(limit)
        """
    }

    /// The columns of `lines`, as members of the reply; the first four are the cursor.
    static let columns: [JSONColumn] = [
        .string("figure"), .string("eventId"), .string("rule"), .string("severity"), .string("prescriptionId"),
        .string("staffId"), .string("accountId"), .string("on"), .integer("count"),
    ]
}
