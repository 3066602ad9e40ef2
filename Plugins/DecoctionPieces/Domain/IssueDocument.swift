internal import XinglinKit

/// One line of an issue: a piece, how much of it, and from which lot where the caller names one.
struct IssueLine: Codable, Sendable, Equatable {
    let pieceCode: String
    let quantityMg: Int64
    var lotId: RecordID?
}

/// What was taken from one lot for one line.
struct Move: Codable, Sendable, Equatable {
    let lotId: RecordID
    let pieceCode: String
    let quantityMg: Int64
}

/// A document that takes stock out, whole or not at all.
struct IssueDocument {
    /// A line with its number in the request, from 1.
    struct Entry: Equatable {
        let number: Int
        let line: IssueLine
    }

    /// The lines in the order in which they are taken: by piece, so that two documents lock lots in one order; within a
    /// piece the lines that name a lot first, so that the others do not use up the named lots.
    let entries: [Entry]

    init(_ lines: [IssueLine]) {
        self.entries = lines.enumerated().map { Entry(number: $0.offset + 1, line: $0.element) }
            .sorted { left, right in
                Self.rank(left) < Self.rank(right)
            }
    }

    private static func rank(_ entry: Entry) -> (String, Int, Int) {
        (entry.line.pieceCode, entry.line.lotId == nil ? 1 : 0, entry.number)
    }

    /// The piece codes, each once, in order.
    var pieceCodes: [String] { Array(Set(self.entries.map(\.line.pieceCode))).sorted() }

    /// The lots that lines name, each once, in order.
    var namedLots: [RecordID] { Array(Set(self.entries.compactMap(\.line.lotId))).sorted() }

    /// The entries for which less was taken than asked. `taken` holds the moves of each entry.
    func shortEntries(_ taken: [[Move]]) -> [Entry] {
        zip(self.entries, taken).compactMap { entry, moves in
            moves.reduce(0) { $0 + $1.quantityMg } == entry.line.quantityMg ? nil : entry
        }
    }

    /// The moves in the order of the request's lines, within a line by first expiry.
    func inRequestOrder(_ taken: [[Move]]) -> [Move] {
        zip(self.entries, taken).sorted { $0.0.number < $1.0.number }.flatMap(\.1)
    }
}
