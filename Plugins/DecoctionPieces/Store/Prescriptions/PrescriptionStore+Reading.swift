internal import XinglinKit

/// The SQL that reads prescriptions.
extension PrescriptionStore {
    /// One prescription of the site; locked against everybody who would change it where that is asked for.
    static func read(_ id: RecordID, site: RecordID) -> SQL {
        "SELECT \(literal: Self.selection) FROM decoction.prescription WHERE site_id = \(site) AND prescription_id = \(id)"
    }

    static func lock(_ id: RecordID, site: RecordID) -> SQL {
        """
        SELECT \(literal: Self.selection) FROM decoction.prescription
        WHERE site_id = \(site) AND prescription_id = \(id) FOR UPDATE
        """
    }

    private static let selection: StaticString = """
        prescription_id, patient_id, prescriber_staff_id, issued_on, kind, usage, doses, doses_per_day, supply_days, sex,
        age_years, diagnosis, syndrome, kind_reason, allergies, pregnant, withdrawn_reason, state, check_no, keep_until,
        rewrites, reuses, created_at, created_by, origin_site_id, forwarding_id
        """

    /// The lines with the names of their pieces.
    static func lines(of id: RecordID, site: RecordID) -> SQL {
        """
        SELECT line_no, piece_code, name_zh, per_dose_mg, prescription_line.cooking, substitute_for,
            written, naming, piece_revision
        FROM decoction.prescription_line JOIN decoction.piece ON piece.code = piece_code
        WHERE site_id = \(site) AND prescription_id = \(id) ORDER BY line_no
        """
    }

    /// The findings of one check; pieces between blanks.
    static func findings(of id: RecordID, check: Int, site: RecordID) -> SQL {
        """
        SELECT rule, severity, array_to_string(pieces, ' '), text_zh, text_en, resolution, nullif(rule_version, '')
        FROM decoction.prescription_finding
        WHERE site_id = \(site) AND prescription_id = \(id) AND check_no = \(check) ORDER BY finding_no
        """
    }

    /// Reads the rows of `findings`.
    static func findings(_ rows: Rows) throws -> [Finding] {
        try rows.decode(as: (String, Severity, String, String, String, Resolution, String?).self).map { row in
            Finding(
                rule: row.0, severity: row.1, pieces: row.2.split(separator: " ").map(String.init), textZh: row.3,
                textEn: row.4, resolution: row.5, ruleVersion: row.6)
        }
    }

    static func signatures(of id: RecordID, site: RecordID) -> SQL {
        """
        SELECT signature_id, check_no, rule, rule_version, array_to_string(pieces, ' '), staff_id, account_id,
            is_own_account, reason, at, answer
        FROM decoction.prescription_signature
        WHERE site_id = \(site) AND prescription_id = \(id) ORDER BY check_no, at, signature_id
        """
    }

    static func changes(of id: RecordID, site: RecordID) -> SQL {
        """
        SELECT state, at, account_id FROM decoction.prescription_change
        WHERE site_id = \(site) AND prescription_id = \(id) ORDER BY seq
        """
    }

    /// The prescription that was written instead of this one.
    static func rewritten(_ id: RecordID, site: RecordID) -> SQL {
        "SELECT prescription_id FROM decoction.prescription WHERE site_id = \(site) AND rewrites = \(id)"
    }

    /// What the patient had of toxic and narcotic pieces since a day, by prescriptions that stand and whose
    /// medicine was not lost on its way.
    static func controlledSupplies(
        of patients: [RecordID], site: RecordID, since day: LocalDate, but id: RecordID
    ) -> SQL {
        """
        SELECT piece_code, control_class = 'narcotic', issued_on, supply_days, sum(per_dose_mg * doses)::bigint
        FROM decoction.prescription
        JOIN decoction.prescription_line USING (site_id, prescription_id)
        JOIN decoction.piece ON piece.code = piece_code
        WHERE prescription.site_id = \(site) AND patient_id = ANY (\(patients)::uuid[]) AND issued_on >= \(day)
            AND prescription_id <> \(id) AND state NOT IN ('withdrawn', 'refused')
            AND (control_class = 'narcotic' OR controlled_toxic_28) AND NOT EXISTS (
                SELECT FROM decoction.forwarding AS way
                WHERE way.forwarding_id = prescription.forwarding_id AND way.state = 'givenUp')
        GROUP BY prescription_id, piece_code, control_class, issued_on, supply_days
        """
    }

    /// Reads the rows of `controlledSupplies`.
    static func supplies(_ rows: Rows) throws -> [PrescriptionCase.EarlierSupply] {
        try rows.decode(as: (String, Bool, LocalDate, Int, Int64).self).map {
            .init(pieceCode: $0.0, isNarcotic: $0.1, issuedOn: $0.2, days: $0.3, totalMg: $0.4)
        }
    }

    /// What a list is narrowed to.
    struct Filter {
        var patients: [RecordID] = []
        var state: PrescriptionState?
        var from: LocalDate?
        var to: LocalDate?
    }

    /// The prescriptions of a site, the newest first.
    static func list(_ filter: Filter, site: RecordID, before last: RecordID, limit: Int) -> SQL {
        """
        SELECT \(literal: Self.listed),
            (\(PrescriptionState.labelsZh)::text[])[array_position(\(PrescriptionState.codes)::text[], state)]
        FROM decoction.prescription
        WHERE site_id = \(site) AND prescription_id < \(last)
            AND (\(filter.state)::text IS NULL OR state = \(filter.state)::text)
            AND (\(filter.from)::date IS NULL OR issued_on >= \(filter.from)::date)
            AND (\(filter.to)::date IS NULL OR issued_on <= \(filter.to)::date)
        ORDER BY prescription_id DESC LIMIT \(limit)
        """
    }

    /// The same of one patient.
    static func listOfPatient(_ filter: Filter, site: RecordID, before last: RecordID, limit: Int) -> SQL {
        """
        SELECT \(literal: Self.listed),
            (\(PrescriptionState.labelsZh)::text[])[array_position(\(PrescriptionState.codes)::text[], state)]
        FROM decoction.prescription
        WHERE site_id = \(site) AND patient_id = ANY (\(filter.patients)::uuid[]) AND prescription_id < \(last)
            AND (\(filter.state)::text IS NULL OR state = \(filter.state)::text)
            AND (\(filter.from)::date IS NULL OR issued_on >= \(filter.from)::date)
            AND (\(filter.to)::date IS NULL OR issued_on <= \(filter.to)::date)
        ORDER BY prescription_id DESC LIMIT \(limit)
        """
    }

    private static let listed: StaticString = """
        prescription_id, patient_id, prescriber_staff_id, issued_on, kind, usage, doses, doses_per_day, supply_days, rewrites,
        reuses, created_at, created_by, state
        """

    /// The columns of the lists, as members of the reply; the first is the cursor, the second the patient.
    static let columns: [JSONColumn] = [
        .string("prescriptionId"), .string("patientId"), .string("prescriberStaffId"), .string("issuedOn"),
        .string("kind"), .string("use"), .integer("doses"), .integer("dosesPerDay"), .integer("supplyDays"),
        .string("rewrites"), .string("reuses"), .timestamp("createdAt"), .string("createdBy"), .string("state"),
        .string("stateZh"),
    ]
}
