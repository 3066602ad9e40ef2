internal import XinglinKit

/// Where a lot stands (PC-02). Only an accepted lot may be issued or moved; any lot may be disposed of.
enum LotState: String, CaseIterable, Codable, Sendable, SQLBindable, SQLTextDecodable {
    case quarantined
    /// Accepted by one person, where the law or the house wants two.
    case awaitingSecond
    case accepted
    case rejected
    /// Called back from the patients: it leaves by disposal alone.
    case recalled
    /// Condemned by an inspection: it is disposed of, or released by another person.
    case withheld

    var labelZh: String {
        switch self {
        case .quarantined: "待验收"
        case .awaitingSecond: "待第二人验收"
        case .accepted: "合格"
        case .rejected: "不合格"
        case .recalled: "已召回"
        case .withheld: "已封存"
        }
    }

    static var codes: [String] { Self.allCases.map(\.rawValue) }
    static var labelsZh: [String] { Self.allCases.map(\.labelZh) }
}

/// Why stock changed.
enum MovementKind: String, CaseIterable, Codable, Sendable {
    /// What lay on the shelf before the ledger began.
    case opening
    case receipt
    case issue
    case disposal
    /// From one place of the site to another: a line has two movements, which add up to nothing.
    case transfer
    /// Takes another movement back, and names it.
    case reversal
    /// What a stocktake found too much or too little.
    case stocktake
    /// To another site, which has ordered it.
    case shipment
    /// From another site.
    case arrival
    /// What never arrived at another site.
    case shipmentReturn

    var labelZh: String {
        switch self {
        case .opening: "期初"
        case .receipt: "入库"
        case .issue: "出库"
        case .disposal: "销毁"
        case .transfer: "移库"
        case .reversal: "冲正"
        case .stocktake: "盘点"
        case .shipment: "调拨出库"
        case .arrival: "调拨入库"
        case .shipmentReturn: "调拨退回"
        }
    }

    static var codes: [String] { Self.allCases.map(\.rawValue) }
    static var labelsZh: [String] { Self.allCases.map(\.labelZh) }
}
