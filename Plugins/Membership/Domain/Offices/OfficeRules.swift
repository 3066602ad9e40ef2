internal import XinglinKit

/// The values of BR-01 to BR-07 that organisations and their elections are judged by.
struct OfficeRules: Sendable {
    /// BR-01: full members from which there is a branch.
    let branchMembers: Int
    /// BR-02: members of a branch at the most, and from which there is normally a committee.
    let branchCeiling: Int
    let partyCommitteeFrom: Int
    /// BR-03: full members from which a branch has a committee, and its seats.
    let committeeFrom: Int
    let seatsMin: Int
    let seatsNormal: Int
    let seatsMax: Int
    /// BR-04.
    let branchTermYears: Int
    let villageTermYears: Int
    let committeeTermYears: Int
    let delayMonths: Int
    let remindMonths: Int
    /// BR-05.
    let attendancePercent: Int
    let electedOverPercent: Int
    let surplusPercent: Int
    let electionVersion: String
    /// BR-06.
    let secretaryStandingYears: Int
    /// BR-07.
    let groupMembers: Int
    let groupFullMembers: Int

    init(_ book: RuleBook) throws(Fault) {
        func number(_ rule: String, _ parameter: String) throws(Fault) -> Int {
            Int(try book.number(RuleKey(rule, parameter)))
        }
        self.branchMembers = try number("BR-01", "branchMembers")
        self.branchCeiling = try number("BR-02", "branchCeiling")
        self.partyCommitteeFrom = try number("BR-02", "committeeFrom")
        self.committeeFrom = try number("BR-03", "committeeFrom")
        self.seatsMin = try number("BR-03", "seatsMin")
        self.seatsNormal = try number("BR-03", "seatsNormal")
        self.seatsMax = try number("BR-03", "seatsMax")
        self.branchTermYears = try number("BR-04", "branchTermYears")
        self.villageTermYears = try number("BR-04", "villageTermYears")
        self.committeeTermYears = try number("BR-04", "committeeTermYears")
        self.delayMonths = try number("BR-04", "delayMonths")
        self.remindMonths = try number("BR-04", "remindMonths")
        self.attendancePercent = try number("BR-05", "attendancePercent")
        self.electedOverPercent = try number("BR-05", "electedOverPercent")
        self.surplusPercent = try number("BR-05", "surplusPercent")
        self.electionVersion = book.version(of: "BR-05") ?? "0.0"
        self.secretaryStandingYears = try number("BR-06", "secretaryStandingYears")
        self.groupMembers = try number("BR-07", "groupMembers")
        self.groupFullMembers = try number("BR-07", "groupFullMembers")
    }

    /// The values in effect today at the acting site.
    static func today(_ call: Call) throws -> OfficeRules {
        try OfficeRules(MembershipRules.book(on: call.today, call))
    }

    /// Whether an election fills a committee (BR-03): always but in a branch that is too small for one and elects its secretary, with a
    /// deputy at the most, directly.
    func isCommittee(_ kind: OrganizationKind, fullMembers: Int, seats: Int) -> Bool {
        kind != .branch || fullMembers >= self.committeeFrom || seats >= self.seatsMin
    }

    /// Candidates that an election for so many seats needs at the least (BR-05): a fifth more, rounded up, for a committee.
    func candidatesRequired(seats: Int, isCommittee: Bool) -> Int {
        guard isCommittee else { return seats }
        return seats + (seats * self.surplusPercent + 99) / 100
    }

    /// The day on which a term ends that began on a day (BR-04).
    func termEnd(_ day: LocalDate, _ kind: OrganizationKind, isVillage: Bool) -> LocalDate {
        if kind == .committee { return day.adding(years: self.committeeTermYears) }
        return day.adding(years: isVillage ? self.villageTermYears : self.branchTermYears)
    }
}
