internal import XinglinKit

/// The encrypted columns of review and dispensing: every text that a person typed.
enum DispensingColumns {
    static let reviewNote = SealedColumn("review", "note", key: "review_id")
    static let returnReason = SealedColumn("returned", "reason", key: "document_id")
    static let receiverName = SealedColumn("hand_over", "receiver_name", key: "hand_over_id")
    static let counselling = SealedColumn("hand_over", "counselling", key: "hand_over_id")
    static let spotCheckNote = SealedColumn("spot_check", "note", key: "spot_check_id")

    static let all = [reviewNote, returnReason, receiverName, counselling, spotCheckNote]
}
