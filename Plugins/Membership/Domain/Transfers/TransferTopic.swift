internal import XinglinKit

/// What has happened to transfers, published at both sites. Bodies hold ids alone.
enum TransferTopic {
    struct Body: Codable, Sendable {
        let transferId: RecordID
        var memberId: RecordID?
        var candidateId: RecordID?
    }

    static let requested = Self.topic(
        "membership.transfer.requested", zh: "已申请组织关系转出", en: "A transfer to another site was requested")
    static let letterIssued = Self.topic(
        "membership.transfer.letterIssued", zh: "已登记组织关系介绍信，待接收",
        en: "A letter of transfer was recorded: the receiving site may receive the person")
    static let received = Self.topic(
        "membership.transfer.received", zh: "组织关系已接收",
        en: "A person was received: from the day of the receipt on they belong to the receiving site")
    static let returned = Self.topic(
        "membership.transfer.returned", zh: "组织关系转接已退回", en: "The receiving site sent a transfer back")

    static let all = [requested, letterIssued, received, returned]

    private static func topic(_ name: String, zh: String, en: String) -> EventTopic {
        EventTopic(
            name, .init(zh: zh, en: en), access: MembershipAccess.officers,
            body: .object(
                .required("transferId", .id, "The transfer; the event's subject."),
                .optional("memberId", .id, "The member; absent of a candidate."),
                .optional("candidateId", .id, "The development that goes along.")),
            example: Body(transferId: Sample.transfer, memberId: Sample.member, candidateId: Sample.candidate))
    }
}
