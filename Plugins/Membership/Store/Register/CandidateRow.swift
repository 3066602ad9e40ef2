internal import XinglinKit

/// A candidate as overviews show them.
struct CandidateRow: Sendable {
    let id: RecordID
    let person: RecordID
    let stage: CandidateStage
    let status: String
    let since: LocalDate
    let organization: RecordID
    let ahead: StepAhead

    /// Reads the rows of `RegisterStore.candidates`.
    static func read(_ rows: Rows, _ call: Call) throws -> [CandidateRow] {
        let steps = try StepStore.table(call.db.rows(StepStore.all))
        typealias Columns = (RecordID, RecordID, String, LocalDate, RecordID, String)
        return try rows.decode(as: Columns.self).compactMap { row in
            let taken = Set(row.5.split(separator: " ").compactMap { Int($0) })
            guard let stage = CandidateStage.allCases.first(where: { $0.states.contains(row.2) }),
                let ahead = StepAhead(status: row.2, taken: taken, steps: steps)
            else { return nil }
            return CandidateRow(
                id: row.0, person: row.1, stage: stage, status: row.2, since: row.3, organization: row.4, ahead: ahead)
        }
    }
}
