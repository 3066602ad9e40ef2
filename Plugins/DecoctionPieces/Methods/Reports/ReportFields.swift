internal import XinglinKit

/// Fields that reports have in common.
enum ReportFields {
    static let milligrams = Schema.integer(Int64.min...Int64.max)
    static let fen = Schema.integer(Int64.min...Int64.max)
    static let count = Schema.integer(0...Int64.max)
    static let piece = Schema.Field.optional("pieceCode", .code(1...20), "Only this piece.")

    static func mg(_ name: String, _ what: String) -> Schema.Field {
        .required(name, Self.milligrams, "\(what), in milligrams.")
    }

    /// Money at cost, lot by lot, each rounded to the fen (PC-04).
    static func fen(_ name: String, _ what: String) -> Schema.Field {
        .required(name, Self.fen, "\(what), in fen at cost.")
    }

    static func count(_ name: String, _ what: String) -> Schema.Field { .required(name, Self.count, what) }

    static let pieceNames: [Schema.Field] = [
        .required("pieceCode", .code(1...20), "The piece."), .required("nameZh", .text(1...20), "Its name."),
    ]

    /// What there was, came, went and is left: closing = opening + in − out, in milligrams and in fen.
    static let flow: [Schema.Field] = [
        Self.mg("openingMg", "What there was when the first day began"),
        Self.fen("openingFen", "What there was when the first day began"),
        Self.mg("inMg", "What came in"), Self.fen("inFen", "What came in"), Self.mg("outMg", "What went out"),
        Self.fen("outFen", "What went out"), Self.mg("closingMg", "What was there at the end of the last day"),
        Self.fen("closingFen", "What was there at the end of the last day"),
    ]
}

// Identifiers and days of the examples of reports.
extension Sample {
    static let today = instant.localDate
    static let monthBegin = instant.localDate.firstOfMonth
    static let review = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0061)
}
