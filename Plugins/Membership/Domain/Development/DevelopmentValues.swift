internal import XinglinKit

/// The numbers that the DV rules judge by, of one day.
struct DevelopmentValues: Sendable {
    let ageFrom: Int
    let talkMonths: Int
    let leagueAgeBelow: Int
    let activistMonths: Int
    let mentors: ClosedRange<Int>
    /// Whether cultivation counts from the filing (step 4) instead of the decision (step 3).
    let countsFromFiling: Bool
    let cultivationYears: Int
    let appraisalMonths: Int
    let introducers: Int
    let reviewMonths: Int
    let trainingDays: Int64
    let trainingHours: Int64
    let preexaminationMonths: Int
    let leavingMonths: Int
    let attendanceOverPercent: Int
    let inFavourOverPercent: Int
    let meetingMonths: Int
    let approvalMonths: Int
    let specialMonths: Int
    let probationYears: Int
    let applicationDays: Int
    let extensionMonths: ClosedRange<Int>
    let extensions: Int
    let conversionMonths: Int
    let publicityDays: Int
    /// For how long a notice that has ended can be relied on (DV-26).
    let noticeMonths: Int
    let backDatingDays: Int
    /// The versions of the rules, by rule.
    let versions: [String: String]

    /// Every rule of chapter 1 that has a value or judges.
    static let rules = (1...27).map { $0 < 10 ? "DV-0\($0)" : "DV-\($0)" }

    /// - Throws: `membership.ruleUnusable`.
    init(_ book: RuleBook) throws(Fault) {
        func number(_ rule: String, _ parameter: String) throws(Fault) -> Int {
            Int(try book.number(RuleKey(rule, parameter)))
        }
        self.ageFrom = try number("DV-01", "ageFrom")
        self.talkMonths = try number("DV-02", "talkMonths")
        self.leagueAgeBelow = try number("DV-04", "leagueAgeBelow")
        self.activistMonths = try number("DV-05", "activistMonths")
        self.mentors = try number("DV-06", "mentorsMin")...number("DV-06", "mentorsMax")
        self.countsFromFiling = try book.text(RuleKey("DV-07", "countsFrom")) == "filing"
        self.cultivationYears = try number("DV-07", "cultivationYears")
        self.appraisalMonths = try number("DV-07", "appraisalMonths")
        self.introducers = try number("DV-10", "introducers")
        self.reviewMonths = try number("DV-11", "validityMonths")
        self.trainingDays = try book.number(RuleKey("DV-12", "trainingDays"))
        self.trainingHours = try book.number(RuleKey("DV-12", "trainingHours"))
        self.preexaminationMonths = try number("DV-13", "preexaminationMonths")
        self.leavingMonths = try number("DV-14", "leavingMonths")
        self.attendanceOverPercent = try number("DV-15", "attendanceOverPercent")
        self.inFavourOverPercent = try number("DV-15", "inFavourOverPercent")
        self.meetingMonths = try number("DV-15", "meetingMonths")
        self.approvalMonths = try number("DV-17", "approvalMonths")
        self.specialMonths = try number("DV-17", "specialMonths")
        self.probationYears = try number("DV-19", "probationYears")
        self.applicationDays = try number("DV-21", "applicationDays")
        self.extensionMonths = try number("DV-22", "extensionMinMonths")...number("DV-22", "extensionMaxMonths")
        self.extensions = try number("DV-22", "extensions")
        self.conversionMonths = try number("DV-23", "approvalMonths")
        self.publicityDays = try number("DV-26", "publicityDays")
        self.noticeMonths = try number("DV-26", "noticeMonths")
        self.backDatingDays = try number("DV-27", "backDatingDays")
        self.versions = Self.rules.reduce(into: [:]) { all, rule in all[rule] = book.version(of: rule) }
    }

    /// The day on which probation ends that began on a day (DV-19), with what it was extended by (DV-22).
    func probationEnd(from start: LocalDate, extendedBy months: Int = 0) -> LocalDate {
        start.adding(years: self.probationYears).adding(months: months)
    }
}
