/// One value of a rule as a module's Data/rules.csv ships it.
public struct RuleLine: Sendable, Equatable {
    public let key: RuleKey
    public let version: Int
    public let value: String
    /// What the value counts; `code` and `names` are words.
    public let unit: String
    public let tighter: Tighter
    /// Whether the county and its sites may tighten it but not loosen it.
    public let isNational: Bool
    /// Statute and clause, or who decided it.
    public let source: String
    public let confidence: RuleConfidence
    /// Who has reviewed it, by office.
    public let reviewer: String
    public let validFrom: LocalDate
    /// The last day, where one is known.
    public let validTo: LocalDate?
    /// What the value is.
    public let summary: LocalizedText

    /// The units whose values are no numbers.
    public static let wordUnits: Set<String> = ["code", "names"]

    /// The columns of the file, in order.
    public static let columns = [
        "rule", "parameter", "version", "value", "unit", "tighter", "is_national", "source", "confidence", "reviewer",
        "valid_from", "valid_to", "summary_zh", "summary_en",
    ]

    public init(
        _ key: RuleKey, version: Int = 1, value: String, unit: String, tighter: Tighter, isNational: Bool,
        source: String, confidence: RuleConfidence, reviewer: String, validFrom: LocalDate, validTo: LocalDate? = nil,
        summary: LocalizedText
    ) {
        self.key = key
        self.version = version
        self.value = value
        self.unit = unit
        self.tighter = tighter
        self.isNational = isNational
        self.source = source
        self.confidence = confidence
        self.reviewer = reviewer
        self.validFrom = validFrom
        self.validTo = validTo
        self.summary = summary
    }

    /// Reads a line of the file.
    /// - Throws: `DataFileRefused` where a cell is not as expected, or the value not within the bounds.
    init(_ row: StrictRow, bounds: RuleBounds) throws(DataFileRefused) {
        self.key = RuleKey(try row.text("rule"), try row.text("parameter"))
        guard let version = Int(try row.text("version")), version > 0 else { throw row.refused("version") }
        self.version = version
        self.unit = try row.text("unit")
        self.value = try row.text("value")
        self.tighter = try row.code("tighter")
        switch row.optionalText("is_national") {
        case "0": self.isNational = false
        case "1": self.isNational = true
        default: throw row.refused("is_national")
        }
        self.source = try row.text("source")
        self.confidence = try row.code("confidence")
        self.reviewer = try row.text("reviewer")
        guard let from = LocalDate(try row.text("valid_from")) else { throw row.refused("valid_from") }
        self.validFrom = from
        let end = row.optionalText("valid_to")
        self.validTo = end.isEmpty ? nil : LocalDate(end)
        guard end.isEmpty || self.validTo.map({ $0 >= from }) == true else { throw row.refused("valid_to") }
        self.summary = LocalizedText(zh: try row.text("summary_zh"), en: try row.text("summary_en"))
        guard RuleLine.isWellFormed(self.value, unit: self.unit), bounds.limits[self.key]?.allows(self.value) ?? true
        else { throw row.refused("value") }
    }

    /// Whether a value fits the unit: digits but for words.
    static func isWellFormed(_ value: String, unit: String) -> Bool {
        guard !Self.wordUnits.contains(unit) else { return !value.isEmpty }
        return (1...9).contains(value.utf8.count) && value.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}
