internal import XinglinKit

// What the values may be. A test goes through Data/rules.csv: every value that is shipped stands here, and lies within.
extension PharmacyRules {
    static let bounds = RuleBounds(numbers: Self.numbers, codes: Self.codes, names: Self.names, pairs: Self.pairs)

    private static let numbers: [RuleKey: ClosedRange<Int64>] = [
        Self.boiling, Self.pharmacy, Self.prescriptions, Self.storage,
    ].reduce(into: [:]) { all, rules in
        for (rule, ranges) in rules {
            for (parameter, range) in ranges { all[RuleKey(rule, parameter)] = range }
        }
    }

    private typealias Ranges = [String: [String: ClosedRange<Int64>]]

    private static let flag: ClosedRange<Int64> = 0...1
    private static let minutes: ClosedRange<Int64> = 1...480
    private static let percent: ClosedRange<Int64> = 0...100
    private static let years: ClosedRange<Int64> = 1...100
    /// The law says two, and no step knows a third.
    private static let twoPersons: ClosedRange<Int64> = 2...2

    private static let boiling: Ranges = [
        "BOILING": [
            "adultMaxMl": 100...2000, "adultMinMl": 50...2000, "boils": 1...5, "childMaxMl": 20...1000,
            "childMinMl": 10...1000, "coverMaxCm": 1...20, "coverMinCm": 1...20, "exteriorMaxMinutes": minutes,
            "exteriorMinMinutes": minutes, "firstMaxMinutes": minutes, "firstMinMinutes": minutes, "labels": 1...10,
            "lastMaxMinutes": 1...60, "lastMinMinutes": 1...60, "ordinaryMaxMinutes": minutes,
            "ordinaryMinMinutes": minutes, "packHours": 1...24, "portions": 1...6, "residueMaxPercent": percent,
            "residueMinPercent": percent, "sampleBags": 1...10, "sampleMaxHours": 1...168, "sampleMinHours": 1...168,
            "soakMinutes": minutes, "supervisionMonths": 1...12, "tonicMaxMinutes": minutes,
            "tonicMinMinutes": minutes, "toxicFirstMaxMinutes": minutes, "toxicFirstMinMinutes": minutes,
            "urgentHours": 1...24, "secondShorterMinutes": 0...60, "kindSharePercent": 1...100,
            "longFirstMinutes": 1...600, "holdPercent": 0...500, "boilOffMlPerMinute": 0...100,
            "firstWaterPercent": 10...95,
        ]
    ]

    private static let pharmacy: Ranges = [
        "DISPENSING": [
            "calibratedScalesOnly": flag, "psychotropicRetentionYears": years, "retentionYears": years,
            "spotCheckPercent": 1...100, "tolerancePercent": 1...20, "toxicPersons": twoPersons,
            "controlledTolerancePercent": 1...20, "noReturnAfterHandOver": flag, "reservationHours": 1...168,
        ],
        "PC-01": [
            "designatedFirmsForToxic": flag, "designationRecordRequired": flag, "licenceEndRequired": flag,
            "licenceRequired": flag, "licenceWarnDays": 1...366,
        ],
        "PC-02": ["personsForToxic": twoPersons, "staffRequired": flag], "PC-03": ["firstExpiryFirst": flag],
        "PC-04": ["backDatingDays": 0...366, "markupPercent": percent],
        "SHARED": ["deliveryDueDays": 0...90, "shipmentDueDays": 0...90],
        "STOCKTAKE": [
            "intervalMonths": 1...12, "lossLimitPercent": percent, "toxicIntervalDays": 1...31,
            "volatileLossLimitPercent": percent, "controlledRecountBasisPoints": 0...10_000,
            "preciousIntervalDays": 1...92, "recountBasisPoints": 0...10_000,
        ],
    ]

    private static let prescriptions: Ranges = [
        "RX-02": ["extendedValidityDays": 1...30, "validityDays": 1...30],
        "RX-03": ["days": 1...366, "emergencyDays": 1...366, "longDays": 1...366, "longMaxDays": 1...366],
        "RX-04": ["cookingMarkWanted": flag], "RX-06": ["ageFrom": 1...100, "ageTo": 1...100],
        "RX-07": ["factor": 1...10], "RX-09": ["days": 1...30, "retentionYears": years],
        "RX-10": [
            "days": 1...30, "doseMaxMg": 1...100_000, "doseMinMg": 1...100_000, "retentionYears": years,
            "runDays": 1...60,
        ],
        "RX-12": ["childAgeBelow": 1...21, "elderAgeFrom": 40...120], "RX-13": ["checkRatePercent": 1...100],
    ]

