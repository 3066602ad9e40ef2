internal import XinglinKit

/// What has happened to prescriptions that were sent to another site's pharmacy, published at both sites. Bodies name no patient.
enum ForwardingTopic {
    struct Forwarded: Codable, Sendable {
        let forwardingId: RecordID
        let prescriptionId: RecordID
    }
    struct Moved: Codable, Sendable {
        let forwardingId: RecordID
        let state: ForwardingState
    }
    struct Progressed: Codable, Sendable {
        let forwardingId: RecordID
        let state: PrescriptionState
    }
    struct Recalled: Codable, Sendable {
        let forwardingId: RecordID
        let recallId: RecordID
        let pieceCode: String
    }

    private static let access = Access.roles([.doctor, .pharmacist, .reviewer, .integrator])
    private static let forwarding = Schema.Field.required(
        "forwardingId", .id, "The forwarding; the event's subject.")

    static let forwarded = EventTopic(
        "decoction.prescription.forwarded",
        .init(zh: "饮片处方已转往共享中药房", en: "A prescription was sent to another site's pharmacy"),
        access: Self.access,
        body: .object(Self.forwarding, .required("prescriptionId", .id, "The prescription at the site that sent it.")),
        example: Forwarded(forwardingId: Sample.forwarding, prescriptionId: Sample.prescription))
    static let moved = EventTopic(
        "decoction.forwarded.moved",
        .init(
            zh: "转方已撤回、接方、退回、送出或送达",
            en: "A forwarded prescription was withdrawn, taken, refused, shipped or received"),
        access: Self.access,
        body: .object(
            Self.forwarding, .required("state", .enumeration(ForwardingState.codes), "Where it stands now.")),
        example: Moved(forwardingId: Sample.forwarding, state: .refused))
    static let progressed = EventTopic(
        "decoction.forwarded.progressed",
        .init(
            zh: "转出的处方在共享中药房有进展", en: "The pharmacy has brought a prescription on; published where it was sent from"),
        access: Self.access,
        body: .object(
            Self.forwarding,
            .required("state", .enumeration(PrescriptionState.codes), "Where it stands at the pharmacy.")),
        example: Progressed(forwardingId: Sample.forwarding, state: .dispensed))
    static let recalled = EventTopic(
        "decoction.forwarded.recalled",
        .init(
            zh: "转出处方所用批次已被共享中药房召回",
            en: "The pharmacy recalled a lot of which a forwarded prescription got; published where it was sent from"),
        access: Self.access,
        body: .object(
            Self.forwarding, .required("recallId", .id, "The recall at the pharmacy."),
            .required("pieceCode", .code(1...20), "The piece.")),
        example: Recalled(forwardingId: Sample.forwarding, recallId: Sample.document, pieceCode: "XLYP0001"))

    static let all = [forwarded, moved, progressed, recalled]
}
