internal import XinglinKit

/// Judges size, officers and term of an organisation by BR-01 to BR-04, BR-06 and BR-07. Whether three full members have no branch at all
/// cannot be known here.
struct OrganizationSize: Sendable {
    /// What an organisation has on a day.
    struct Figures: Sendable {
        let id: RecordID
        let nameZh: String
        let kind: OrganizationKind
        /// With those of all that stands below.
        var full = 0
        var probationary = 0
        var term: Term?
        /// Members with a post, each once.
        var officers = 0
        var secretaries: [Secretary] = []
    }

    /// What is known of a secretary.
    struct Secretary: Sendable {
        /// The day from which the standing counts (DV-23); nil where none is known.
        let standingFrom: LocalDate?
        /// Whether they are a 双带头人; nil where the organisation is none of a public hospital.
        let isDualLeader: Bool?
    }

    let one: Figures
    let rules: OfficeRules
    let day: LocalDate

    var warnings: [OrganizationWarning] {
        switch self.one.kind {
        case .branch: self.numbers + self.committee + self.term + self.secretary
        case .generalBranch: self.numbers + self.seats + self.headless + self.term
        case .committee: self.headless + self.term
        case .group: self.group
        case .leadingGroup: []
        }
    }

    private var members: Int { self.one.full + self.one.probationary }

    /// BR-01 and BR-02.
    private var numbers: [OrganizationWarning] {
        let (full, members) = (self.one.full, self.members)
        if self.one.kind == .branch && full < self.rules.branchMembers {
            return [
                self.warning(
                    "BR-01", full, self.rules.branchMembers, zh: "正式党员不足\(self.rules.branchMembers)人，应成立联合党支部",
                    en: "Fewer than \(self.rules.branchMembers) full members: form a joint branch with other units")
            ]
        }
        if members >= self.rules.partyCommitteeFrom {
            return [
                self.warning(
                    "BR-02", members, self.rules.partyCommitteeFrom,
                    zh: "党员\(self.rules.partyCommitteeFrom)人以上，一般应设党的基层委员会",
                    en:
                        "\(self.rules.partyCommitteeFrom) members or more: normally a committee, if the higher one approves"
                )
            ]
        }
        guard self.one.kind == .branch, members > self.rules.branchCeiling else { return [] }
        return [
            self.warning(
                "BR-02", members, self.rules.branchCeiling, zh: "党员超过\(self.rules.branchCeiling)人，应设党总支或分设党支部",
                en: "More than \(self.rules.branchCeiling) members: form a general branch, or split")
        ]
    }

    /// BR-03 of a branch: a committee, or a secretary with a deputy at the most.
    private var committee: [OrganizationWarning] {
        let officers = self.one.officers
        guard self.one.full < self.rules.committeeFrom else {
            guard officers < self.rules.seatsMin else { return self.headless + self.seats }
            return [
                self.warning(
                    "BR-03", officers, self.rules.seatsMin,
                    zh: "正式党员\(self.rules.committeeFrom)人以上，应设支部委员会，委员不少于\(self.rules.seatsMin)人",
                    en:
                        "\(self.rules.committeeFrom) full members or more: a committee of \(self.rules.seatsMin) at the least"
                )
            ] + self.headless
        }
        // A joint branch is what has to be made first.
        guard self.one.full >= self.rules.branchMembers else { return [] }
        if self.one.secretaries.isEmpty {
            return [
                self.warning(
                    "BR-03", 0, 1, zh: "正式党员不足\(self.rules.committeeFrom)人，应设1名书记，必要时设1名副书记",
                    en: "Fewer than \(self.rules.committeeFrom) full members: one secretary, and a deputy where needed")
            ]
        }
        guard officers > 2 else { return [] }
        return [
            self.warning(
                "BR-03", officers, 2, zh: "正式党员不足\(self.rules.committeeFrom)人，只设1名书记，必要时设1名副书记",
                en: "Fewer than \(self.rules.committeeFrom) full members: a secretary and a deputy at the most")
        ]
    }

