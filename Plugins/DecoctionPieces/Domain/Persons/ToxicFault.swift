internal import XinglinKit

/// The reasons about toxic and narcotic pieces that leave without a prescription: 1622 and 1623.
enum ToxicFault {
    static let unconfirmed = FaultKind(
        "decoction.toxicUnconfirmed", code: 1622,
        message: .init(
            zh: "尚有毒性或麻醉饮片的出库单据未经第二人确认", en: "Documents of toxic or narcotic pieces await their second person"),
        hint: .init(
            zh: "details 列出单据；由另一人用 decoction.toxic.confirm 确认或冲正后再结账，清单见 decoction.toxic.unconfirmed",
            en:
                "details lists them; another person confirms each with decoction.toxic.confirm, or it is taken back; decoction.toxic.unconfirmed shows all"
        ))
    static let confirmed = FaultKind(
        "decoction.toxicConfirmed", code: 1623,
        message: .init(zh: "该单据已由第二人确认", en: "The document was confirmed already"),
        hint: .init(zh: "无须再次确认", en: "Nothing is left to be done"))

    static let all = [unconfirmed, confirmed]
    static let constraints = ["toxic_confirmed_once": confirmed]
}
