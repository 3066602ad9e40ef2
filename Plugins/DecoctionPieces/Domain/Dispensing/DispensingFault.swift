internal import XinglinKit

/// The reasons for which review and dispensing refuse: 1138 to 1149, and 1621.
enum DispensingFault {
    static let stockReserved = FaultKind(
        "decoction.stockReserved", code: 1138,
        message: .init(zh: "涉及的饮片已为处方预留", en: "What the document moves is reserved for prescriptions"),
        hint: .init(
            zh: "先调剂或用 decoction.prescription.release 释放预留，再冲正",
            en: "Dispense the prescriptions, or let them go with decoction.prescription.release, and try again"))
    static let reviewBlocked = FaultKind(
        "decoction.reviewBlocked", code: 1139,
        message: .init(zh: "按今天的规则该处方不能通过审方", en: "By the rules of today the prescription cannot be approved"),
        hint: .init(
            zh: "details 列出未解决的核对结果；用 decoction.prescription.recheck 重新核对后由医师签名或改方，或退回医师",
            en:
                "details lists what holds it up; recheck it with decoction.prescription.recheck for the doctor to sign or rewrite, or refuse it with a note"
        ))
    static let staffNotEntitled = FaultKind(
        "decoction.staffNotEntitled", code: 1140,
        message: .init(zh: "该人员不能承担审方、调剂或复核", en: "This person may not review, dispense or check"),
        hint: .init(
            zh:
                "details 中的 missing：staff 查无此人或已离职，anotherPerson 须由另一人承担，ownAccount 须以本人账号登录，title 职称不够（details.least 为最低职称）",
            en:
                "details.missing: staff is nobody employed here, anotherPerson asks for another person, ownAccount for the dispenser's own login, title for at least details.least"
        ))
    static let scaleExists = FaultKind(
        "decoction.scaleExists", code: 1141,
        message: .init(zh: "本机构已有该代码的衡器", en: "The site has a scale with this code already"),
        hint: .init(zh: "使用 details 中已有的 scaleId，或换一个代码", en: "Use the scaleId in details, or another code"))
    static let scaleNotCalibrated = FaultKind(
        "decoction.scaleNotCalibrated", code: 1142,
        message: .init(zh: "该衡器没有有效的检定记录，不能使用", en: "The scale has no calibration in force, so it cannot be used"),
        hint: .init(
            zh: "用 decoction.scale.list 选择检定有效的衡器；检定后用 decoction.scale.calibrate 登记",
            en: "Choose one in force from decoction.scale.list; record a calibration with decoction.scale.calibrate"))
    static let weighingsIncomplete = FaultKind(
        "decoction.weighingsIncomplete", code: 1143,
        message: .init(zh: "每剂每味须称量一次，不多不少", en: "Each piece of each dose is weighed once, no more and no less"),
        hint: .init(
            zh: "details 列出缺少（missing）、重复（repeated）和不属于处方（unexpected）的称量",
            en: "details lists what is missing, repeated, or unexpected because it is not in the prescription"))
    static let weightOutOfTolerance = FaultKind(
        "decoction.weightOutOfTolerance", code: 1144,
        message: .init(zh: "重量误差超过允许范围", en: "The weight is outside the tolerance"),
        hint: .init(
            zh: "details 列出超差的剂次；有 pieceCode 的为毒性或麻醉饮片单味超差。重新称量后再调剂",
            en:
                "details lists the doses, with a pieceCode where a toxic or narcotic piece itself is off; weigh them again"
        ))
    static let reservationLost = FaultKind(
        "decoction.reservationLost", code: 1145,
        message: .init(zh: "预留的批次已不能发出", en: "A lot that was reserved may no longer be dispensed"),
        hint: .init(
            zh: "details 列出批次；用 decoction.prescription.release 释放后重新审方",
            en:
                "details lists the lots; let the prescription go with decoction.prescription.release and review it again"
        ))
    static let handedOver = FaultKind(
        "decoction.handedOver", code: 1146,
        message: .init(zh: "药品一经发出，不得退回", en: "What was handed over does not come back"),
        hint: .init(
            zh: "依据见 details 中的规则；质量问题按召回处理，退回的饮片销毁",
            en: "details names the rule; a fault of quality is a matter of recall, and what comes back is destroyed"))
    static let documentDispensed = FaultKind(
        "decoction.documentDispensed", code: 1147,
        message: .init(
            zh: "该单据为处方调剂，不能直接冲正", en: "The document dispensed a prescription and cannot be taken back here"),
        hint: .init(
            zh: "发药前用 decoction.prescription.return 退回",
            en: "Take it back with decoction.prescription.return before it is handed over"))
    static let spotCheckExists = FaultKind(
        "decoction.spotCheckExists", code: 1148,
        message: .init(zh: "该次调剂已抽查", en: "This dispensing was spot-checked already"),
        hint: .init(
            zh: "用 decoction.spotCheck.due 查看本月还须抽查多少", en: "See how many are still due with decoction.spotCheck.due"))
    static let prescriptionExpired = FaultKind(
        "decoction.prescriptionExpired", code: 1621,
        message: .init(zh: "处方已过有效期，不得调剂", en: "The prescription is no longer valid and may not be dispensed"),
        hint: .init(
            zh:
                "details 中的 validUntil 为最后有效日；用 decoction.prescription.release 释放并重新核对，由医师签名延长（RX-02）后重新审方，或重新开具",
            en:
                "details.validUntil was its last day: release it, recheck it for the doctor to sign an extension (RX-02) and review it again, or write it anew"
        ))

    static let all = [
        stockReserved, reviewBlocked, staffNotEntitled, scaleExists, scaleNotCalibrated, weighingsIncomplete,
        weightOutOfTolerance, reservationLost, handedOver, documentDispensed, spotCheckExists, prescriptionExpired,
    ]

    static let constraints = [
        "lot_reserved_within_free": stockReserved,
        "holding_reserved_within_on_hand": stockReserved,
        "spot_check_once": spotCheckExists,
    ]
}
