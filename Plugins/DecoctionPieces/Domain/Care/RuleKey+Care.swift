internal import XinglinKit

extension RuleKey {
    static let acceptanceStaffRequired = RuleKey("PC-02", "staffRequired")
    static let normalMinCelsius = RuleKey("STORAGE", "normalMinCelsius")
    static let normalMaxCelsius = RuleKey("STORAGE", "normalMaxCelsius")
    static let coolMaxCelsius = RuleKey("STORAGE", "coolMaxCelsius")
    static let coldMinCelsius = RuleKey("STORAGE", "coldMinCelsius")
    static let coldMaxCelsius = RuleKey("STORAGE", "coldMaxCelsius")
    static let humidityMinPercent = RuleKey("STORAGE", "humidityMinPercent")
    static let humidityMaxPercent = RuleKey("STORAGE", "humidityMaxPercent")
    static let climateLogsPerDay = RuleKey("STORAGE", "logsPerDay")
    static let inspectionMonths = RuleKey("STORAGE", "inspectionMonths")
    static let sensitiveInspectionMonths = RuleKey("STORAGE", "sensitiveInspectionMonths")
    static let summerInspectionDays = RuleKey("STORAGE", "summerInspectionDays")
    static let summerFromMonth = RuleKey("STORAGE", "summerFromMonth")
    static let summerToMonth = RuleKey("STORAGE", "summerToMonth")
    static let preciousCountDays = RuleKey("STORAGE", "preciousCountDays")
    static let preciousPersons = RuleKey("STORAGE", "preciousPersons")
    static let toxicCountDays = RuleKey("STORAGE", "toxicCountDays")
    static let toxicKeepers = RuleKey("STORAGE", "toxicPersons")

    /// The level of a site by its kind; a site of another level says so with a value of its own.
    static func hospitalLevel(_ kind: Site.Kind) -> RuleKey {
        switch kind {
        case .countyHospital: RuleKey("PC-02", "levelCountyHospital")
        case .tcmHospital: RuleKey("PC-02", "levelTcmHospital")
        case .townshipCentre: RuleKey("PC-02", "levelTownshipCentre")
        case .bureau, .other: RuleKey("PC-02", "levelOther")
        }
    }

    /// The least title of who accepts at a level.
    static func acceptanceTitle(_ level: HospitalLevel) -> RuleKey {
        switch level {
        case .primary: RuleKey("PC-02", "titlePrimary")
        case .secondary: RuleKey("PC-02", "titleSecondary")
        case .tertiary: RuleKey("PC-02", "titleTertiary")
        }
    }

    /// What grades, care and climate read of the rule table.
    static let ofCare =
        [
            acceptanceStaffRequired, normalMinCelsius, normalMaxCelsius, coolMaxCelsius, coldMinCelsius, coldMaxCelsius,
            humidityMinPercent, humidityMaxPercent, climateLogsPerDay, inspectionMonths, sensitiveInspectionMonths,
            summerInspectionDays, summerFromMonth, summerToMonth, preciousCountDays, preciousPersons, toxicCountDays,
            toxicKeepers,
        ] + Site.Kind.allCases.map(hospitalLevel) + HospitalLevel.allCases.map(acceptanceTitle)
}

/// The level of a hospital.
enum HospitalLevel: String, PrescriptionCode {
    case primary, secondary, tertiary
}
