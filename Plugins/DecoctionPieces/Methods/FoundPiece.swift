internal import XinglinKit

/// A piece in the reply of `decoction.piece.search`.
struct FoundPiece: Codable, Sendable {
    let code: String
    let nameZh: String
    let pinyin: String
    let initials: String
    let categoryZh: String
    let baseMaterialZh: String
    let processingZh: String
    var doseMinMg: Int64?
    var doseMaxMg: Int64?
    let doseRoute: DoseRoute
    let doseRouteZh: String
    let toxicity: Toxicity
    let toxicityZh: String
    let controlClass: ControlClass
    let controlClassZh: String
    let pregnancy: Pregnancy
    let pregnancyZh: String
    let storageClass: StorageClass
    let storageClassZh: String
    let cooking: Cooking
    let cookingZh: String
    var notesZh: String?
    var aliasZh: String?
    var withdrawnOn: LocalDate?

    static let schema = Schema.object(
        .required("code", .code(8...8), "The key of the piece, XLYPnnnn."),
        .required("nameZh", .text(1...20), "Its name."),
        .required("pinyin", .code(1...60), "Toneless, ü as v, with the readings of the herbs."),
        .required("initials", .code(1...20), "The first letters of the pinyin."),
        .required("categoryZh", .text(1...20), "Its class by effect."),
        .required("baseMaterialZh", .text(1...20), "The material it is made of."),
        .required("processingZh", .text(1...20), "How it is processed."),
        .optional("doseMinMg", .integer(1...1_000_000), "Least adult daily dose; absent where it is not for oral use."),
        .optional(
            "doseMaxMg", .integer(1...1_000_000), "Greatest adult daily dose; absent where it is not for oral use."),
        .required("doseRoute", .enumeration(DoseRoute.codes), "How it is taken."),
        .required("doseRouteZh", .text(1...20), "The same in Chinese."),
        .required(
            "toxicity", .enumeration(Toxicity.codes), "By the Pharmacopoeia's wording; it says nothing of control."),
        .required("toxicityZh", .text(1...20), "The same in Chinese."),
        .required("controlClass", .enumeration(ControlClass.codes), "Control by law, or stricter by the house."),
        .required("controlClassZh", .text(1...20), "The same in Chinese."),
        .required("pregnancy", .enumeration(Pregnancy.codes), "In pregnancy; none is no known caution, not a proof."),
        .required("pregnancyZh", .text(1...20), "The same in Chinese."),
        .required("storageClass", .enumeration(StorageClass.codes), "What its storage has to mind."),
        .required("storageClassZh", .text(1...20), "The same in Chinese."),
        .required("cooking", .enumeration(Cooking.codes), "What is special about boiling it."),
        .required("cookingZh", .text(1...20), "The same in Chinese."),
        .optional("notesZh", .text(1...60), "Further remarks on dose and cooking."),
        .optional("aliasZh", .text(1...20), "The alias by which it was found."),
        .optional("withdrawnOn", .date, "Since when it is withdrawn; such a piece is found by its code alone."))

    static let example = FoundPiece(
        code: "XLYP0015", nameZh: "细辛", pinyin: "xixin", initials: "XX", categoryZh: "解表药", baseMaterialZh: "细辛",
        processingZh: "切段", doseMinMg: 1_000, doseMaxMg: 3_000, doseRoute: .decoct,
        doseRouteZh: DoseRoute.decoct.labelZh, toxicity: .none, toxicityZh: Toxicity.none.labelZh, controlClass: .none,
        controlClassZh: ControlClass.none.labelZh, pregnancy: .none, pregnancyZh: Pregnancy.none.labelZh,
        storageClass: .volatile, storageClassZh: StorageClass.volatile.labelZh, cooking: .none,
        cookingZh: Cooking.none.labelZh, notesZh: "散剂0.5-1g 超3g须双签")
}
