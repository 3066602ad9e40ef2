internal import XinglinKit

/// What has happened to prescriptions. Bodies name no patient.
enum PrescriptionTopic {
    struct Moved: Codable, Sendable {
        let prescriptionId: RecordID
        let state: PrescriptionState
    }
    struct Signed: Codable, Sendable {
        let prescriptionId: RecordID
        let rule: String
        let state: PrescriptionState
    }

    private static let access = Access.roles([.doctor, .pharmacist, .reviewer, .integrator])
    private static let prescription = Schema.Field.required(
        "prescriptionId", .id, "The prescription; the event's subject.")
    private static let state = Schema.Field.required(
        "state", .enumeration(PrescriptionState.codes), "Where it stands now.")
    private static let moved = Moved(prescriptionId: Sample.prescription, state: .readyForReview)

    static let submitted = EventTopic(
        "decoction.prescription.submitted", .init(zh: "饮片处方已提交", en: "A prescription was handed in"),
        access: Self.access, body: .object(Self.prescription, Self.state), example: Self.moved)
    static let rechecked = EventTopic(
        "decoction.prescription.rechecked", .init(zh: "饮片处方已重新核对", en: "A prescription was checked again"),
        access: Self.access, body: .object(Self.prescription, Self.state), example: Self.moved)
    static let signed = EventTopic(
        "decoction.prescription.signed", .init(zh: "饮片处方已再次签名", en: "A prescription was signed a second time"),
        access: Self.access,
        body: .object(Self.prescription, .required("rule", .code(5...5), "The rule that was signed."), Self.state),
        example: Signed(prescriptionId: Sample.prescription, rule: "RX-05", state: .readyForReview))
    static let withdrawn = EventTopic(
        "decoction.prescription.withdrawn", .init(zh: "饮片处方已撤销或改方", en: "A prescription was withdrawn or rewritten"),
        access: Self.access, body: .object(Self.prescription, Self.state),
        example: Moved(prescriptionId: Sample.prescription, state: .withdrawn))

    static let all = [submitted, rechecked, signed, withdrawn]
}
