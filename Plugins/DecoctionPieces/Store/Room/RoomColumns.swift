internal import XinglinKit

/// The encrypted columns of the decoction room: what a person typed at a step, and who received the bags.
enum RoomColumns {
    static let note = SealedColumn("job_step", "note", key: "step_id")
    static let receivedBy = SealedColumn("job_step", "received_by", key: "step_id")

    static let all = [note, receivedBy]
}
