internal import XinglinKit

/// The reasons about suppliers (PC-01): 1122 to 1125.
enum PurchasingFault {
    static let licenceEnded = FaultKind(
        "decoction.supplierLicenceEnded", code: 1122,
        message: .init(
            zh: "供应商的许可证已到期，不能收货（PC-01）", en: "The supplier's licence has ended: nothing is received (PC-01)"),
        hint: .init(
            zh: "details 中 licenceEnds 为最后有效日；换证后用 decoction.supplier.update 登记新的有效期再收货",
            en:
                "details.licenceEnds was its last day; record the renewed licence with decoction.supplier.update, then receive"
        ))
    static let notDesignated = FaultKind(
        "decoction.supplierNotDesignated", code: 1123,
        message: .init(
            zh: "该供应商不是毒性饮片指定企业，不能收货（PC-01）", en: "The supplier is not designated for toxic pieces (PC-01)"),
        hint: .init(
            zh: "毒性饮片向指定企业采购；如已取得指定，用 decoction.supplier.update 登记文号",
            en:
                "Buy toxic pieces from a designated firm; where this one is, record the document with decoction.supplier.update"
        ))
    static let withdrawn = FaultKind(
        "decoction.supplierWithdrawn", code: 1124,
        message: .init(zh: "该供应商已停用，或并未停用", en: "The supplier is withdrawn, or is not"),
        hint: .init(
            zh: "用 decoction.supplier.list 选择在用的供应商；误停的用 decoction.supplier.restore 恢复",
            en:
                "Choose one in use from decoction.supplier.list; what was withdrawn by mistake is restored with decoction.supplier.restore"
        ))
    static let recordIncomplete = FaultKind(
        "decoction.supplierRecordIncomplete", code: 1125,
        message: .init(
            zh: "按本机构的规定，供应商资料不全不能收货（PC-01）",
            en: "By the site's rules nothing is received while the supplier's record is incomplete (PC-01)"),
        hint: .init(
            zh: "details 中 missing 为缺少的资料；用 decoction.supplier.update 补登",
            en: "details.missing names what is lacking; record it with decoction.supplier.update"))

    static let all = [licenceEnded, notDesignated, withdrawn, recordIncomplete]

    static let constraints: [String: FaultKind] = [
        "supplier_exists": DecoctionFault.supplierExists,
        // Somebody else has just set the fee.
        "fee_revision_taken": HostFault.conflict,
    ]
}
