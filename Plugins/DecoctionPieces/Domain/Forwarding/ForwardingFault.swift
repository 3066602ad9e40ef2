internal import XinglinKit

/// The reasons about prescriptions that are sent to another site's pharmacy: 1190 to 1199.
enum ForwardingFault {
    static let forwardingStateConflict = FaultKind(
        "decoction.forwardingStateConflict", code: 1190,
        message: .init(zh: "转方当前状态不允许此操作", en: "The forwarded prescription is in a state that does not allow this"),
        hint: .init(
            zh: "details 给出当前状态；接方前可撤回或退回，接方后由审方退回，送达前须已调剂",
            en:
                "details gives its state: it is withdrawn or refused before it is taken, refused by the review from then on, and shipped once it is dispensed"
        ))
    static let notForwardable = FaultKind(
        "decoction.notForwardable", code: 1191,
        message: .init(
            zh: "处方尚有未解决的核对结果，不能转出", en: "What the rules found holds the prescription up, so it is not forwarded"),
        hint: .init(
            zh: "details 列出须签名或改方的核对结果（本机构库存不足 RX-14 不影响转出）",
            en: "details lists what is to be signed or rewritten; a lack of stock here (RX-14) does not matter"))
    static let prescriptionOfAnotherSite = FaultKind(
        "decoction.prescriptionOfAnotherSite", code: 1192,
        message: .init(
            zh: "该处方由另一机构转来，只能审方、调剂或退回",
            en: "The prescription was sent here by another site, whose doctor alone changes it"),
        hint: .init(
            zh: "用 decoction.prescription.review 退回并写明理由，由开方医师签名、改方或撤销",
            en: "Refuse it with a note by decoction.prescription.review: its own doctor signs, rewrites or withdraws it"
        ))

    static let all = [forwardingStateConflict, notForwardable, prescriptionOfAnotherSite]

    static let constraints = ["forwarding_once": forwardingStateConflict]

    /// The refusal of a step that the state does not allow.
    static func conflict(_ id: RecordID, _ state: ForwardingState) -> Fault {
        Self.forwardingStateConflict.fault([
            "forwardingId": .string(id.description), "state": .string(state.rawValue),
        ])
    }
}
