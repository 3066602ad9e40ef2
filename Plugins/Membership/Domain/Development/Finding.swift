internal import XinglinKit

/// What a rule says against a step, or about it.
struct Finding: Sendable, Equatable {
    /// The rule, such as `DV-07`.
    let rule: String
    /// What is missing.
    let text: LocalizedText
    /// Who can supply it.
    let who: Supplier
    /// From which day on the rule is content, where that is known.
    var earliestOn: LocalDate?
    /// A warning is said, and blocks nothing.
    var isWarning = false
    /// Statute and article; set by the judge.
    var clause = ""

    init(
        _ rule: String, zh: String, en: String, who: Supplier, earliestOn: LocalDate? = nil, isWarning: Bool = false
    ) {
        self.rule = rule
        self.text = LocalizedText(zh: zh, en: en)
        self.who = who
        self.earliestOn = earliestOn
        self.isWarning = isWarning
    }
}

/// Who can supply what is missing.
enum Supplier: String, CaseIterable, Codable, Sendable {
    /// The person in development.
    case applicant
    case branch
    case branchCommittee
    case branchMeeting
    case higherCommittee
    case countyDepartment
    case siteAdmin
    /// The day has to come.
    case time

    static var codes: [String] { Self.allCases.map(\.rawValue) }

    var labelEn: String {
        switch self {
        case .applicant: "the person"
        case .branch: "the branch"
        case .branchCommittee: "the branch committee"
        case .branchMeeting: "the branch meeting"
        case .higherCommittee: "the higher committee"
        case .countyDepartment: "the county's organisation department"
        case .siteAdmin: "the site administrator"
        case .time: "the day has to come"
        }
    }

    var labelZh: String {
        switch self {
        case .applicant: "本人"
        case .branch: "党支部"
        case .branchCommittee: "支部委员会"
        case .branchMeeting: "支部大会"
        case .higherCommittee: "上级党委"
        case .countyDepartment: "县委组织部"
        case .siteAdmin: "机构管理员"
        case .time: "须等到期"
        }
    }
}
