internal import XinglinKit

/// Where pieces lie beside the main store.
enum LocationKind: String, CaseIterable, Codable, Sendable, SQLBindable, SQLTextDecodable {
    /// Holds one piece, which its label names (PC-03).
    case drawer
    /// Locked, for toxic pieces alone (8.2).
    case toxicCupboard
    /// Goes out with an outreach team.
    case outreachBox

    var labelZh: String {
        switch self {
        case .drawer: "药斗"
        case .toxicCupboard: "毒性药品柜"
        case .outreachBox: "巡诊药箱"
        }
    }

    static var codes: [String] { Self.allCases.map(\.rawValue) }
    static var labelsZh: [String] { Self.allCases.map(\.labelZh) }

    /// Why a place does not take a piece, or nil where it does. `TransferStore.transfer` says the same in SQL.
    func refusal(of piece: String, control: ControlClass, drawer: String?) -> String? {
        switch self {
        case .drawer where control == .toxic, .outreachBox where control == .toxic: "toxicCupboardOnly"
        case .drawer: drawer == piece ? nil : "drawerHoldsAnotherPiece"
        case .toxicCupboard: control == .toxic ? nil : "toxicPiecesOnly"
        case .outreachBox: nil
        }
    }
}
