/// One line of the catalogue (domain-rules 8.7).
struct Piece: Equatable {
    let code: String
    let nameZh: String
    let pinyin: String
    let initials: String
    let latin: String
    let baseMaterial: String
    let category: String
    let sourcePart: String
    let processing: String
    let natureFlavour: String
    let meridian: String
    /// The adult daily dose of the dry piece; nil where it is not for oral use.
    let dose: ClosedRange<Int64>?
    let doseRoute: DoseRoute
    let toxicity: Toxicity
    /// Whether it is one of the 28 toxic kinds of the State Council's list.
    let isControlledToxic28: Bool
    let controlClass: ControlClass
    let pregnancy: Pregnancy
    let cooking: Cooking
    let storageClass: StorageClass
    /// Whether the Pharmacopoeia of 2020 lists it.
    let isChP2020Listed: Bool
    /// Empty where the file has none.
    let notes: String
    let confidence: Confidence

    /// The columns of the data file, in order.
    static let columns = [
        "code", "name_zh", "pinyin", "initials", "latin", "base_material", "category", "source_part", "processing",
        "nature_flavour", "meridian", "dose_min_g", "dose_max_g", "dose_route", "toxicity", "controlled_toxic_28",
        "control_class", "pregnancy", "special_cooking", "storage_class", "chp2020_listed", "notes", "confidence",
    ]

    /// Reads a line.
    init(_ line: CatalogueLine) throws(CatalogueRefused) {
        self.code = try line.text("code", \.isPieceCode)
        self.nameZh = try line.text("name_zh")
        self.pinyin = try line.text("pinyin", \.isLowercaseASCII)
        self.initials = try line.text("initials", \.isUppercaseASCII)
        self.latin = try line.text("latin")
        self.baseMaterial = try line.text("base_material")
        self.category = try line.text("category")
        self.sourcePart = try line.text("source_part")
        self.processing = try line.text("processing")
        self.natureFlavour = try line.text("nature_flavour")
        self.meridian = try line.text("meridian")
        self.dose = try line.dose("dose_min_g", "dose_max_g")
        self.doseRoute = try line.code("dose_route")
        self.toxicity = try line.code("toxicity")
        self.isControlledToxic28 = try line.flag("controlled_toxic_28")
        self.controlClass = try line.code("control_class")
        self.pregnancy = try line.code("pregnancy")
        self.cooking = try line.code("special_cooking")
        self.storageClass = try line.code("storage_class")
        self.isChP2020Listed = try line.flag("chp2020_listed")
        self.notes = line.cells["notes"] ?? ""
        self.confidence = try line.code("confidence")
    }
}

extension String {
    fileprivate var isPieceCode: Bool {
        self.utf8.count == 8 && self.hasPrefix("XLYP")
            && self.utf8.dropFirst(4).allSatisfy { (0x30...0x39).contains($0) }
    }
    fileprivate var isLowercaseASCII: Bool { self.utf8.allSatisfy { (0x61...0x7A).contains($0) } }
    fileprivate var isUppercaseASCII: Bool { self.utf8.allSatisfy { (0x41...0x5A).contains($0) } }
}