    /// BR-03: a committee that was elected, or has members, has a secretary. Nothing is said where none was recorded yet.
    private var headless: [OrganizationWarning] {
        guard self.one.secretaries.isEmpty, self.one.officers > 0 || self.one.term != nil else { return [] }
        return [
            self.warning(
                "BR-03", 0, 1, zh: "委员会没有书记，请报上级党组织任命或补选",
                en: "The committee has no secretary: have one appointed or elected")
        ]
    }

    /// BR-03: how large a committee is.
    private var seats: [OrganizationWarning] {
        let seats = max(self.one.officers, self.one.term?.seats ?? 0)
        if seats > self.rules.seatsMax {
            return [
                self.warning(
                    "BR-03", seats, self.rules.seatsMax, zh: "委员会委员最多\(self.rules.seatsMax)人",
                    en: "A committee has \(self.rules.seatsMax) seats at the most")
            ]
        }
        guard seats > self.rules.seatsNormal else { return [] }
        return [
            self.warning(
                "BR-03", seats, self.rules.seatsNormal,
                zh: "委员会委员一般为\(self.rules.seatsMin)至\(self.rules.seatsNormal)人",
                en: "A committee normally has \(self.rules.seatsMin) to \(self.rules.seatsNormal) seats")
        ]
    }

    /// BR-04.
    private var term: [OrganizationWarning] {
        guard let term = self.one.term else { return [] }
        var warning: OrganizationWarning
        switch term.state(on: self.day, self.rules) {
        case .none, .inOffice: return []
        case .electionDue:
            warning = self.warning(
                "BR-04", nil, nil, zh: "任期将于\(term.dueOn)届满，请提前\(self.rules.remindMonths)个月筹备换届",
                en: "The term ends on \(term.dueOn): prepare the election")
        case .expired:
            warning = self.warning(
                "BR-04", nil, nil, zh: "任期已于\(term.dueOn)届满，尚未换届",
                en: "The term ended on \(term.dueOn) and nobody was elected since")
        }
        warning.dueOn = term.dueOn
        return [warning]
    }

    /// BR-06.
    private var secretary: [OrganizationWarning] {
        self.one.secretaries.flatMap { secretary in
            var found: [OrganizationWarning] = []
            let years = self.rules.secretaryStandingYears
            if secretary.standingFrom.map({ $0.adding(years: years) > self.day }) ?? true {
                found.append(
                    self.warning(
                        "BR-06", secretary.standingFrom?.years(on: self.day) ?? 0, years, zh: "党支部书记一般应有\(years)年以上党龄",
                        en: "A secretary normally has \(years) years of standing at the least"))
            }
            if secretary.isDualLeader == false {
                found.append(
                    self.warning(
                        "BR-06", nil, nil, zh: "公立医院党支部书记应为“双带头人”（党建与学术带头人）",
                        en:
                            "The secretary of a public hospital's branch leads in the Party's and in professional work (mark dualLeader)"
                    ))
            }
            return found
        }
    }

    /// BR-07.
    private var group: [OrganizationWarning] {
        if self.members < self.rules.groupMembers {
            return [
                self.warning(
                    "BR-07", self.members, self.rules.groupMembers, zh: "党小组党员不足\(self.rules.groupMembers)人",
                    en: "A group has \(self.rules.groupMembers) members at the least")
            ]
        }
        guard self.one.full < self.rules.groupFullMembers else { return [] }
        return [
            self.warning(
                "BR-07", self.one.full, self.rules.groupFullMembers, zh: "党小组正式党员不足\(self.rules.groupFullMembers)人",
                en: "A group has \(self.rules.groupFullMembers) full member at the least")
        ]
    }

    private func warning(
        _ rule: String, _ figure: Int?, _ limit: Int?, zh: String, en: String
    ) -> OrganizationWarning {
        OrganizationWarning(
            rule: rule, organizationId: self.one.id, nameZh: self.one.nameZh, textZh: zh, textEn: en, figure: figure,
            limit: limit)
    }
}
