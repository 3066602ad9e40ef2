internal import XinglinKit

/// A vote as it was written.
struct KeptVote: Sendable {
    let id: RecordID
    let on: LocalDate
    let purpose: VotePurpose
    let count: VoteCount
    let isPassed: Bool
    /// The entry of the step that it took; nil where it did not pass.
    let entry: RecordID?
    /// Neither corrected nor void.
    let holds: Bool

    private typealias Columns = (
        RecordID, LocalDate, VotePurpose, Int, Int, Int, Int, Int, Bool, RecordID?, Bool
    )

    /// Reads the rows of `DevelopmentStore.keptVotes`.
    static func read(_ rows: Rows) throws -> [KeptVote] {
        let found: [Columns] = try rows.decode(as: Columns.self)
        return found.map { (row: Columns) -> KeptVote in
            let count = VoteCount(
                due: row.3, present: row.4, writtenInFavour: row.5, inFavour: row.6, recused: row.7)
            return KeptVote(
                id: row.0, on: row.1, purpose: row.2, count: count, isPassed: row.8, entry: row.9, holds: row.10)
        }
    }
}
