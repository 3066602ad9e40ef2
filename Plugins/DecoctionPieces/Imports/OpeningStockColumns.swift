internal import XinglinKit

extension OpeningStockImport {
    static let columns = [
        ImportColumn(
            "pieceCode", .init(zh: "饮片代码", en: "Piece code"), required: true,
            .init(zh: "饮片目录中的代码，如 XLYP0001", en: "A code of the catalogue, such as XLYP0001")),
        ImportColumn(
            "pieceName", .init(zh: "饮片名称", en: "Piece name"), required: false,
            .init(
                zh: "可不填；填写时须与目录中的名称一致，用于核对", en: "May be left out; where given it must be the catalogue's, as a check")
        ),
        ImportColumn(
            "batchNumber", .init(zh: "批号", en: "Batch number"), required: true,
            .init(zh: "生产企业的批号，至多 60 个字符", en: "The maker's batch number, at most 60 characters")),
        ImportColumn(
            "supplierLicence", .init(zh: "供应商许可证号", en: "Supplier's licence"), required: true,
            .init(
                zh: "药品生产或经营许可证号（PC-01）", en: "The number of the drug production or operation licence (PC-01)")),
        ImportColumn(
            "supplierName", .init(zh: "供应商名称", en: "Supplier"), required: false,
            .init(zh: "本机构尚无该供应商时必填，导入时建立", en: "Needed where the site does not have the supplier yet; it is created")),
        ImportColumn(
            "producedOn", .init(zh: "生产日期", en: "Produced on"), required: true,
            .init(zh: "如 2026-03-01，不晚于今天", en: "Such as 2026-03-01, today at the latest")),
        ImportColumn(
            "expiresOn", .init(zh: "有效期至", en: "Expires on"), required: true,
            .init(zh: "如 2028-02-29，晚于生产日期且未过期", en: "Such as 2028-02-29, after production and not past")),
        ImportColumn(
            "quantityKg", .init(zh: "数量（千克）", en: "Quantity (kg)"), required: false,
            .init(zh: "如 12.5；千克和克只填一项", en: "Such as 12.5; give kilograms or grams, not both")),
        ImportColumn(
            "quantityG", .init(zh: "数量（克）", en: "Quantity (g)"), required: false,
            .init(zh: "如 350.25，至多三位小数", en: "Such as 350.25, at most three decimals")),
        ImportColumn(
            "unitCostYuanPerKg", .init(zh: "单价（元/千克）", en: "Unit cost (yuan/kg)"), required: true,
            .init(zh: "如 68.50，至多两位小数", en: "Such as 68.50, at most two decimals")),
    ]
}

/// What can be wrong with a line of opening stock. No text repeats a value of the line.
enum OpeningStockFault {
    static let missing = LocalizedText(zh: "必须填写", en: "must not be empty")

    static func missing(_ field: String) -> ImportFault { ImportFault(field, Self.missing) }

    static let pieceUnknown = ImportFault(
        "pieceCode", .init(zh: "饮片目录中没有该代码", en: "the catalogue has no piece with this code"))
    static let pieceNameDiffers = ImportFault(
        "pieceName", .init(zh: "与目录中该代码的名称不一致", en: "is not the catalogue's name of this code"))
    static let batchNumber = ImportFault(
        "batchNumber", .init(zh: "须为 1 至 60 个字符", en: "must be 1 to 60 characters"))
    static let licence = ImportFault(
        "supplierLicence", .init(zh: "须为 1 至 60 个字符", en: "must be 1 to 60 characters"))
    static let supplierName = ImportFault(
        "supplierName", .init(zh: "须为 1 至 100 个字符", en: "must be 1 to 100 characters"))
    static let supplierUnknown = ImportFault(
        "supplierName",
        .init(
            zh: "本机构没有该许可证号的供应商，请填写供应商名称以便建立",
            en: "the site has no supplier with this licence; give its name to create it"))
    static let producedOn = ImportFault(
        "producedOn",
        .init(zh: "须为不晚于今天的日期，如 2026-03-01", en: "must be a date, today at the latest, such as 2026-03-01"))
    static let expiresOn = ImportFault(
        "expiresOn", .init(zh: "须为日期，如 2028-02-29", en: "must be a date, such as 2028-02-29"))
    static let expiresBeforeProduction = ImportFault(
        "expiresOn", .init(zh: "须晚于生产日期", en: "must be after the date of production"))
    static let expired = ImportFault(
        "expiresOn", .init(zh: "已过有效期，过期饮片不得入库（PC-03）", en: "has passed: expired pieces are not taken in (PC-03)"))
    static let oneQuantity = ImportFault(
        "quantityKg", .init(zh: "数量（千克）和数量（克）须填且只填一项", en: "give the quantity either in kilograms or in grams"))
    static let kilograms = ImportFault(
        "quantityKg",
        .init(zh: "须为大于 0 的数，至多六位小数，不超过 10 吨", en: "must be a number above 0 with at most six decimals, up to 10 t"))
    static let grams = ImportFault(
        "quantityG",
        .init(zh: "须为大于 0 的数，至多三位小数，不超过 10 吨", en: "must be a number above 0 with at most three decimals, up to 10 t"))
    static let unitCost = ImportFault(
        "unitCostYuanPerKg",
        .init(zh: "须为不小于 0 的金额（元），至多两位小数", en: "must be an amount in yuan, not below 0, with at most two decimals"))
    static let takenInBefore = ImportFault(
        "batchNumber",
        .init(zh: "该供应商的这一批饮片已作为期初库存导入过", en: "this batch of the supplier was taken in as opening stock before"))
}
