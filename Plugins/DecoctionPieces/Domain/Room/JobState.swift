internal import XinglinKit

/// Where a job stands (8.5): one step after the other, and out of each but the last it may be broken off.
enum JobState: String, PrescriptionCode {
    case received, checked, soaking, boiling1, boiling2, packed, labelled, handedOver, delivered, aborted

    var labelZh: String {
        switch self {
        case .received: "已接收"
        case .checked: "已核对"
        case .soaking: "浸泡中"
        case .boiling1: "第一煎"
        case .boiling2: "第二煎"
        case .packed: "已包装"
        case .labelled: "已贴签"
        case .handedOver: "已发放"
        case .delivered: "已送达"
        case .aborted: "已中止"
        }
    }

    static var labelsZh: [String] { Self.allCases.map(\.labelZh) }

    /// The states that a step may lead to.
    var next: [JobState] {
        switch self {
        case .received: [.checked]
        case .checked: [.soaking]
        case .soaking: [.boiling1]
        case .boiling1: [.boiling2]
        case .boiling2: [.packed]
        case .packed: [.labelled]
        case .labelled: [.handedOver, .delivered]
        case .handedOver, .delivered, .aborted: []
        }
    }

    /// The state from which a step leads here; nil for the first and for what was broken off.
    var former: JobState? { Self.allCases.first { $0.next.contains(self) } }

    /// Whether nothing follows.
    var isFinal: Bool { self.next.isEmpty }

    /// Whether the decoction has gone to the patient.
    var isHandOver: Bool { self == .handedOver || self == .delivered }

    /// Whether the pieces have got wet.
    var isWet: Bool { ![.received, .checked].contains(self) }

    static let unfinished = Self.allCases.filter { !$0.isFinal }

    /// Where a step may lead; a job begins as received, and is broken off by a method of its own.
    static let targets = Self.allCases.filter { $0.former != nil }
}
