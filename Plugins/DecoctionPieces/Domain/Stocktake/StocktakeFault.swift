internal import XinglinKit

/// The reasons for which stocktakes refuse: 1170 to 1179.
enum StocktakeFault {
    static let alreadyCounted = FaultKind(
        "decoction.stocktakeRunning", code: 1170,
        message: .init(zh: "该位置正在盘点", en: "The place is being counted already"),
        hint: .init(
            zh: "details 给出正在进行的盘点；先完成或取消它", en: "details names the stocktake: finish or cancel it first"))
    static let stateConflict = FaultKind(
        "decoction.stocktakeStateConflict", code: 1171,
        message: .init(zh: "盘点当前状态不允许此操作", en: "The stocktake is in a state that does not allow this"),
        hint: .init(
            zh: "details 给出当前状态；清点中可录数，待审批时可审批或退回复盘",
            en:
                "details gives its state: lots are counted while it is counting; it is approved, or sent back, while it awaits approval"
        ))
    static let incomplete = FaultKind(
        "decoction.countIncomplete", code: 1172,
        message: .init(zh: "尚有批次未清点或待复盘", en: "Some lots are not counted yet, or have to be counted again"),
        hint: .init(zh: "details 列出这些批次", en: "details lists them"))
    static let outdated = FaultKind(
        "decoction.countOutdated", code: 1173,
        message: .init(
            zh: "清点之后有补记或冲正，或剩余已少于短缺数，盘点数不再成立",
            en: "Something was booked back, taken back or used up since the count, so it holds no more"),
        hint: .init(
            zh: "用 decoction.stocktake.recount 退回 details 中的批次重新清点",
            en: "Send the lots in details back with decoction.stocktake.recount"))
    static let reasonMissing = FaultKind(
        "decoction.reasonMissing", code: 1174,
        message: .init(zh: "差异须说明原因", en: "A difference needs its reason"),
        hint: .init(
            zh: "details 列出超出允差的批次，逐一写明原因；losses 中超过限度的损耗另写 lossReason",
            en:
                "details lists the lots beyond the tolerance: give each a reason; a loss above its limit needs lossReason"
        ))
    static let surplusBeyondReceipt = FaultKind(
        "decoction.surplusBeyondReceipt", code: 1175,
        message: .init(zh: "盘点数多于该批次的入库数", en: "More was found of the lot than was ever received"),
        hint: .init(
            zh: "多出部分用 decoction.lot.receive 另行入库验收，或复盘",
            en: "Receive what is more as a lot of its own with decoction.lot.receive, or count again"))
    static let approverCounted = FaultKind(
        "decoction.approverCounted", code: 1176,
        message: .init(zh: "参加清点的人不能审批差异", en: "Who has counted does not approve the differences"),
        hint: .init(zh: "请另一位审核人审批", en: "Another person approves them"))
    static let recountByAnother = FaultKind(
        "decoction.recountByAnother", code: 1177,
        message: .init(zh: "须由另一人复盘", en: "Another person counts it again"),
        hint: .init(zh: "请另一位药师清点该批次", en: "Ask another pharmacist to count the lot"))

    static let all = [
        alreadyCounted, stateConflict, incomplete, outdated, reasonMissing, surplusBeyondReceipt, approverCounted,
        recountByAnother,
    ]

    static let constraints = ["stocktake_place_is_counted": alreadyCounted]
}
