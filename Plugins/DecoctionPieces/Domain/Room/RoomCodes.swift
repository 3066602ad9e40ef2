internal import XinglinKit

/// What is boiled in.
enum MachineKind: String, PrescriptionCode {
    case pot, machine

    var labelZh: String {
        switch self {
        case .pot: "煎药锅"
        case .machine: "煎药机"
        }
    }

    static var labelsZh: [String] { Self.allCases.map(\.labelZh) }
}

/// What a machine is kept for, and what a job asks for: they are never mixed (8.5).
enum MachineUse: String, PrescriptionCode {
    case `internal`, external, toxic

    var labelZh: String {
        switch self {
        case .internal: "内服"
        case .external: "外用"
        case .toxic: "毒性药品"
        }
    }

    static var labelsZh: [String] { Self.allCases.map(\.labelZh) }
}

/// Whether a machine takes a job.
enum MachineState: String, PrescriptionCode {
    case ready, busy, dirty, retired

    var labelZh: String {
        switch self {
        case .ready: "可用"
        case .busy: "煎药中"
        case .dirty: "待清洗"
        case .retired: "已停用"
        }
    }

    static var labelsZh: [String] { Self.allCases.map(\.labelZh) }
}

/// How a machine was cleaned.
enum CleaningWay: String, PrescriptionCode {
    case washed, disinfected
}

/// How long it is boiled (8.5).
enum BoilingKind: String, PrescriptionCode {
    case ordinary
    /// Exterior, heat-clearing and aromatic prescriptions.
    case exterior
    case tonic

    var labelZh: String {
        switch self {
        case .ordinary: "一般药"
        case .exterior: "解表、清热、芳香药"
        case .tonic: "滋补药"
        }
    }
}

/// Why a job was broken off.
enum AbortReason: String, PrescriptionCode {
    case scorched, dried, machineFailure, powerCut, wrongPieces, cancelled, recalled, other

    var labelZh: String {
        switch self {
        case .scorched: "煎焦"
        case .dried: "煎干"
        case .machineFailure: "设备故障"
        case .powerCut: "停电"
        case .wrongPieces: "药味有误"
        case .cancelled: "取消代煎"
        case .recalled: "批次召回"
        case .other: "其他"
        }
    }
}

/// What was not as the rules want it when a step was taken.
enum Deviation: String, PrescriptionCode {
    /// Boiled for longer than its kind takes.
    case boiledLong
    /// Packed later than the rule allows.
    case packedLate
    case volumeLow, volumeHigh

    /// Whether the step is taken only with a reason.
    var needsReason: Bool { self != .boiledLong }
}
