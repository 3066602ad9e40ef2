internal import XinglinKit

/// The pharmacy's indicators (C* of the county's list).
enum IndicatorCode: String, CaseIterable, Codable, Sendable, SQLTextDecodable {
    case kinds = "C01"
    case visits = "C02"
    case prescriptions = "C03"
    case weights = "C04"
    case checks = "C05"
    case loss = "C06"

    static var codes: [String] { Self.allCases.map(\.rawValue) }

    /// The unit of numerator and denominator.
    var amountUnit: String {
        switch self {
        case .kinds: "kind"
        case .visits: "visit"
        case .prescriptions, .checks: "prescription"
        case .weights: "dose"
        case .loss: "fen"
        }
    }

    /// The rule of whose values the result depends.
    var rule: String? {
        switch self {
        case .weights: RuleKey.tolerancePercent.rule
        case .kinds, .visits, .prescriptions, .checks, .loss: nil
        }
    }

    /// Whether numerator and denominator are absent, and not 0, where no line is: somebody has to record them.
    var isRecorded: (numerator: Bool, denominator: Bool) {
        switch self {
        case .visits: (true, true)
        case .prescriptions: (false, true)
        case .kinds, .weights, .checks, .loss: (false, false)
        }
    }
}

/// What an indicator comes to. Missing is not 0, and nothing is divided by 0 (domain-rules chapter 11).
struct IndicatorValue: Equatable {
    let numerator: Int64?
    let denominator: Int64?
    /// A decimal text; nil where there is a reason.
    let value: String?
    let reason: Reason?

    /// Why there is no value.
    enum Reason: String, CaseIterable, Codable, Sendable {
        /// The denominator is 0.
        case zeroDenominator = "D0"
        /// Somebody has to record, or to weigh, what it needs.
        case missing

        static var codes: [String] { Self.allCases.map(\.rawValue) }
    }

    /// - Parameter unmeasured: what belongs to it and was never measured.
    init(_ code: IndicatorCode, numerator: Int64?, denominator: Int64?, unmeasured: Int64?) {
        let above = code.isRecorded.numerator ? numerator : numerator ?? 0
        self.numerator = above
        guard code != .kinds else {
            self.denominator = nil
            self.value = above.map { String($0) }
            self.reason = above == nil ? .missing : nil
            return
        }
        let below = code.isRecorded.denominator ? denominator : denominator ?? 0
        self.denominator = below
        guard let above, let below, below != 0 || unmeasured ?? 0 == 0 else {
            self.value = nil
            self.reason = .missing
            return
        }
        self.value = below == 0 ? nil : Self.percent(above, of: below)
        self.reason = below == 0 ? .zeroDenominator : nil
    }

    /// Per cent with two decimals, half away from zero.
    static func percent(_ above: Int64, of below: Int64) -> String {
        let isNegative = (above < 0) != (below < 0) && above != 0
        let (top, bottom) = (Int128(above.magnitude), Int128(below.magnitude))
        let hundredths = (top * 20_000 + bottom) / (bottom * 2)
        let cents = String(hundredths % 100)
        return "\(isNegative ? "-" : "")\(hundredths / 100).\(cents.count == 1 ? "0" : "")\(cents)"
    }
}

/// A line of `Data/indicators.csv`.
struct IndicatorLine: Equatable {
    let code: String
    let nameZh: String
    let nameEn: String
    let numeratorZh: String
    let denominatorZh: String
    let formula: String
    let unit: String
    let periodZh: String
    let direction: String
    let basis: String
    let confidence: String

    static let columns = [
        "code", "name_zh", "name_en", "numerator", "denominator", "formula", "unit", "period", "direction",
        "source_module", "basis", "confidence",
    ]

    /// Reads the file.
    /// - Throws: `IndicatorsMalformed` where columns are others, or the indicators are not those that the module works out.
    static func lines(parsing bytes: [UInt8]) throws -> [IndicatorLine] {
        let table = try DelimitedTable(parsing: bytes)
        let lines = table.rows.map { row in
            func cell(_ column: String) -> String { row[column] ?? "" }
            return IndicatorLine(
                code: cell("code"), nameZh: cell("name_zh"), nameEn: cell("name_en"), numeratorZh: cell("numerator"),
                denominatorZh: cell("denominator"), formula: cell("formula"), unit: cell("unit"),
                periodZh: cell("period"), direction: cell("direction"), basis: cell("basis"),
                confidence: cell("confidence"))
        }
        guard table.columns == Self.columns, lines.map(\.code) == IndicatorCode.codes else {
            throw IndicatorsMalformed()
        }
        return lines
    }
}

/// Why the file of indicators could not be read.
struct IndicatorsMalformed: Error, CustomStringConvertible {
    let description = "indicators.csv has other columns or other indicators than the module works out"
}
