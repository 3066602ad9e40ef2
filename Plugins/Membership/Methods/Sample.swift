internal import XinglinKit

/// Identifiers and dates for the examples in docs/openrpc.json. Nobody has these names.
enum Sample {
    static let committee = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0201)
    static let branch = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0202)
    static let group = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0203)
    static let other = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0204)
    static let person = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0011)
    static let member = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0211)
    static let fact = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0212)
    static let candidate = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0213)
    static let file = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0214)
    static let account = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0016)
    static let site = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0017)
    /// 2026-11-22T14:30:00+08:00.
    static let instant = Timestamp(microseconds: 1_795_329_000_000_000)
    static let today = Self.instant.localDate
    /// 2018-07-01.
    static let founded = LocalDate(daysSince1970: 17_713)
    /// 2024-06-28.
    static let joined = LocalDate(daysSince1970: 19_902)
    static let sm3 = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"

    static var paper: PaperReference { PaperReference(title: "关于成立党支部的批复", fileId: Self.file, sm3: Self.sm3) }
}
