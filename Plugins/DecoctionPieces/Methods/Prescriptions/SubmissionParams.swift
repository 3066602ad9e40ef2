internal import XinglinKit

/// A prescription as it is handed in: a draft with its illness and signatures. Its members stand beside those of the draft.
struct SubmissionParams: Codable, Sendable {
    let draft: PrescriptionDraft
    let diagnosis: String
    let syndrome: String
    var signatures: [SignatureDraft]?

    init(_ draft: PrescriptionDraft, diagnosis: String, syndrome: String, signatures: [SignatureDraft]? = nil) {
        self.draft = draft
        self.diagnosis = diagnosis
        self.syndrome = syndrome
        self.signatures = signatures
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.draft = try PrescriptionDraft(from: decoder)
        self.diagnosis = try container.decode(String.self, forKey: .diagnosis)
        self.syndrome = try container.decode(String.self, forKey: .syndrome)
        self.signatures = try container.decodeIfPresent([SignatureDraft].self, forKey: .signatures)
    }

    func encode(to encoder: any Encoder) throws {
        try self.draft.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(self.diagnosis, forKey: .diagnosis)
        try container.encode(self.syndrome, forKey: .syndrome)
        try container.encodeIfPresent(self.signatures, forKey: .signatures)
    }

    private enum Key: String, CodingKey { case diagnosis, syndrome, signatures }

    var illness: Illness {
        Illness(diagnosis: PlainText.trimmed(self.diagnosis), syndrome: PlainText.trimmed(self.syndrome))
    }

    /// What a check takes, the patient required, and what makes it a prescription.
    static let fields: [Schema.Field] =
        PrescriptionDraft.fields.filter { $0.name != "patientId" } + [
            .required("patientId", .id, "The patient's id in the index of persons."),
            .required("diagnosis", .text(1...200), "The diagnosis. It is kept encrypted."),
            .required("syndrome", .text(1...200), "The syndrome (证型). It is kept encrypted."),
            Self.signaturesField,
        ]

    static let signaturesField = Schema.Field.optional(
        "signatures", .array(.object(SignatureDraft.fields), 0...20),
        "Second signatures that the doctor gives at once; others sign with decoction.prescription.sign.")

    static let example = SubmissionParams(
        .example, diagnosis: "咳嗽", syndrome: "风寒束肺证", signatures: [.example])

    /// Only what is needed.
    static var small: SubmissionParams {
        var draft = PrescriptionDraft.small
        draft.patientId = Sample.patient
        return SubmissionParams(draft, diagnosis: "咳嗽", syndrome: "风寒束肺证")
    }
}
