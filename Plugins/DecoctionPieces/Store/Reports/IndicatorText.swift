/// The lines behind each indicator: `line` with part, position, document, prescription, lot, piece, day, milligrams and the amount
/// that it adds to numerator or denominator. They begin with the values of `Asked`, and $5: the tolerance of a weight in per cent.
enum IndicatorText {
    /// C01, behind `LedgerText.opening` of the day after: the pieces of which accepted, unexpired stock is there. A lot counts from its
    /// last acceptance until it is recalled, or withheld and not released.
    static let kinds: StaticString = """
        bound AS MATERIALIZED (SELECT $2::date::timestamp AT TIME ZONE 'Asia/Shanghai' AS until), line AS (
            SELECT 'numerator' AS part, lot.piece_code AS position, NULL::uuid AS document_id,
                NULL::uuid AS prescription_id, NULL::uuid AS lot_id, lot.piece_code, $2::date - 1 AS on_day,
                sum(opening.mg)::bigint AS mg, 1::bigint AS amount
            FROM opening JOIN decoction.lot USING (lot_id) JOIN decoction.piece ON piece.code = lot.piece_code
            WHERE lot.site_id = $1::uuid AND expires_on >= $2::date - 1 AND coalesce(withdrawn_on >= $2::date, true)
                AND (lot.state = 'accepted' OR lot.state IN ('recalled', 'withheld') AND EXISTS (
                    SELECT FROM decoction.decision
                    WHERE decision.site_id = lot.site_id AND decision.lot_id = lot.lot_id AND decision = 'accept'))
                AND NOT EXISTS (
                    SELECT FROM decoction.decision
                    WHERE decision.site_id = lot.site_id AND decision.lot_id = lot.lot_id AND decision = 'accept'
                        AND at >= (SELECT until FROM bound))
                AND NOT EXISTS (
                    SELECT FROM decoction.recall
                    WHERE recall.site_id = lot.site_id AND recall.lot_id = lot.lot_id
                        AND at < (SELECT until FROM bound))
                AND NOT EXISTS (
                    SELECT FROM decoction.inspection
                    WHERE inspection.site_id = lot.site_id AND inspection.lot_id = lot.lot_id AND finding = 'condemned'
                        AND at < (SELECT until FROM bound) AND NOT EXISTS (
                            SELECT FROM decoction.release
                            WHERE release.site_id = lot.site_id AND release.lot_id = lot.lot_id
                                AND release.at >= inspection.at AND release.at < (SELECT until FROM bound)))
            GROUP BY lot.piece_code HAVING sum(opening.mg) > 0
        )
        """

    /// C02: visits as they were recorded; nothing where nobody has.
    static let visits: StaticString = """
        latest AS (
            SELECT * FROM decoction.outpatient_count WHERE site_id = $1::uuid AND month = $2::date
            ORDER BY version DESC LIMIT 1
        ), line AS (
            SELECT 'numerator' AS part, version::text AS position, NULL::uuid AS document_id, NULL::uuid AS prescription_id,
                NULL::uuid AS lot_id, NULL::text AS piece_code, month AS on_day, NULL::bigint AS mg, tcm_visits AS amount
            FROM latest WHERE tcm_visits IS NOT NULL
            UNION ALL
            SELECT 'denominator', version::text, NULL, NULL, NULL, NULL, month, NULL, outpatient_visits
            FROM latest WHERE outpatient_visits IS NOT NULL
        )
        """

    /// C03: a patient's prescriptions of pieces of one day are one; those that were withdrawn, or taken over from the
    /// site that wrote them, are none. The others were recorded.
    static let prescriptions: StaticString = """
        line AS (
            SELECT 'numerator' AS part, prescription_id::text AS position, NULL::uuid AS document_id, prescription_id,
                NULL::uuid AS lot_id, NULL::text AS piece_code, issued_on AS on_day, NULL::bigint AS mg, 1::bigint AS amount
            FROM (
                SELECT DISTINCT ON (patient_id, issued_on) prescription_id, issued_on FROM decoction.prescription
                WHERE site_id = $1::uuid AND issued_on BETWEEN $2::date AND $3::date AND state <> 'withdrawn'
                    AND origin_site_id IS NULL
                ORDER BY patient_id, issued_on, prescription_id
            ) AS visit
            UNION ALL
            SELECT 'denominator', version::text, NULL, NULL, NULL, NULL, month, NULL, outpatient_prescriptions
            FROM (
                SELECT * FROM decoction.outpatient_count WHERE site_id = $1::uuid AND month = $2::date
                ORDER BY version DESC LIMIT 1
            ) AS latest WHERE outpatient_prescriptions IS NOT NULL
        )
        """

