internal import XinglinKit

/// What has happened to prescriptions in the pharmacy. Bodies name no patient.
enum DispensingTopic {
    struct Reviewed: Codable, Sendable {
        let prescriptionId: RecordID
        let decision: ReviewDecision
        let state: PrescriptionState
    }
    struct Dispensed: Codable, Sendable {
        let prescriptionId: RecordID
        let documentId: RecordID
        let quantityMg: Int64
    }

    private static let access = Access.roles([.doctor, .pharmacist, .reviewer, .integrator])
    private static let prescription = Schema.Field.required(
        "prescriptionId", .id, "The prescription; the event's subject.")
    private static let state = Schema.Field.required(
        "state", .enumeration(PrescriptionState.codes), "Where it stands now.")

    static let reviewed = EventTopic(
        "decoction.prescription.reviewed", .init(zh: "饮片处方已审方", en: "A prescription was reviewed"),
        access: Self.access,
        body: .object(
            Self.prescription, .required("decision", .enumeration(ReviewDecision.codes), "The decision."), Self.state),
        example: Reviewed(prescriptionId: Sample.prescription, decision: .approve, state: .approved))
    static let released = EventTopic(
        "decoction.prescription.released",
        .init(
            zh: "处方的预留库存已释放，待重新审方", en: "What was reserved for a prescription was let go; it waits for another review"),
        access: Self.access, body: .object(Self.prescription, Self.state),
        example: PrescriptionTopic.Moved(prescriptionId: Sample.prescription, state: .readyForReview))
    static let dispensed = EventTopic(
        "decoction.prescription.dispensed", .init(zh: "饮片处方已调剂", en: "A prescription was dispensed"),
        access: Self.access,
        body: .object(
            Self.prescription, .required("documentId", .id, "The document of the movements."),
            .required("quantityMg", .integer(1...Int64.max), "What was weighed in all, in milligrams.")),
        example: Dispensed(prescriptionId: Sample.prescription, documentId: Sample.document, quantityMg: 42_000))
    static let returned = EventTopic(
        "decoction.prescription.returned",
        .init(zh: "已调剂的处方在发药前退回", en: "A dispensed prescription was taken back before it was handed over"),
        access: Self.access, body: .object(Self.prescription, Self.state),
        example: PrescriptionTopic.Moved(prescriptionId: Sample.prescription, state: .readyForReview))
    static let handedOver = EventTopic(
        "decoction.prescription.handedOver", .init(zh: "饮片已发给患者", en: "A prescription was handed over"),
        access: Self.access, body: .object(Self.prescription, Self.state),
        example: PrescriptionTopic.Moved(prescriptionId: Sample.prescription, state: .handedOver))

    static let all = [reviewed, released, dispensed, returned, handedOver]
}

/// What a reviewing pharmacist decides.
enum ReviewDecision: String, PrescriptionCode {
    case approve, refuse
}
