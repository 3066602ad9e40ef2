internal import XinglinKit

/// The reasons about the catalogue, its codes and prices: 1150 to 1159.
enum CatalogueFault {
    static let catalogueOfCounty = FaultKind(
        "decoction.catalogueOfCounty", code: 1150,
        message: .init(zh: "饮片目录由县卫生健康局统一维护", en: "The catalogue belongs to the county; its bureau changes it"),
        hint: .init(
            zh: "请局的管理员修改目录；本机构自行维护价格和本院编码",
            en: "Ask the bureau's administrator; a site has its own prices and local codes"))
    static let pieceNameTaken = FaultKind(
        "decoction.pieceNameTaken", code: 1151,
        message: .init(zh: "目录中已有该名称或别名", en: "The catalogue has this name, or this alias, already"),
        hint: .init(zh: "details 给出使用该名称的饮片编码", en: "details gives the piece that has it"))
    static let pieceStateConflict = FaultKind(
        "decoction.pieceStateConflict", code: 1152,
        message: .init(zh: "该饮片已停用，或并未停用", en: "The piece is withdrawn already, or is not"),
        hint: .init(zh: "用 decoction.piece.get 查看当前状态", en: "See how it stands with decoction.piece.get"))
    static let pieceOutOfUse = FaultKind(
        "decoction.pieceOutOfUse", code: 1153,
        message: .init(
            zh: "该饮片已在目录中停用，不能入库、开具或调剂",
            en: "The piece is withdrawn from the catalogue: it is neither received, prescribed nor dispensed"),
        hint: .init(
            zh: "改用其他饮片；已审方的处方用 decoction.prescription.release 释放，由医师改方；停用有误的，请局的管理员用 decoction.piece.restore 恢复",
            en:
                "Use another piece; let an approved prescription go with decoction.prescription.release for the doctor to rewrite it; where that was wrong, the bureau's administrator restores it with decoction.piece.restore"
        ))
    static let priceAboveMarkUp = FaultKind(
        "decoction.priceAboveMarkUp", code: 1154,
        message: .init(zh: "零售价超过进价加成上限（PC-04）", en: "The price is above the greatest mark-up on the cost (PC-04)"),
        hint: .init(
            zh: "details 中 greatestFenPerKg 为允许的最高价（分/千克）；按在库可发批次中最低的进价计算",
            en:
                "details.greatestFenPerKg is the highest price allowed, in fen a kilogram: by the least cost of the lots that can be issued"
        ))
    static let priceWithoutCost = FaultKind(
        "decoction.priceWithoutCost", code: 1155,
        message: .init(zh: "本机构尚无该饮片的进价，不能定价", en: "The site has no cost of this piece to judge a price by"),
        hint: .init(zh: "先收货并验收一个批次，再定价", en: "Receive and accept a lot of it first"))
    static let localCodeTaken = FaultKind(
        "decoction.localCodeTaken", code: 1156,
        message: .init(zh: "该本院编码已用于另一种饮片", en: "Another piece has this local code"),
        hint: .init(zh: "details 给出使用该编码的饮片；换一个编码", en: "details gives that piece; use another code"))

    static let all = [
        catalogueOfCounty, pieceNameTaken, pieceStateConflict, pieceOutOfUse, priceAboveMarkUp, priceWithoutCost,
        localCodeTaken,
    ]

    static let constraints: [String: FaultKind] = [
        "piece_name_taken": pieceNameTaken, "piece_alias_taken": pieceNameTaken,
        "piece_revision_taken": HostFault.conflict, "price_revision_taken": HostFault.conflict,
        "local_code_taken": localCodeTaken, "local_code_once_for_a_piece": HostFault.conflict,
    ]
}