    /// C04: the doses that were weighed again in a spot-check, and those of them whose weight was within the tolerance. Doses of
    /// spot-checks without a weight are apart: nobody knows.
    static let weights: StaticString = """
        checked AS (
            SELECT spot_check_id, spot_check.document_id, prescription_id, doses::bigint,
                (spot_check.at AT TIME ZONE 'Asia/Shanghai')::date AS on_day, reweighed_mg AS mg,
                abs(reweighed_mg - prescribed_mg) * 100 <= prescribed_mg * $5::bigint AS is_within
            FROM decoction.spot_check JOIN decoction.dispensing USING (site_id, document_id)
                JOIN decoction.prescription USING (site_id, prescription_id)
            WHERE site_id = $1::uuid AND spot_check.at >= $2::date::timestamp AT TIME ZONE 'Asia/Shanghai'
                AND spot_check.at < ($3::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
        ), line AS (
            SELECT part, spot_check_id::text AS position, document_id, prescription_id, NULL::uuid AS lot_id,
                NULL::text AS piece_code, on_day, mg, doses AS amount
            FROM checked, LATERAL (VALUES ('numerator', is_within), ('denominator', mg IS NOT NULL),
                ('unmeasured', mg IS NULL)) AS counted (part, counts)
            WHERE counts
        )
        """

    /// C05: what was dispensed and not taken back, and what of it was checked by somebody who is known to be another person.
    static let checks: StaticString = """
        given AS (
            SELECT document_id, prescription_id, weighed_mg, (at AT TIME ZONE 'Asia/Shanghai')::date AS on_day,
                dispenser_staff_id IS NOT NULL AND dispenser_staff_id <> checker_staff_id AS is_checked
            FROM decoction.dispensing
            WHERE site_id = $1::uuid AND at >= $2::date::timestamp AT TIME ZONE 'Asia/Shanghai'
                AND at < ($3::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai' AND NOT EXISTS (
                    SELECT FROM decoction.returned
                    WHERE returned.site_id = dispensing.site_id AND returned.dispensing_id = dispensing.document_id)
        ), line AS (
            SELECT part, document_id::text AS position, document_id, prescription_id, NULL::uuid AS lot_id,
                NULL::text AS piece_code, on_day, weighed_mg AS mg, 1::bigint AS amount
            FROM given, LATERAL (VALUES ('numerator', is_checked), ('denominator', true)) AS counted (part, counts)
            WHERE counts
        )
        """

    /// C06, behind `LedgerText.flow`, in fen: shortage and write-off, of what was issued and is left (8.2).
    static let loss: StaticString = """
        line AS (
            SELECT CASE part WHEN 'issued' THEN 'denominator' ELSE 'numerator' END AS part,
                'm' || lpad(seq::text, 19, '0') AS position, document_id, NULL::uuid AS prescription_id, lot_id, piece_code,
                booked_on AS on_day, -mg AS mg, -fen AS amount
            FROM flow WHERE part IN ('shortage', 'writeOff', 'issued')
            UNION ALL
            SELECT 'denominator', 'l' || lot_id, NULL, NULL, lot_id, piece_code, $3::date, sum(mg)::bigint, sum(fen)::bigint
            FROM (
                SELECT lot_id, piece_code, mg, fen FROM held
                UNION ALL
                SELECT lot_id, piece_code, mg, fen FROM flow
            ) AS entry GROUP BY lot_id, piece_code HAVING sum(mg) <> 0
        )
        """
}
