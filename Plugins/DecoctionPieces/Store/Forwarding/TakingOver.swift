internal import XinglinKit

/// The SQL that takes a sent prescription over: what was judged and signed where it was written comes along word by word.
extension ForwardingStore {
    /// The lines of the original.
    static func copyLines(of original: RecordID, at origin: RecordID, to id: RecordID, _ act: LotStore.Act) -> SQL {
        """
        INSERT INTO decoction.prescription_line (
            site_id, prescription_id, line_no, piece_code, per_dose_mg, cooking, substitute_for, written, naming,
            piece_revision)
        SELECT \(act.site)::uuid, \(id)::uuid, line_no, piece_code, per_dose_mg, cooking, substitute_for,
            written, naming, piece_revision
        FROM decoction.prescription_line WHERE site_id = \(origin) AND prescription_id = \(original)
        """
    }

    /// What every check found there, by which version of a rule.
    static func copyFindings(of original: RecordID, at origin: RecordID, to id: RecordID, _ act: LotStore.Act) -> SQL {
        """
        INSERT INTO decoction.prescription_finding (
            site_id, prescription_id, check_no, finding_no, checked_on, rule, severity, pieces, text_zh, text_en, resolution,
            rule_version)
        SELECT \(act.site)::uuid, \(id)::uuid, check_no, finding_no, checked_on, rule, severity, pieces, text_zh, text_en,
            resolution, rule_version
        FROM decoction.prescription_finding WHERE site_id = \(origin) AND prescription_id = \(original)
        """
    }

    /// The id of each signature there, its reason and its answer as they are sealed there.
    static func signatureReasons(of original: RecordID, at origin: RecordID) -> SQL {
        """
        SELECT signature_id, reason, answer FROM decoction.prescription_signature
        WHERE site_id = \(origin) AND prescription_id = \(original) ORDER BY signature_id
        """
    }

    /// A signature's new id, and its reason and answer sealed for it.
    struct Resealed {
        let former: RecordID
        let id: RecordID
        let reason: SQLBytes
        var answer: SQLBytes?
    }

    /// The signatures: who signed what, when and from which account.
    static func copySignatures(
        _ signatures: [Resealed], of original: RecordID, at origin: RecordID, to id: RecordID, _ act: LotStore.Act
    ) -> SQL {
        """
        INSERT INTO decoction.prescription_signature (
            site_id, signature_id, prescription_id, check_no, rule, rule_version, pieces, staff_id, account_id,
            is_own_account, reason, at, answer)
        SELECT \(act.site)::uuid, resealed.signature_id, \(id)::uuid, check_no, rule, rule_version, pieces, staff_id,
            account_id, is_own_account, resealed.reason, at, resealed.answer
        FROM unnest(
            \(signatures.map(\.former))::uuid[], \(signatures.map(\.id))::uuid[], \(signatures.map(\.reason))::bytea[],
            \(signatures.map(\.answer))::bytea[]
        ) AS resealed (former_id, signature_id, reason, answer)
        JOIN decoction.prescription_signature AS signature ON signature.signature_id = resealed.former_id
        WHERE signature.site_id = \(origin) AND signature.prescription_id = \(original)
        """
    }

    /// What came along with a prescription that was taken over: the ids of its patient, names that the index does not tell here, and the
    /// sender's prescription.
    static func carried(with id: RecordID, site: RecordID) -> SQL {
        """
        SELECT array_to_string(patient_ids, ' '), patient_name, prescriber_name FROM decoction.forwarding
        WHERE forwarding_id = \(id) AND pharmacy_site_id = \(site)
        """
    }

    /// The patient's ids of the row of `carried`, between blanks.
    static func patients(_ rows: Rows) throws -> String {
        guard let row = try rows.first(as: (String, SQLBytes, SQLBytes?).self) else { return "" }
        return row.0
    }

    /// By which forwarding a prescription of the site was taken over, and from where.
    static func origin(of prescription: RecordID, site: RecordID) -> SQL {
        """
        SELECT forwarding_id, origin_site_id, patient_id FROM decoction.prescription
        WHERE site_id = \(site) AND prescription_id = \(prescription) AND forwarding_id IS NOT NULL
        """
    }
}
