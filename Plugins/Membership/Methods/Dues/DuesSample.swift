internal import XinglinKit

/// What the examples of dues show.
enum DuesSample {
    static let month = "2026-11"
    static let payment = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0221)
    static let gift = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0222)
    static let exemption = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0223)
    static let excuse = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0224)
    static let notice = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0225)
    static var duesMonth: CalendarMonth { CalendarMonth(of: Sample.today) }
    static var paper: PaperReference { PaperReference(title: "关于同意减免党费的批复", fileId: Sample.file, sm3: Sample.sm3) }
}

extension Schema {
    /// Money, in fen.
    static let fen = Schema.integer(0...1_000_000_000_000)
    /// A payment, in fen.
    static let paidFen = Schema.integer(1...10_000_000_000)
}
