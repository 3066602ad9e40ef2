internal import XinglinKit

/// The reasons for which this module refuses; its hundred of codes is 1100.
enum DecoctionFault {
    static let pieceUnknown = FaultKind(
        "decoction.pieceUnknown", code: 1100,
        message: .init(zh: "饮片目录中没有该编码", en: "The catalogue has no piece with this code"),
        hint: .init(
            zh: "details 列出不认识的编码；用 decoction.piece.search 按名称或拼音查找正确的编码",
            en: "details lists the unknown codes; find the right one by name or pinyin with decoction.piece.search"))
    static let supplierExists = FaultKind(
        "decoction.supplierExists", code: 1101,
        message: .init(zh: "本机构已有该许可证号的供应商", en: "The site has a supplier with this licence already"),
        hint: .init(
            zh: "使用 details 中已有的供应商编号 supplierId",
            en: "Use the one that is there: details gives its supplierId"))
    static let lotExpired = FaultKind(
        "decoction.lotExpired", code: 1103,
        message: .init(zh: "该批饮片已过有效期", en: "The lot has expired"),
        hint: .init(
            zh: "过期饮片不得收货、验收或发出；在库的由药师用 decoction.lot.dispose 销毁",
            en:
                "Expired pieces are not received, accepted or issued; a pharmacist takes stock out with decoction.lot.dispose"
        ))
    static let lotNotAccepted = FaultKind(
        "decoction.lotNotAccepted", code: 1104,
        message: .init(zh: "该批饮片尚未验收合格", en: "The lot has not been accepted"),
        hint: .init(
            zh: "由药师用 decoction.lot.accept 验收；毒性、麻醉及院内加严品种须两人验收",
            en:
                "A pharmacist accepts it with decoction.lot.accept; toxic, narcotic and house-controlled pieces take two persons"
        ))
    static let lotStateConflict = FaultKind(
        "decoction.lotStateConflict", code: 1105,
        message: .init(zh: "该批饮片的状态不允许此操作", en: "The lot is in a state that does not allow this"),
        hint: .init(
            zh: "details 给出当前状态；待验收的可验收或拒收，已封存的可解封，已召回的只能用 decoction.lot.dispose 销毁",
            en:
                "details gives its state: what awaits acceptance is accepted or rejected, what is withheld is released, and what is recalled leaves by decoction.lot.dispose alone"
        ))
    static let secondPersonRequired = FaultKind(
        "decoction.secondPersonRequired", code: 1106,
        message: .init(zh: "须由另一人完成", en: "This must come from another person"),
        hint: .init(
            zh: "请本机构另一人登录后操作：第二次验收为另一位药师或审方药师，解封为未判定不合格的审方药师；同一人的两个账号或两份职工档案仍是一人",
            en:
                "Another pharmacist or reviewer of the site logs in and accepts it, or a reviewer who did not condemn it releases it; two accounts or records of one person are one person"
        ))
    static let lotPieceMismatch = FaultKind(
        "decoction.lotPieceMismatch", code: 1107,
        message: .init(zh: "该批次不是这一种饮片", en: "The lot holds another piece"),
        hint: .init(
            zh: "details 给出该批次的饮片编码；改正批次，或不指定批次而按先到期先出发出",
            en: "details gives the piece it holds; name another lot, or none to issue by first expiry"))
    static let insufficientStock = FaultKind(
        "decoction.insufficientStock", code: 1108,
        message: .init(zh: "可发库存不足，整张单据未发出", en: "Not enough stock; nothing of the document was issued"),
        hint: .init(
            zh: "details 列出每种饮片的申请量、可用量、待验量和过期量；请药师验收待验批次、收货，或减少数量",
            en:
                "details lists what was asked for, available, awaiting acceptance and expired; have a pharmacist accept or receive lots, or ask for less"
        ))

    static let all =
        [
            pieceUnknown, supplierExists, lotExpired, lotNotAccepted, lotStateConflict, secondPersonRequired,
            lotPieceMismatch, insufficientStock,
        ] + PrescriptionFault.all + RuleFault.all

    /// The refusal of unknown piece codes.
    static func unknown(_ codes: [String]) -> Fault {
        Self.pieceUnknown.fault(.array(codes.map { ["pieceCode": .string($0)] }))
    }

    /// The refusal of an expired lot, named where it has an id already.
    static func expired(_ lot: RecordID?, on date: LocalDate) -> Fault {
        var details: [String: JSONValue] = ["expiresOn": .string(date.description)]
        details["lotId"] = lot.map { .string($0.description) }
        return Self.lotExpired.fault(.object(details))
    }
}
