internal import XinglinKit

extension PieceField {
    /// Every field, in the order of the file.
    static let all: [PieceField] = [
        text("nameZh", "name_zh", "名称", "Name", 1...20, isIdentity: true),
        PieceField(
            code: "pinyin", column: "pinyin", name: .init(zh: "拼音", en: "Pinyin"), form: .smallLetters(1...60),
            wanted: .init(zh: "不带声调的小写拼音，ü 写作 v", en: "toneless pinyin in small letters, ü as v")),
        PieceField(
            code: "initials", column: "initials", name: .init(zh: "首字母", en: "Initials"), form: .capitalLetters(1...20),
            wanted: .init(zh: "大写拼音首字母", en: "the first letters of the pinyin, in capitals")),
        text("latin", "latin", "拉丁名", "Latin name", 1...200),
        text("baseMaterialZh", "base_material", "基原药材", "Base material", 1...20, isIdentity: true),
        text("categoryZh", "category", "功效类别", "Class by effect", 1...20),
        text("sourcePartZh", "source_part", "药用部位", "Part used", 1...40),
        text("processingZh", "processing", "炮制", "Processing", 1...20),
        text("natureFlavourZh", "nature_flavour", "性味", "Nature and flavour", 1...40),
        text("meridianZh", "meridian", "归经", "Meridians", 1...40),
        dose("doseMinMg", "dose_min_mg", "每日最小量（毫克）", "Least daily dose, mg"),
        dose("doseMaxMg", "dose_max_mg", "每日最大量（毫克）", "Greatest daily dose, mg"),
        code("doseRoute", "dose_route", "用法", "Route", DoseRoute.self),
        code("toxicity", "toxicity", "毒性", "Toxicity", Toxicity.self),
        flag("controlledToxic28", "controlled_toxic_28", "二十八种毒性中药", "One of the 28 toxic kinds"),
        code("controlClass", "control_class", "管制类别", "Control class", ControlClass.self),
        code("pregnancy", "pregnancy", "妊娠用药", "In pregnancy", Pregnancy.self),
        code("cooking", "cooking", "特殊煎法", "Special boiling", Cooking.self),
        code("storageClass", "storage_class", "贮藏类别", "Storage class", StorageClass.self),
        flag("chp2020Listed", "chp2020_listed", "药典2020收载", "In the Pharmacopoeia of 2020"),
        text("notesZh", "notes", "备注", "Notes", 0...60),
        PieceField(
            code: "confidence", column: "confidence", name: .init(zh: "资料可靠程度", en: "Confidence"),
            form: .code(Confidence.allCases.map { Label(code: $0.rawValue, zh: $0.labelZh) }),
            wanted: .init(zh: "high 或 medium", en: "high or medium")),
        PieceField(
            code: "nhsaCode", column: "nhsa_code", name: .init(zh: "医保饮片代码", en: "Insurance code"),
            form: .capitals(1...20), wanted: .init(zh: "至多 20 位大写字母或数字", en: "up to 20 capital letters or digits")),
        PieceField(
            code: "gbt31774", column: "gbt31774", name: .init(zh: "GB/T 31774 编码", en: "GB/T 31774 code"),
            form: .digits(17), wanted: .init(zh: "17 位数字", en: "17 digits")),
        PieceField(
            code: "withdrawnOn", column: "withdrawn_on", name: .init(zh: "停用日期", en: "Withdrawn on"), form: .date,
            wanted: .init(zh: "日期，如 2026-11-22", en: "a date, such as 2026-11-22")),
    ]

    /// By code.
    static let byCode = Dictionary(all.map { ($0.code, $0) }) { first, _ in first }
    /// By column.
    static let byColumn = Dictionary(all.map { ($0.column, $0) }) { first, _ in first }

    private static func text(
        _ code: String, _ column: String, _ zh: String, _ en: String, _ length: ClosedRange<Int>,
        isIdentity: Bool = false
    ) -> PieceField {
        PieceField(
            code: code, column: column, name: .init(zh: zh, en: en), form: .text(length),
            wanted: .init(
                zh: "\(length.lowerBound) 至 \(length.upperBound) 个字",
                en: "text of \(length.lowerBound) to \(length.upperBound) characters"), isIdentity: isIdentity)
    }

    private static func dose(_ code: String, _ column: String, _ zh: String, _ en: String) -> PieceField {
        PieceField(
            code: code, column: column, name: .init(zh: zh, en: en), form: .milligrams,
            wanted: .init(zh: "1 至 1000000 的整数（毫克），非内服留空", en: "a whole number of milligrams, 1 to 1000000, or nothing")
        )
    }

    private static func code<Code: CatalogueCode>(
        _ code: String, _ column: String, _ zh: String, _ en: String, _ type: Code.Type
    ) -> PieceField {
        let labels = Code.allCases.map { Label(code: $0.rawValue, zh: $0.labelZh) }
        return PieceField(
            code: code, column: column, name: .init(zh: zh, en: en), form: .code(labels),
            wanted: .init(
                zh: labels.map(\.zh).joined(separator: "、") + " 之一",
                en: "one of " + labels.map(\.code).joined(separator: ", ")), labelColumn: column + "_zh")
    }

    private static func flag(_ code: String, _ column: String, _ zh: String, _ en: String) -> PieceField {
        PieceField(
            code: code, column: column, name: .init(zh: zh, en: en), form: .flag,
            wanted: .init(zh: "1 或 0", en: "1 or 0"))
    }
}
