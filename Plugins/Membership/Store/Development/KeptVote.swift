internal import XinglinKit

/// A vote as it was written.
struct KeptVote: Sendable {
    let id: RecordID
    let on: LocalDate
    let purpose: VotePurpose
    let count: VoteCount
    /// What the register had of full members with a vote on that day.
    let registered: Int?
    let isPassed: Bool
    /// The entry of the step that it took; nil where it did not pass.
    let entry: RecordID?
    /// Neither corrected nor void.
    let holds: Bool

    private typealias Columns = (
        RecordID, LocalDate, VotePurpose, Int, Int, Int, Int, Int, Int?, Int, String, Int, String, Bool, RecordID?, Bool
    )

    /// Reads the rows of `DevelopmentStore.keptVotes`.
    static func read(_ rows: Rows) throws -> [KeptVote] {
        let found: [Columns] = try rows.decode(as: Columns.self)
        return found.map { (row: Columns) -> KeptVote in
            let count = VoteCount(
                due: row.3, present: row.4, writtenInFavour: row.5, inFavour: row.6, recused: row.7,
                countedOut: row.9 > 0 ? .init(number: row.9, reason: row.10) : nil,
                unregistered: row.11 > 0 ? .init(number: row.11, reason: row.12) : nil)
            return KeptVote(
                id: row.0, on: row.1, purpose: row.2, count: count, registered: row.8, isPassed: row.13, entry: row.14,
                holds: row.15)
        }
    }
}
