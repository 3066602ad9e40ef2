internal import XinglinKit

// The values that the rules of prescriptions read.
extension RuleKey {
    static let withdrawnNames = RuleKey("CATALOGUE", "withdrawnNames")
    static let tcmRight = RuleKey("RX-01", "tcmRight")
    static let toxicRight = RuleKey("RX-01", "toxicRight")
    static let narcoticRight = RuleKey("RX-01", "narcoticRight")
    static let validityDays = RuleKey("RX-02", "validityDays")
    static let extendedValidityDays = RuleKey("RX-02", "extendedValidityDays")
    static let supplyDays = RuleKey("RX-03", "days")
    static let emergencyDays = RuleKey("RX-03", "emergencyDays")
    static let longDays = RuleKey("RX-03", "longDays")
    static let longMaxDays = RuleKey("RX-03", "longMaxDays")
    static let pregnancyAgeFrom = RuleKey("RX-06", "ageFrom")
    static let pregnancyAgeTo = RuleKey("RX-06", "ageTo")
    static let overdoseFactor = RuleKey("RX-07", "factor")
    static let toxicDays = RuleKey("RX-09", "days")
    static let toxicRetentionYears = RuleKey("RX-09", "retentionYears")
    static let poppyDays = RuleKey("RX-10", "days")
    static let poppyRunDays = RuleKey("RX-10", "runDays")
    static let poppyDoseMinMg = RuleKey("RX-10", "doseMinMg")
    static let poppyDoseMaxMg = RuleKey("RX-10", "doseMaxMg")
    static let narcoticRetentionYears = RuleKey("RX-10", "retentionYears")
    static let childAgeBelow = RuleKey("RX-12", "childAgeBelow")
    static let elderAgeFrom = RuleKey("RX-12", "elderAgeFrom")
    static let liverMaterials = RuleKey("RX-12", "liverMaterials")
    static let kidneyMaterials = RuleKey("RX-12", "kidneyMaterials")
    static let reviewerTitleSecondary = RuleKey("RX-13", "titleSecondary")
    static let reviewerTitlePrimary = RuleKey("RX-13", "titlePrimary")
    static let retentionYears = RuleKey("DISPENSING", "retentionYears")

    /// Who signs where a rule asks for a second signature.
    static func signer(of rule: String) -> RuleKey { RuleKey(rule, "signer") }

    /// Every key with a name.
    static let named =
        [
            withdrawnNames,
            tcmRight,
            toxicRight,
            narcoticRight,
            validityDays,
            extendedValidityDays,
            supplyDays,
            emergencyDays,
            longDays,
            longMaxDays,
            pregnancyAgeFrom,
            pregnancyAgeTo,
            overdoseFactor,
            toxicDays,
            toxicRetentionYears,
            poppyDays,
            poppyRunDays,
            poppyDoseMinMg,
            poppyDoseMaxMg,
            narcoticRetentionYears,
            childAgeBelow,
            elderAgeFrom,
            liverMaterials,
            kidneyMaterials,
            reviewerTitleSecondary,
            reviewerTitlePrimary,
            retentionYears,
        ] + ofCatalogue + ofCare + ofDispensing + ofStocktakes + ofBoiling + ofShared
        + ofGuards + ofPurchasing
}
