internal import XinglinKit

/// A prescription as a reply shows it whole.
struct PrescriptionCard: Codable, Sendable {
    struct Piece: Codable, Sendable {
        let lineNo: Int
        let code: String
        let nameZh: String
        let perDoseMg: Int64
        var cooking: Cooking?
        var substituteFor: String?
    }
    struct Change: Codable, Sendable {
        let state: PrescriptionState
        let at: Timestamp
        let accountId: RecordID
    }

    let prescriptionId: RecordID
    let state: PrescriptionState
    let stateZh: String
    let patientId: RecordID
    let patient: PrescriptionDraft.Patient
    var prescriberStaffId: RecordID?
    let diagnosis: String
    let syndrome: String
    let issuedOn: LocalDate
    let kind: PrescriptionKind
    let kindZh: String
    var kindReason: String?
    var use: PrescriptionUse?
    let doses: Int
    let dosesPerDay: Int
    let supplyDays: Int
    let pieces: [Piece]
    let checkNo: Int
    var findings: [Finding] = []
    var signatures: [StoredSignature] = []
    var changes: [Change] = []
    var forwardings: [ForwardingCard] = []
    var rewrites: RecordID?
    var rewrittenBy: RecordID?
    var reuses: RecordID?
    var withdrawnReason: String?
    let keepUntil: LocalDate
    let createdAt: Timestamp
    let createdBy: RecordID

    init(_ stored: StoredPrescription) {
        self.prescriptionId = stored.id
        self.state = stored.state
        self.stateZh = stored.state.labelZh
        self.patientId = stored.patient
        self.patient = stored.draft.patient
        self.prescriberStaffId = stored.draft.prescriberStaffId
        self.diagnosis = stored.illness.diagnosis
        self.syndrome = stored.illness.syndrome
        self.issuedOn = stored.issuedOn
        self.kind = stored.draft.kind ?? .ordinary
        self.kindZh = self.kind.labelZh
        self.kindReason = stored.draft.kindReason
        self.use = stored.draft.use
        self.doses = stored.draft.doses
        self.dosesPerDay = stored.draft.dosesPerDay ?? 1
        self.supplyDays = stored.supplyDays
        self.pieces = stored.lines.map {
            Piece(
                lineNo: $0.number, code: $0.code, nameZh: $0.nameZh, perDoseMg: $0.perDoseMg, cooking: $0.cooking,
                substituteFor: $0.substituteFor)
        }
        self.checkNo = stored.check
        self.rewrites = stored.rewrites
        self.reuses = stored.reuses
        self.withdrawnReason = stored.withdrawnReason
        self.keepUntil = stored.keepUntil
        self.createdAt = stored.createdAt
        self.createdBy = stored.createdBy
    }
}

extension PrescriptionCard {
    static let schema = Schema.object(
        .required("prescriptionId", .id, "The prescription."),
        .required("state", .enumeration(PrescriptionState.codes), "Where it stands."),
        .required("stateZh", .text(1...20), "The same in Chinese."),
        .required("patientId", .id, "The patient."),
        .required("patient", PrescriptionDraft.patientSchema, "The patient as judged: sex and age by the record."),
        .optional("prescriberStaffId", .id, "Who prescribed it."),
        .required("diagnosis", .text(1...200), "The diagnosis."),
        .required("syndrome", .text(1...200), "The syndrome (证型)."),
        .required("issuedOn", .date, "The day of issue."),
        .required("kind", .enumeration(PrescriptionKind.codes), "Which form."),
        .required("kindZh", .text(1...20), "The same in Chinese."),
        .optional("kindReason", .text(1...200), "Why it is a long prescription."),
        .optional("use", .enumeration(PrescriptionUse.codes), "oral or external, as it was written."),
        .required("doses", .integer(1...400), "How many doses."),
        .required("dosesPerDay", .integer(1...10), "How many a day."),
        .required("supplyDays", .integer(1...400), "For how many days they last."),
        .required("pieces", .array(Self.piece, 1...80), "What one dose consists of, in the doctor's order."),
        .required("checkNo", .integer(1...1_000_000), "How often it was checked."),
        .required("findings", .array(Finding.schema, 0...1000), "What the latest check found."),
        .required("signatures", .array(StoredSignature.schema, 0...1000), "The second signatures."),
        .required("changes", .array(Self.change, 0...10_000), "Every state that it was in, in order."),
        .required(
            "forwardings", .array(ForwardingCard.schema, 0...1000),
            "By which ones it was sent to another site's pharmacy, or by which one it came from another site; in order."
        ),
        .optional("rewrites", .id, "The prescription that it was written instead of."),
        .optional("rewrittenBy", .id, "The prescription that was written instead of it."),
        .optional("reuses", .id, "The old prescription that it was written anew from."),
        .optional("withdrawnReason", .text(1...200), "Why it was taken back."),
        .required("keepUntil", .date, "Until when it is kept at the least (RX-09, RX-10)."),
        .required("createdAt", .timestamp, "When it was handed in."),
        .required("createdBy", .id, "By which account."))

    private static let piece = Schema.object(
        .required("lineNo", .integer(1...80), "The line."),
        .required("code", .code(1...20), "The piece."),
        .required("nameZh", .text(1...20), "Its name."),
        .required("perDoseMg", .integer(1...1_000_000), "Its weight in one dose, in milligrams."),
        .optional("cooking", .enumeration(Cooking.codes), "How it is boiled, as written."),
        .optional("substituteFor", .code(1...20), "The piece that it replaces."))

    private static let change = Schema.object(
        .required("state", .enumeration(PrescriptionState.codes), "The state."),
        .required("at", .timestamp, "Since when."),
        .required("accountId", .id, "By which account."))

    private static var stored: StoredPrescription {
        var draft = SubmissionParams.example.draft
        draft.kindReason = "慢性病，病情稳定"
        return StoredPrescription(
            sample: draft,
            lines: [
                .init(
                    number: 1, code: "XLYP0001", nameZh: "麻黄", perDoseMg: 6000, cooking: Cooking.none,
                    substituteFor: "XLYP0004")
            ])
    }

    static var small: PrescriptionCard { PrescriptionCard(Self.stored) }

    static var full: PrescriptionCard {
        var card = Self.small
        card.findings = [.example]
        card.signatures = [
            StoredSignature(
                rule: "RX-05", ruleVersion: "1.0", pieces: ["XLYP0003", "XLYP0004"], staffId: Sample.staff,
                accountId: Sample.account, ownAccount: true, reason: SignatureDraft.example.reason, checkNo: 1,
                at: Sample.instant, answer: .no, answeredByText: false)
        ]
        card.changes = [Change(state: .withdrawn, at: Sample.instant, accountId: Sample.account)]
        card.forwardings = [.full]
        card.rewrittenBy = Sample.formerPrescription
        return card
    }
}
