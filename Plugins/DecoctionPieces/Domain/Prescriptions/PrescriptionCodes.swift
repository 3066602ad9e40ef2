internal import XinglinKit

/// A closed set of codes of prescriptions, on the wire and in the database.
protocol PrescriptionCode: RawRepresentable, CaseIterable, Codable, Sendable, Hashable, SQLBindable, SQLTextDecodable
where RawValue == String {}

extension PrescriptionCode {
    /// The codes, for a schema.
    static var codes: [String] { Self.allCases.map(\.rawValue) }
}

/// Sex as GB/T 2261.1 has it.
enum PatientSex: String, PrescriptionCode {
    case male, female, unknown, notStated

    var labelZh: String {
        switch self {
        case .male: "男"
        case .female: "女"
        case .unknown: "未知"
        case .notStated: "未说明"
        }
    }
}

/// What is known of a pregnancy.
enum PregnancyAnswer: String, PrescriptionCode {
    case yes, no, unknown
}

/// How the prescription is used.
enum PrescriptionUse: String, PrescriptionCode {
    case oral, external
}

/// Which form it is written on.
enum PrescriptionKind: String, PrescriptionCode {
    case ordinary, emergency, longTerm
    /// The light red form.
    case narcotic

    var labelZh: String {
        switch self {
        case .ordinary: "普通"
        case .emergency: "急诊"
        case .longTerm: "长期"
        case .narcotic: "麻醉"
        }
    }
}

/// Where a prescription stands. Those from `approved` to `handedOver` belong to review and dispensing.
enum PrescriptionState: String, PrescriptionCode {
    /// Recorded, and held up by what no signature lifts: it is rewritten, or checked again when the cause is gone.
    case submitted
    case awaitingSignature
    case readyForReview
    case approved, refused, dispensing, dispensed, handedOver, withdrawn
    /// Sent to another site's pharmacy: where it stands there, the forwarding says.
    case forwarded
    /// Back from there as finished medicine, to be handed over here.
    case arrived

    var labelZh: String {
        switch self {
        case .submitted: "已提交，待改方"
        case .awaitingSignature: "待再次签名"
        case .readyForReview: "待审方"
        case .approved: "审方通过"
        case .refused: "审方退回"
        case .dispensing: "调剂中"
        case .dispensed: "已调剂"
        case .handedOver: "已发药"
        case .withdrawn: "已撤销"
        case .forwarded: "已转共享中药房"
        case .arrived: "成药已送达，待发药"
        }
    }

    static var labelsZh: [String] { Self.allCases.map(\.labelZh) }

    /// Before it is weighed, the doctor may take it back or write it anew.
    static let open: [PrescriptionState] = [.submitted, .awaitingSignature, .readyForReview, .approved, .refused]
}

// What the check reads of the catalogue.
extension Cooking: SQLTextDecodable {}
extension DoseRoute: SQLTextDecodable {}
extension Toxicity: SQLTextDecodable {}
extension ControlClass: SQLTextDecodable {}
extension Pregnancy: SQLTextDecodable {}
