internal import XinglinKit

// Identifiers of the examples of dispensing.
extension Sample {
    static let scale = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0041)
    static let checker = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0042)
    static let disposal = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0043)
    static let spotCheck = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0044)
}