    private static let storage: Ranges = [
        "STORAGE": [
            "coldMaxCelsius": 0...60, "coldMinCelsius": 0...60, "coolMaxCelsius": 0...60, "humidityMaxPercent": percent,
            "humidityMinPercent": percent, "inspectionMonths": 1...24, "logsPerDay": 1...24,
            "normalMaxCelsius": 0...60, "normalMinCelsius": 0...60, "preciousCountDays": 1...92,
            "preciousPersons": 1...2, "sensitiveInspectionMonths": 1...24, "summerFromMonth": 1...12,
            "summerInspectionDays": 1...92, "summerToMonth": 1...12, "toxicCountDays": 1...31, "toxicLocks": 1...10,
            "toxicPersons": twoPersons,
        ]
    ]

    private static let titles: Set<String> = [
        "assistantTcmPharmacist", "tcmPharmacist", "tcmPharmacistInCharge", "associateChiefTcmPharmacist",
        "chiefTcmPharmacist",
    ]

    private static let codes: [RuleKey: Set<String>] = [
        RuleKey("DISPENSING", "toxicSecondTitle"): titles, RuleKey("RX-08", "pillInBoil"): Set(Severity.codes),
        RuleKey("RX-11", "repeated"): Set(Severity.codes), RuleKey("RX-13", "titlePrimary"): titles,
        RuleKey("RX-13", "titleSecondary"): titles, RuleKey("RX-14", "substitutionBy"): ["prescriber"],
        .tcmRight: ["tcmPrescribing"], .toxicRight: ["toxicDrugs"], .narcoticRight: ["narcotics"],
    ].merging(
        ["RX-02", "RX-03", "RX-05", "RX-06", "RX-07", "RX-09"].map {
            (RuleKey.signer(of: $0), Set(Signer.allCases.map(\.rawValue)))
        }
    ) { first, _ in first }
    .merging(HospitalLevel.allCases.map { (RuleKey.acceptanceTitle($0), titles) }) { first, _ in first }
    .merging(
        ["levelCountyHospital", "levelOther", "levelTcmHospital", "levelTownshipCentre"].map {
            (RuleKey("PC-02", $0), Set(HospitalLevel.codes))
        }
    ) { first, _ in first }

    private static let names: [RuleKey] = [
        .withdrawnNames, .liverMaterials, .kidneyMaterials, .volatileClasses, .exteriorCategories, .tonicCategories,
        .longFirstMaterials,
    ]

    private static let pairs: [RuleBounds.Pair] = [
        ("RX-02", "validityDays", "extendedValidityDays"), ("RX-03", "days", "longDays"),
        ("RX-03", "longDays", "longMaxDays"), ("RX-06", "ageFrom", "ageTo"), ("RX-10", "doseMinMg", "doseMaxMg"),
        ("RX-10", "days", "runDays"), ("RX-12", "childAgeBelow", "elderAgeFrom"),
        ("BOILING", "adultMinMl", "adultMaxMl"), ("BOILING", "childMinMl", "childMaxMl"),
        ("BOILING", "coverMinCm", "coverMaxCm"), ("BOILING", "exteriorMinMinutes", "exteriorMaxMinutes"),
        ("BOILING", "ordinaryMinMinutes", "ordinaryMaxMinutes"), ("BOILING", "tonicMinMinutes", "tonicMaxMinutes"),
        ("BOILING", "firstMinMinutes", "firstMaxMinutes"), ("BOILING", "lastMinMinutes", "lastMaxMinutes"),
        ("BOILING", "toxicFirstMinMinutes", "toxicFirstMaxMinutes"),
        ("BOILING", "residueMinPercent", "residueMaxPercent"), ("BOILING", "sampleMinHours", "sampleMaxHours"),
        ("STORAGE", "coldMinCelsius", "coldMaxCelsius"), ("STORAGE", "normalMinCelsius", "normalMaxCelsius"),
        ("STORAGE", "humidityMinPercent", "humidityMaxPercent"), ("STORAGE", "summerFromMonth", "summerToMonth"),
    ].map { RuleBounds.Pair(least: RuleKey($0.0, $0.1), greatest: RuleKey($0.0, $0.2)) }
}
