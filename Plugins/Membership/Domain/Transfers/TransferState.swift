internal import XinglinKit

/// Where a transfer between two sites stands (domain rules 2.1).
enum TransferState: String, CaseIterable, Codable, Sendable, SQLBindable, SQLTextDecodable {
    case requested
    /// The letter is out: the receiving site has until its last day.
    case letterIssued
    /// The person belongs to the receiving site.
    case received
    /// Nobody received the person in time; another letter may follow.
    case expired
    /// The receiving site sent it back.
    case returned
    /// The giving site called it off.
    case withdrawn

    static var codes: [String] { Self.allCases.map(\.rawValue) }

    var labelZh: String {
        switch self {
        case .requested: "已申请转出"
        case .letterIssued: "已开具介绍信，待接收"
        case .received: "已接收"
        case .expired: "介绍信已过期"
        case .returned: "接收方已退回"
        case .withdrawn: "已撤回"
        }
    }

    /// As it is on a day, whether or not the nightly job has been there: a letter holds through its last day.
    func on(_ day: LocalDate, expiresOn: LocalDate?) -> TransferState {
        guard self == .letterIssued, let expiresOn, day > expiresOn else { return self }
        return .expired
    }
}

/// What is done with a transfer once it is asked for.
enum TransferAction: CaseIterable {
    case issueLetter, receive, sendBack, withdraw

    /// Whose action it is.
    var isOfReceiver: Bool { self == .receive || self == .sendBack }

    func isPossible(in state: TransferState) -> Bool {
        switch self {
        case .issueLetter: state == .requested || state == .expired
        case .receive: state == .letterIssued
        case .sendBack: state == .requested || state == .letterIssued
        case .withdraw: state == .requested || state == .letterIssued || state == .expired
        }
    }
}

/// Why somebody cannot be transferred yet, or any more.
enum TransferObstacle: String, CaseIterable, Sendable {
    /// Between the branch's resolution and the approval (DV-17, DV-23): the committee above decides about what its own branch resolved.
    case approvalPending
    /// The candidate has become a member: the member is transferred.
    case memberNow
    /// The person is no candidate and no member of the giving site any more.
    case gone

    /// The states of a development in which a resolution awaits its approval.
    static let pending: Set<String> = [
        "probationary_pending_approval", "probationary_talked", "conversion_pending_approval",
    ]
}
