internal import XinglinKit

/// Data/dues_bands.csv (RFC 4180), read strictly.
struct DuesBandFile {
    static let name = "dues_bands.csv"
    static let columns = [
        "category", "name_zh", "basis", "lower_exclusive_yuan", "upper_inclusive_yuan", "rate_percent", "fixed_min_yuan",
        "fixed_max_yuan", "apply_mode", "rounding", "note", "source", "confidence",
    ]
    private static let roundings = ["0.1元(可配置)": true, "无": false]

    let bands: [DuesBand]

    /// - Throws: `DataFileRefused` with the first line that is not as expected.
    init(parsing file: [UInt8]) throws {
        let table = try DelimitedTable(parsing: file)
        guard table.columns == Self.columns else { throw Self.refused(1, "the columns are not as expected") }
        var bands: [DuesBand] = []
        for (index, cells) in table.rows.enumerated() {
            let number = index + 2
            guard let category = DuesCategory(rawValue: cells["category"] ?? "") else {
                throw Self.refused(number, "the category is not known")
            }
            let former = bands.last { $0.category == category }
            guard former == nil || bands.last == former else {
                throw Self.refused(number, "the bands of a category stand one after the other")
            }
            let band = try Self.band(category, cells, after: former, number)
            try Self.mustFollow(band, former, number)
            bands.append(band)
        }
        for category in DuesCategory.allCases {
            guard let last = bands.last(where: { $0.category == category }), last.throughFen == nil else {
                throw Self.refused(table.rows.count + 1, "\(category.rawValue) has no last band")
            }
        }
        self.bands = bands
    }

    private static func band(
        _ category: DuesCategory, _ cells: [String: String], after former: DuesBand?, _ number: Int
    ) throws(DataFileRefused) -> DuesBand {
        func text(_ column: String) throws(DataFileRefused) -> String {
            guard let text = cells[column], !text.isEmpty else { throw Self.refused(number, "\(column) is empty") }
            return text
        }
        func hundredths(_ column: String) throws(DataFileRefused) -> Int64? {
            guard let text = cells[column], !text.isEmpty else { return nil }
            guard let value = Self.hundredths(text) else { throw Self.refused(number, "\(column) is no amount") }
            return value
        }
        guard let mode = DuesMode(rawValue: try text("apply_mode")), let isRounded = Self.roundings[try text("rounding")]
        else { throw Self.refused(number, "apply_mode or rounding is not known") }
        return DuesBand(
            category: category, position: (former?.position ?? 0) + 1, mode: mode,
            aboveFen: try hundredths("lower_exclusive_yuan"), throughFen: try hundredths("upper_inclusive_yuan"),
            rateBasisPoints: try hundredths("rate_percent"), leastFen: try hundredths("fixed_min_yuan"),
            greatestFen: try hundredths("fixed_max_yuan"), isRounded: isRounded, nameZh: try text("name_zh"),
            basisZh: try text("basis"), note: cells["note"] ?? "", source: try text("source"),
            confidence: try text("confidence"))
    }

    /// Bands of a base begin at nothing and follow each other without a gap; a category has one fixed amount.
    private static func mustFollow(_ band: DuesBand, _ former: DuesBand?, _ number: Int) throws(DataFileRefused) {
        let isWhole: Bool
        switch band.mode {
        case .wholeAmount:
            isWhole = band.aboveFen == (former == nil ? 0 : former?.throughFen) && band.leastFen == nil
                && band.greatestFen == nil && band.rateBasisPoints.map { (1...1000).contains($0) } ?? false
                && band.throughFen.map { $0 > band.aboveFen ?? 0 } ?? true
        case .fixedRange, .fixed:
            isWhole = Self.isFixed(band, former)
                && band.greatestFen.map { band.mode == .fixed ? $0 == band.leastFen : $0 > band.leastFen ?? 0 } ?? false
        case .waiver: isWhole = Self.isFixed(band, former) && band.leastFen == 0 && band.greatestFen == nil
        }
        guard isWhole, (band.mode == .waiver) == (band.category == .hardship) else {
            throw Self.refused(number, "the band does not fit its mode, or the one before")
        }
    }

    private static func isFixed(_ band: DuesBand, _ former: DuesBand?) -> Bool {
        former == nil && band.aboveFen == nil && band.throughFen == nil && band.rateBasisPoints == nil
            && band.leastFen != nil
    }

    /// Hundredths of a decimal number with at most two places: yuan as fen, percent as basis points.
    static func hundredths(_ text: String) -> Int64? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), (1...9).contains(parts[0].utf8.count),
            parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            parts.count == 1 || parts[1].utf8.count <= 2, let whole = Int64(parts[0])
        else { return nil }
        guard parts.count == 2 else { return whole * 100 }
        guard let rest = Int64(parts[1]) else { return nil }
        return whole * 100 + (parts[1].utf8.count == 1 ? rest * 10 : rest)
    }

    private static func refused(_ line: Int, _ problem: String) -> DataFileRefused {
        DataFileRefused(file: Self.name, line: line, problem: problem)
    }
}
