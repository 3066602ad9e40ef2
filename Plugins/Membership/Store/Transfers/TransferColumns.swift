internal import XinglinKit

/// The encrypted columns of transfers and of members who are away.
enum TransferColumns {
    static let personName = SealedColumn("transfer", "person_name", key: "transfer_id")
    static let reason = SealedColumn("transfer", "reason", key: "transfer_id")
    static let returnReason = SealedColumn("transfer", "return_reason", key: "transfer_id")
    static let toPlace = SealedColumn("flow", "to_place", key: "flow_id")
    static let flowReason = SealedColumn("flow", "reason", key: "flow_id")

    static let all = [personName, reason, returnReason, toPlace, flowReason]
}
