internal import XinglinKit

/// Where an order to a shared pharmacy stands.
enum OrderState: String, PrescriptionCode {
    case placed
    /// Taken back by the site that placed it, before it was decided on.
    case cancelled
    case accepted, refused
    /// Something of it is in transit.
    case shipped
    /// Nothing of it is in transit; claims may be open.
    case received

    var labelZh: String {
        switch self {
        case .placed: "已下单"
        case .cancelled: "已取消"
        case .accepted: "已接单"
        case .refused: "已拒单"
        case .shipped: "在途"
        case .received: "已收货"
        }
    }

    static var labelsZh: [String] { Self.allCases.map(\.labelZh) }
}

/// Where a claim for what did not arrive stands.
enum ClaimState: String, PrescriptionCode {
    case open
    /// It had been left behind, and is in transit again.
    case resent
    /// Lost: it stands in the sender's ledger as a disposal.
    case writtenOff
    /// It had never left, or came back: it lies in the sender's store again.
    case found

    var labelZh: String {
        switch self {
        case .open: "待处理"
        case .resent: "已补发"
        case .writtenOff: "已核销"
        case .found: "已找回"
        }
    }

    static var labelsZh: [String] { Self.allCases.map(\.labelZh) }
}

/// How the sender settles a claim.
enum ClaimSettlement: String, PrescriptionCode {
    case resend, writeOff, found

    var state: ClaimState {
        switch self {
        case .resend: .resent
        case .writeOff: .writtenOff
        case .found: .found
        }
    }
}

/// Where a delivery to a village stands.
enum DeliveryState: String, PrescriptionCode {
    case onTheWay, handedOver, broughtBack

    var labelZh: String {
        switch self {
        case .onTheWay: "配送中"
        case .handedOver: "已签收"
        case .broughtBack: "已退回"
        }
    }

    static var labelsZh: [String] { Self.allCases.map(\.labelZh) }
}

/// What the person who signs for a delivery is to the patient.
enum ReceiverRelation: String, PrescriptionCode {
    case `self`, family, villageDoctor, neighbour, other

    var labelZh: String {
        switch self {
        case .`self`: "本人"
        case .family: "家属"
        case .villageDoctor: "村医"
        case .neighbour: "邻居"
        case .other: "其他"
        }
    }

    /// The same as the hand-over of a prescription has it.
    var receiver: Receiver {
        switch self {
        case .`self`: .patient
        case .family: .family
        case .villageDoctor, .neighbour, .other: .staff
        }
    }
}

extension RuleKey {
    static let shipmentDueDays = RuleKey("SHARED", "shipmentDueDays")
    static let deliveryDueDays = RuleKey("SHARED", "deliveryDueDays")

    static let ofShared = [shipmentDueDays, deliveryDueDays]
}
