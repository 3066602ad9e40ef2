internal import XinglinKit

/// The SQL that writes prescriptions and moves them from state to state.
enum PrescriptionStore {
    /// A prescription on its way in.
    struct New {
        let id: RecordID
        let patient: RecordID
        let prescriber: RecordID?
        let issuedOn: LocalDate
        let kind: PrescriptionKind
        let use: PrescriptionUse?
        let doses: Int
        let dosesPerDay: Int
        let supplyDays: Int
        let sex: PatientSex
        let ageYears: Int
        let sealed: SealedPrescription
        let state: PrescriptionState
        let keepYears: Int64
        let rewrites: RecordID?
        let reuses: RecordID?
        /// The latest check that stands.
        var check = 1
        var origin: Origin?
    }

    static func insert(_ new: New, _ act: LotStore.Act) -> SQL {
        """
        INSERT INTO decoction.prescription (
            site_id, prescription_id, patient_id, prescriber_staff_id, issued_on, kind, usage, doses, doses_per_day,
            supply_days, sex, age_years, diagnosis, syndrome, kind_reason, allergies, pregnant, state, check_no, keep_until,
            rewrites, reuses, created_at, created_by, origin_site_id, forwarding_id)
        VALUES (\(act.site), \(new.id), \(new.patient), \(new.prescriber), \(new.issuedOn), \(new.kind), \(new.use),
            \(new.doses), \(new.dosesPerDay), \(new.supplyDays), \(new.sex), \(new.ageYears), \(new.sealed.diagnosis),
            \(new.sealed.syndrome), \(new.sealed.kindReason), \(new.sealed.allergies), \(new.sealed.pregnant),
            \(new.state), \(new.check), (\(new.issuedOn)::date + make_interval(years => \(new.keepYears)::integer))::date,
            \(new.rewrites), \(new.reuses), \(act.now), \(act.account), \(new.origin?.site)::uuid,
            \(new.origin?.forwarding)::uuid)
        """
    }

    /// The lines, in the doctor's order.
    static func add(_ lines: [PrescriptionCase.Line], to id: RecordID, site: RecordID) -> SQL {
        """
        INSERT INTO decoction.prescription_line (
            site_id, prescription_id, line_no, piece_code, per_dose_mg, cooking, substitute_for)
        SELECT \(site)::uuid, \(id)::uuid, line_no, piece_code, per_dose_mg, nullif(cooking, ''), nullif(substitute_for, '')
        FROM unnest(
            \(lines.map(\.piece.code))::text[], \(lines.map(\.perDoseMg))::bigint[],
            \(lines.map { $0.cooking?.rawValue ?? "" })::text[], \(lines.map { $0.substituteFor ?? "" })::text[]
        ) WITH ORDINALITY AS line (piece_code, per_dose_mg, cooking, substitute_for, line_no)
        """
    }

    /// What a check has found.
    static func add(
        _ findings: [Finding], check: Int, to id: RecordID, site: RecordID, on day: LocalDate
    ) -> SQL {
        """
        INSERT INTO decoction.prescription_finding (
            site_id, prescription_id, check_no, finding_no, checked_on, rule, severity, pieces, text_zh, text_en, resolution,
            rule_version)
        SELECT \(site)::uuid, \(id)::uuid, \(check)::integer, finding_no, \(day)::date, rule, severity,
            string_to_array(pieces, ' '), text_zh, text_en, resolution, rule_version
        FROM unnest(
            \(findings.map(\.rule))::text[], \(findings.map(\.severity))::text[],
            \(findings.map { $0.pieces.joined(separator: " ") })::text[], \(findings.map(\.textZh))::text[],
            \(findings.map(\.textEn))::text[], \(findings.map(\.resolution))::text[],
            \(findings.map { $0.ruleVersion ?? "" })::text[]
        ) WITH ORDINALITY AS finding (rule, severity, pieces, text_zh, text_en, resolution, rule_version, finding_no)
        """
    }

    /// A signature that was found good.
    struct Signature {
        let id: RecordID
        let rule: String
        let ruleVersion: String
        let pieces: [String]
        let staffID: RecordID
        let isOwnAccount: Bool
        let reason: SQLBytes
        var answer: SQLBytes?
    }

    static func add(_ signatures: [Signature], check: Int, to id: RecordID, _ act: LotStore.Act) -> SQL {
        """
        INSERT INTO decoction.prescription_signature (
            site_id, signature_id, prescription_id, check_no, rule, rule_version, pieces, staff_id, account_id,
            is_own_account, reason, at, answer)
        SELECT \(act.site)::uuid, signature_id, \(id)::uuid, \(check)::integer, rule, rule_version,
            string_to_array(pieces, ' '), staff_id, \(act.account)::uuid, is_own_account, reason, \(act.now)::timestamptz,
            answer
        FROM unnest(
            \(signatures.map(\.id))::uuid[], \(signatures.map(\.rule))::text[], \(signatures.map(\.ruleVersion))::text[],
            \(signatures.map { $0.pieces.joined(separator: " ") })::text[], \(signatures.map(\.staffID))::uuid[],
            \(signatures.map(\.isOwnAccount))::boolean[], \(signatures.map(\.reason))::bytea[], \(signatures.map(\.answer))::bytea[]
        ) AS signature (signature_id, rule, rule_version, pieces, staff_id, is_own_account, reason, answer)
        """
    }

    /// Says in the history which state it is in now.
    static func record(_ state: PrescriptionState, of id: RecordID, _ act: LotStore.Act) -> SQL {
        """
        INSERT INTO decoction.prescription_change (site_id, prescription_id, state, at, account_id)
        VALUES (\(act.site), \(id), \(state), \(act.now), \(act.account))
        """
    }

    /// Moves it to a state, and to a later check; no row where it is in none of the states.
    static func move(
        _ id: RecordID, from states: [PrescriptionState], to state: PrescriptionState, check: Int, site: RecordID
    ) -> SQL {
        """
        UPDATE decoction.prescription SET state = \(state), check_no = \(check)
        WHERE site_id = \(site) AND prescription_id = \(id) AND state = ANY (\(states)::text[])
        """
    }

    /// Takes it back, with its history; no row where it is no longer open, is another site's, or is at another's pharmacy that has not
    /// refused it.
    static func withdraw(_ id: RecordID, reason: SQLBytes?, _ act: LotStore.Act) -> SQL {
        """
        WITH withdrawn AS (
            UPDATE decoction.prescription SET state = 'withdrawn', withdrawn_reason = \(reason)::bytea
            WHERE site_id = \(act.site) AND prescription_id = \(id) AND forwarding_id IS NULL
                AND (state = ANY (\(PrescriptionState.open)::text[]) OR (state = 'forwarded' AND NOT EXISTS (
                    SELECT FROM decoction.forwarding AS open
                    WHERE open.site_id = \(act.site) AND open.prescription_id = \(id)
                        AND open.state NOT IN ('withdrawn', 'refused'))))
            RETURNING site_id, prescription_id, patient_id, state
        ), recorded AS (
            INSERT INTO decoction.prescription_change (site_id, prescription_id, state, at, account_id)
            SELECT site_id, prescription_id, state, \(act.now)::timestamptz, \(act.account)::uuid FROM withdrawn
        )
        SELECT patient_id FROM withdrawn
        """
    }
}
