internal import XinglinKit

/// Which way a value is stricter.
enum Tighter: String, CaseIterable, Codable, Sendable, SQLBindable, SQLTextDecodable {
    case lower, higher, none

    static var codes: [String] { Self.allCases.map(\.rawValue) }

    /// Whether a value is laxer than another. A text is neither.
    func isLaxer(_ value: String, than other: String) -> Bool {
        guard let value = Int64(value), let other = Int64(other) else { return false }
        switch self {
        case .lower: return value > other
        case .higher: return value < other
        case .none: return false
        }
    }
}

/// How sure the domain rules are of a value.
enum RuleConfidence: String, CaseIterable, Codable, Sendable, SQLBindable {
    case high = "H"
    case medium = "M"
    case low = "L"
    /// The product's own proposal, without legal force.
    case product = "prod"

    static var codes: [String] { Self.allCases.map(\.rawValue) }
}

/// One value of a rule as Data/rules.csv ships it.
struct RuleLine: Equatable {
    let rule: String
    let parameter: String
    let version: Int
    let value: String
    let unit: String
    let tighter: Tighter
    /// Whether the county and its sites may tighten it but not loosen it.
    let isNational: Bool
    let source: String
    let confidence: RuleConfidence
    let reviewer: String
    let validFrom: LocalDate
    let validTo: LocalDate?
    let summaryZh: String
    let summaryEn: String

    /// The units whose values are no numbers.
    static let wordUnits: Set<String> = ["code", "names"]

    static let columns = [
        "rule", "parameter", "version", "value", "unit", "tighter", "is_national", "source", "confidence", "reviewer",
        "valid_from", "valid_to", "summary_zh", "summary_en",
    ]

    init(_ row: StrictRow) throws(DataFileRefused) {
        self.rule = try row.text("rule")
        self.parameter = try row.text("parameter")
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
        self.summaryZh = try row.text("summary_zh")
        self.summaryEn = try row.text("summary_en")
        let limit = RuleBounds.limits[RuleKey(self.rule, self.parameter)]
        guard RuleLine.isWellFormed(self.value, unit: self.unit), limit?.allows(self.value) ?? true else {
            throw row.refused("value")
        }
    }

    /// Whether a value fits the unit: digits but for words.
    static func isWellFormed(_ value: String, unit: String) -> Bool {
        guard !Self.wordUnits.contains(unit) else { return !value.isEmpty }
        return (1...9).contains(value.utf8.count) && value.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}

/// The shipped values, each once for a version.
struct RuleFile {
    let lines: [RuleLine]

    /// - Throws: `DataFileRefused` with the first line that is not as expected.
    init(parsing file: [UInt8]) throws {
        let table = try StrictTable(parsing: file, name: "rules.csv", columns: RuleLine.columns)
        var seen: Set<[String]> = []
        self.lines = try table.rows.map { row in
            let line = try RuleLine(row)
            guard seen.insert([line.rule, line.parameter, String(line.version)]).inserted else {
                throw row.refused("parameter")
            }
            return line
        }
    }
}
