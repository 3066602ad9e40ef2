internal import XinglinKit

/// Where a prescription stands that was sent to another site's pharmacy. How far the pharmacy has brought it says its own state there.
enum ForwardingState: String, PrescriptionCode {
    case sent
    /// Called back by who sent it, before the pharmacy had taken it.
    case withdrawn
    /// The pharmacy reviews and dispenses it.
    case taken
    /// Back to the doctor, with a reason.
    case refused
    /// The finished medicine is on its way to who sent the prescription.
    case inTransit
    case received

    var labelZh: String {
        switch self {
        case .sent: "已转出，待接方"
        case .withdrawn: "已撤回"
        case .taken: "已接方"
        case .refused: "已退回医师"
        case .inTransit: "送回途中"
        case .received: "已送达"
        }
    }
}
