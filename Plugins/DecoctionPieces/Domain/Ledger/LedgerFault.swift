internal import XinglinKit

/// The reasons about places, transfers, reversals and closed months; 1110 to 1129, and 1624.
enum LedgerFault {
    static let locationExists = FaultKind(
        "decoction.locationExists", code: 1110,
        message: .init(zh: "本机构已有该代码的存放位置", en: "The site has a place with this code already"),
        hint: .init(zh: "使用 details 中已有的 locationId，或换一个代码", en: "Use the locationId in details, or another code"))
    static let locationClosed = FaultKind(
        "decoction.locationClosed", code: 1111,
        message: .init(zh: "该存放位置已停用", en: "The place is closed"),
        hint: .init(zh: "用 decoction.location.list 选择在用的位置", en: "Choose one in use from decoction.location.list"))
    static let locationNotEmpty = FaultKind(
        "decoction.locationNotEmpty", code: 1112,
        message: .init(zh: "该存放位置尚有饮片，不能停用", en: "Pieces still lie at the place, so it cannot be closed"),
        hint: .init(
            zh: "先用 decoction.stock.transfer 移走，或用 decoction.lot.dispose 销毁",
            en: "Move them with decoction.stock.transfer, or dispose of them with decoction.lot.dispose"))
    static let locationUnsuitable = FaultKind(
        "decoction.locationUnsuitable", code: 1113,
        message: .init(zh: "该位置不能存放这种饮片", en: "The place does not take this piece"),
        hint: .init(
            zh: "药斗只装标签上的饮片（PC-03）；毒性饮片只放毒性药品柜，柜内不放其他饮片（8.2）",
            en:
                "A drawer holds the piece on its label (PC-03); toxic pieces lie in the toxic cupboard, and nothing else does (8.2)"
        ))
    static let alreadyReversed = FaultKind(
        "decoction.alreadyReversed", code: 1114,
        message: .init(zh: "该单据已被冲正", en: "The document has been taken back already"),
        hint: .init(
            zh: "用 decoction.movement.list 查看单据及其冲正",
            en: "See the document and what took it back with decoction.movement.list"))
    static let movedOn = FaultKind(
        "decoction.movedOn", code: 1115,
        message: .init(
            zh: "单据涉及的饮片此后已有变动，不能冲正", en: "What the document moved has moved on since, so it cannot be taken back"),
        hint: .init(
            zh: "先冲正之后的单据，或把饮片移回原处", en: "Take the later documents back first, or move the pieces back where they were")
    )
    static let periodClosed = FaultKind(
        "decoction.periodClosed", code: 1116,
        message: .init(zh: "该月已结账，不能再记账", en: "The month is closed: nothing can be booked in it"),
        hint: .init(
            zh: "记在未结账的日期；更正已结账的单据用 decoction.movement.reverse，冲正记在今天",
            en:
                "Book it on a day of an open month; correct a closed month's document with decoction.movement.reverse, which is booked today"
        ))
    static let periodNotOver = FaultKind(
        "decoction.periodNotOver", code: 1117,
        message: .init(zh: "该月尚未结束，不能结账", en: "The month is not over, so it cannot be closed"),
        hint: .init(zh: "次月一日一时以后再结账", en: "Close it after one o'clock on the first day of the next month"))

    static let reversalNotReversible = FaultKind(
        "decoction.reversalNotReversible", code: 1624,
        message: .init(zh: "冲正单据不能再冲正", en: "What takes a document back is not taken back itself"),
        hint: .init(zh: "冲正有误的，按实际情况重新开单", en: "Where that was wrong, write the document anew"))

    static let all = [
        locationExists, locationClosed, locationNotEmpty, locationUnsuitable, alreadyReversed, movedOn, periodClosed,
        periodNotOver, reversalNotReversible,
    ]

    static let constraints = [
        "movement_reversed_once": alreadyReversed,
        "lot_placed_within_on_hand": movedOn,
        "lot_on_hand_within_received": movedOn,
        "holding_not_negative": movedOn,
        "period_closed_once": periodClosed,
    ]
}
