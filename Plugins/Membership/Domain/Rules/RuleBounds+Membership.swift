internal import XinglinKit

// What the values of Data/rules.csv may be at all. A test goes through the file: every value that is shipped stands here, and lies within.
extension RuleBounds {
    static let membership = RuleBounds(
        numbers: [Self.development, Self.organizations, Self.dues, Self.others].reduce(into: [:]) { all, rules in
            for (rule, ranges) in rules {
                for (parameter, range) in ranges { all[RuleKey(rule, parameter)] = range }
            }
        },
        codes: [RuleKey("DV-07", "countsFrom"): ["decision", "filing"]],
        pairs: [
            ("DV-06", "mentorsMin", "mentorsMax"), ("DV-17", "approvalMonths", "specialMonths"),
            ("DV-19", "noProbationFrom", "noProbationTo"),
            ("DV-22", "extensionMinMonths", "extensionMaxMonths"), ("BR-02", "branchCeiling", "committeeFrom"),
            ("BR-03", "seatsMin", "seatsNormal"), ("BR-03", "seatsNormal", "seatsMax"),
            ("DUES", "noticeMonths", "talkMonths"), ("DUES", "talkMonths", "lapseMonths"),
            ("AGENDA", "secondDays", "firstDays"),
        ].map { Pair(least: RuleKey($0.0, $0.1), greatest: RuleKey($0.0, $0.2)) })

    private typealias Ranges = [String: [String: ClosedRange<Int64>]]

    private static let months: ClosedRange<Int64> = 1...60
    private static let percent: ClosedRange<Int64> = 1...99

    private static let development: Ranges = [
        "DV-01": ["ageFrom": 18...60], "DV-02": ["talkMonths": months], "DV-04": ["leagueAgeBelow": 14...60],
        "DV-05": ["activistMonths": 0...60], "DV-06": ["mentorsMin": 1...5, "mentorsMax": 1...5],
        "DV-07": [
            "cultivationYears": 1...10, "appraisalMonths": months, "reviewMonths": months, "reportMonths": months,
        ],
        "DV-10": ["introducers": 2...2], "DV-11": ["validityMonths": 1...120],
        "DV-12": ["trainingDays": 1...60, "trainingHours": 1...480], "DV-13": ["preexaminationMonths": months],
        "DV-14": ["leavingMonths": months],
        "DV-15": ["meetingMonths": months, "attendanceOverPercent": percent, "inFavourOverPercent": percent],
        "DV-17": ["approvalMonths": months, "specialMonths": months],
        "DV-19": ["probationYears": 1...3, "noProbationFrom": 1921...2100, "noProbationTo": 1921...2100],
        "DV-21": ["applicationDays": 0...92],
        "DV-22": ["extensionMinMonths": 1...24, "extensionMaxMonths": 1...24, "extensions": 0...3],
        "DV-23": ["approvalMonths": months], "DV-26": ["publicityDays": 0...60, "noticeMonths": months],
        "DV-27": ["backDatingDays": 0...366],
    ]

    private static let organizations: Ranges = [
        "BR-01": ["branchMembers": 1...50, "jointUnits": 1...50],
        "BR-02": ["branchCeiling": 3...500, "committeeFrom": 3...5000],
        "BR-03": ["committeeFrom": 3...100, "seatsMin": 1...20, "seatsNormal": 1...20, "seatsMax": 1...20],
        "BR-04": [
            "branchTermYears": 1...10, "villageTermYears": 1...10, "committeeTermYears": 1...10, "delayMonths": 1...24,
            "remindMonths": 1...24,
        ],
        "BR-05": ["attendancePercent": 1...100, "electedOverPercent": percent, "surplusPercent": 0...100],
        "BR-06": ["secretaryStandingYears": 0...20], "BR-07": ["groupMembers": 1...50, "groupFullMembers": 0...50],
    ]

    private static let dues: Ranges = [
        "DUES": [
            "roundingFen": 1...100, "noticeMonths": months, "talkMonths": months, "lapseMonths": months,
            "backPaymentMonths": months, "centralFen": 1...100_000_000, "publicationMonths": 1...24,
            "dayOfMonth": 1...28,
        ]
    ]

    private static let others: Ranges = [
        "CONTACT": ["visitsPerMonth": 0...31],
        "TRANSFER": ["letterDays": 1...90, "awayMonths": 1...24, "receiveMonths": 1...24],
        "AGENDA": ["firstDays": 1...366, "secondDays": 0...366, "promptDays": 1...366],
    ]
}
