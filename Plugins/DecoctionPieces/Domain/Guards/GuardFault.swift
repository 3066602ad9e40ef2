internal import XinglinKit

/// The reasons that keep back what is recalled, void or not what it was when the work began: 1630 to 1639.
enum GuardFault {
    static let lotRecalled = FaultKind(
        "decoction.lotRecalled", code: 1630,
        message: .init(
            zh: "所用批次已召回，不能发出、配送或煎煮", en: "A lot of it was recalled: it is neither handed over, sent nor boiled"),
        hint: .init(
            zh:
                "details 列出召回的批次。处方用 decoction.prescription.return（destroyAll）退回销毁后重新审方、调剂；煎药任务先中止，在途的先带回，出库单冲正后处置；共享中药房送回的（details 给 forwardingId）用 decoction.forwarded.giveUp 收回原方",
            en:
                "details lists the lots. Return the prescription with decoction.prescription.return (destroyAll), then review and dispense it anew; break a job off and bring a delivery back first; take an issue back and dispose of it; give up what came from a shared pharmacy (details gives forwardingId) with decoction.forwarded.giveUp"
        ))
    static let lotEmpty = FaultKind(
        "decoction.lotEmpty", code: 1631,
        message: .init(
            zh: "该批次收货已冲正或已无余量，不能验收",
            en: "The receipt of the lot was taken back, or nothing of it is left: there is nothing to accept"),
        hint: .init(
            zh: "实物在库的，用 decoction.lot.receive 重新收货",
            en: "Receive what is there as a lot of its own with decoction.lot.receive"))
    static let weighingsVoid = FaultKind(
        "decoction.weighingsVoid", code: 1632,
        message: .init(
            zh: "所用衡器此后检定不合格或检定已过期，这些称量不能使用",
            en: "The scale has failed its calibration since, or its calibration has ended: these weighings do not count"
        ),
        hint: .init(
            zh: "details 列出剂次、饮片和衡器；换检定有效的衡器重新称量后再调剂",
            en: "details lists dose, piece and scale: weigh these again on a scale in force, then dispense"))
    static let countBelowReserved = FaultKind(
        "decoction.countBelowReserved", code: 1633,
        message: .init(
            zh: "盘点后余量少于已为处方预留的量",
            en: "After this count less is left than is reserved for prescriptions"),
        hint: .init(
            zh: "details 列出批次及占用的处方；先调剂或用 decoction.prescription.release 释放这些处方，再审批",
            en:
                "details lists the lots with their prescriptions: dispense them, or let them go with decoction.prescription.release, then approve"
        ))
    static let documentOfStocktake = FaultKind(
        "decoction.documentOfStocktake", code: 1634,
        message: .init(
            zh: "该单据为盘点差异，不能直接冲正", en: "The document booked a stocktake and is not taken back here"),
        hint: .init(
            zh: "由未参加清点的审核人员或机构管理员用 decoction.stocktake.reverse 冲正",
            en:
                "A reviewer or the site's administrator who has not counted takes it back with decoction.stocktake.reverse"
        ))
    static let senderUnlikeSupplier = FaultKind(
        "decoction.senderUnlikeSupplier", code: 1635,
        message: .init(
            zh: "发货机构的许可证号在本机构登记为另一供应商",
            en: "The sender's licence belongs to another supplier of this site"),
        hint: .init(
            zh: "核对 details 中供应商的名称与许可证号，更正登记有误的一方后再收货",
            en:
                "Compare name and licence of the supplier in details with the sender's, correct which is wrong, then receive it"
        ))

    static let notThereThen = FaultKind(
        "decoction.notThereThen", code: 1636,
        message: .init(
            zh: "补记日及其后该处该批次的结存不足", en: "So much of the lot did not lie at the place on that day, and since (PC-04)"),
        hint: .init(
            zh: "details 列出批次、地点、首个结存为负的日期和差额；核对补记日期和数量，入库或调入晚于该日的先更正",
            en:
                "details lists lot, place, the first day that would end below nothing, and by how much: book it for the day on which it was taken, or what was there then"
        ))

    static let all = [
        lotRecalled, lotEmpty, weighingsVoid, countBelowReserved, documentOfStocktake, senderUnlikeSupplier,
        notThereThen,
    ]

    static let constraints = ["movement_month_open": LedgerFault.periodClosed]
}
