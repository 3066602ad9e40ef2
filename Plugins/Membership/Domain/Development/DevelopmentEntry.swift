internal import XinglinKit

/// What an entry of a development says has happened.
enum EntryKind: String, CaseIterable, Codable, Sendable, SQLBindable, SQLTextDecodable {
    /// One of the 25 steps.
    case step
    /// Belongs to another branch or group of the site from then on.
    case assigned
    /// A half-year appraisal, a thought report or a committee's review (DV-07).
    case appraised
    /// Probation was extended (DV-22).
    case extended
    /// Probation was cancelled.
    case cancelled
    /// The person gave it up.
    case withdrawn
    /// The organisation ended it before it led to membership.
    case rejected
    /// The meeting's resolution was not approved in time (DV-17).
    case lapsed
    case transferredOut
    /// Came with the person from another site (DV-08).
    case received

    static var codes: [String] { Self.allCases.map(\.rawValue) }

    var labelZh: String {
        switch self {
        case .step: "步骤"
        case .assigned: "调整支部或小组"
        case .appraised: "考察或汇报"
        case .extended: "延长预备期"
        case .cancelled: "取消预备党员资格"
        case .withdrawn: "本人撤回"
        case .rejected: "不予发展"
        case .lapsed: "决议失效"
        case .transferredOut: "转出"
        case .received: "转入"
        }
    }
}

/// What an appraisal is.
enum AppraisalKind: String, CaseIterable, Codable, Sendable {
    /// The branch's, every half-year.
    case appraisal
    /// The person's own.
    case thoughtReport
    /// The committee's of all its activists, every year.
    case review

    static var codes: [String] { Self.allCases.map(\.rawValue) }
}

/// An entry of a development that holds: neither corrected nor void.
struct DevelopmentEntry: Sendable {
    let id: RecordID
    let kind: EntryKind
    let step: Int?
    var on: LocalDate
    /// The state from then on; nil where it stays.
    var status: String?
    /// The branch or group from then on; nil where it stays.
    var organization: RecordID?
    var facts = StepFacts()
    var isImported = false
    /// How many papers it has.
    var papers = 0
    /// When it was recorded, among those of one day; a correction has the place of what it corrects.
    var order: Int64 = 0

    /// Its place among those of one day: a lapse before the vote that follows it, a receipt before all of its day,
    /// what ends or extends behind the steps.
    var rank: Int {
        switch self.kind {
        case .step: self.step ?? 0
        case .lapsed, .received: 0
        default: 100
        }
    }

    /// In the order of their days.
    static func isOrdered(_ one: DevelopmentEntry, _ other: DevelopmentEntry) -> Bool {
        (one.on.daysSince1970, one.rank, one.order) < (other.on.daysSince1970, other.rank, other.order)
    }
}
