internal import XinglinKit

/// A day as spreadsheets write it: `2015-06-30`, `2015/6/30`, `2015.6.30`, `2015年6月30日`, `20150630`, with or without a time of midnight.
enum WrittenDate {
    /// What is written instead of a day.
    enum Trouble: Error, CaseIterable {
        case noDate
        /// `2015.06`: which day is not said.
        case monthOnly
        /// `42185`: the spreadsheet's count of days, from a column that is not formatted as a date.
        case dayNumber

        var text: LocalizedText {
            switch self {
            case .noDate: .init(zh: "日期须写作 2015-06-30", en: "a day such as 2015-06-30")
            case .monthOnly:
                .init(zh: "只有年月，须写明日，如 2015-06-30", en: "year and month only: the day is needed, such as 2015-06-30")
            case .dayNumber:
                .init(
                    zh: "这是表格软件的日期序号，请将该列设为日期格式后重新导出",
                    en: "a spreadsheet's day number: format the column as a date and export again")
            }
        }
    }

    static func read(_ text: String) throws(Trouble) -> LocalDate {
        let plain = Self.withoutMidnight(HalfWidth.of(text))
        if plain.utf8.allSatisfy(Self.isDigit) { return try Self.digits(plain) }
        var parts = plain.split(omittingEmptySubsequences: false) { "-/.年月".contains($0) }
        // 2015年6月 ends with an empty part.
        if parts.count == 3, parts[2].isEmpty { parts.removeLast() }
        if parts.count == 2, Self.number(parts[0], 4...4) != nil, let month = Self.number(parts[1], 1...2),
            (1...12).contains(month)
        {
            throw .monthOnly
        }
        guard parts.count == 3 else { throw .noDate }
        let last = parts[2].hasSuffix("日") ? parts[2].dropLast() : parts[2]
        guard let year = Self.number(parts[0], 4...4), let month = Self.number(parts[1], 1...2),
            let day = Self.number(last, 1...2), let date = LocalDate(year: year, month: month, day: day)
        else { throw .noDate }
        return date
    }

    private static func digits(_ text: String) throws(Trouble) -> LocalDate {
        switch text.utf8.count {
        case 8:
            let number = Int(text) ?? 0
            guard let date = LocalDate(year: number / 10_000, month: number / 100 % 100, day: number % 100) else {
                throw .noDate
            }
            return date
        case 6 where (1...12).contains((Int(text) ?? 0) % 100): throw .monthOnly
        case 5: throw .dayNumber
        default: throw .noDate
        }
    }

    /// `2015/6/30 0:00:00` is the day alone.
    private static func withoutMidnight(_ text: String) -> String {
        let parts = text.split(separator: " ")
        guard parts.count == 2, parts[1].utf8.allSatisfy({ $0 == 0x30 || $0 == 0x3A }) else { return text }
        return String(parts[0])
    }

    private static func number(_ text: Substring, _ digits: ClosedRange<Int>) -> Int? {
        guard digits.contains(text.utf8.count), text.utf8.allSatisfy(Self.isDigit) else { return nil }
        return Int(text)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
