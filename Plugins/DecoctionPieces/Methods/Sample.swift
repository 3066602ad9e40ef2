internal import XinglinKit

/// Identifiers and dates of the examples in docs/openrpc.json.
enum Sample {
    static let lot = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0001)
    static let supplier = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0002)
    static let document = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0003)
    static let account = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0004)
    static let location = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0005)
    static let stocktake = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0020)
    /// 2026-11-22T14:30:00+08:00.
    static let instant = Timestamp(microseconds: 1_795_329_000_000_000)
    static let producedOn = instant.localDate.adding(days: -60)
    static let expiresOn = instant.localDate.adding(days: 670)
}
