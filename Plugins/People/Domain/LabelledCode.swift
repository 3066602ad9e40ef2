internal import XinglinKit

/// A closed set of values: an English code on the wire and in the database, a Chinese label for people.
protocol LabelledCode: RawRepresentable, CaseIterable, Codable, Sendable, Hashable, SQLBindable, SQLTextDecodable
where RawValue == String {
    var labelZh: String { get }
}

extension LabelledCode {
    /// The codes, for a schema.
    static var codes: [String] { Self.allCases.map(\.rawValue) }

    /// The value that a file writes so: its code, in any case, or its label.
    init?(written text: String) {
        let wanted = text.lowercased()
        guard let value = Self.allCases.first(where: { $0.rawValue.lowercased() == wanted || $0.labelZh == text })
        else {
            return nil
        }
        self = value
    }

    /// The labels, for a description.
    static var labelsZh: String { Self.allCases.map(\.labelZh).joined(separator: "、") }
}

/// Sex as GB/T 2261.1 has it: 0 unknown, 1 male, 2 female, 9 not stated.
enum Sex: String, LabelledCode {
    case male, female, unknown, notStated

    var labelZh: String {
        switch self {
        case .male: "男"
        case .female: "女"
        case .unknown: "未知"
        case .notStated: "未说明"
        }
    }

    /// Whether it says anything that a document could contradict.
    var isStated: Bool { self == .male || self == .female }
}

/// What kind of identity document.
enum DocumentKind: String, LabelledCode {
    case citizenId, passport, other

    var labelZh: String {
        switch self {
        case .citizenId: "居民身份证"
        case .passport: "护照"
        case .other: "其他证件"
        }
    }
}

/// What personal data is looked at for. A code, never text that a person typed.
enum Purpose: String, LabelledCode {
    case treatment, dispensing, registration, emergency, referral, publicHealth, followUp, administration

    var labelZh: String {
        switch self {
        case .treatment: "诊疗"
        case .dispensing: "调剂发药"
        case .registration: "建档核对"
        case .emergency: "急救"
        case .referral: "转诊会诊"
        case .publicHealth: "公共卫生服务"
        case .followUp: "随访"
        case .administration: "人事与行政管理"
        }
    }
}

/// What a department does.
enum DepartmentKind: String, LabelledCode {
    case clinical, medicalTechnology, pharmacy, nursing, emergency, publicHealth, administration, logistics, other

    var labelZh: String {
        switch self {
        case .clinical: "临床科室"
        case .medicalTechnology: "医技科室"
        case .pharmacy: "药学部门"
        case .nursing: "护理部门"
        case .emergency: "急诊急救"
        case .publicHealth: "公共卫生"
        case .administration: "行政职能"
        case .logistics: "后勤保障"
        case .other: "其他"
        }
    }
}

/// What a member of staff has been given the right to do.
enum StaffRight: String, LabelledCode {
    case prescribing, tcmPrescribing, toxicDrugs, narcotics, antimicrobials, prescriptionReview, dispensing
    case teleconsultation

    var labelZh: String {
        switch self {
        case .prescribing: "处方权"
        case .tcmPrescribing: "中药饮片处方权"
        case .toxicDrugs: "医疗用毒性药品处方权"
        case .narcotics: "麻醉药品和第一类精神药品处方权"
        case .antimicrobials: "抗菌药物处方权"
        case .prescriptionReview: "处方审核权"
        case .dispensing: "处方调剂权"
        case .teleconsultation: "远程会诊资格"
        }
    }
}
