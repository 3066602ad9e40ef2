internal import XinglinKit

/// What the decoction room goes by (domain rules 8.5).
extension RuleKey {
    static let boilingRule = "BOILING"
    static let soakMinutes = RuleKey(Self.boilingRule, "soakMinutes")
    static let firstMinMinutes = RuleKey(Self.boilingRule, "firstMinMinutes")
    static let toxicFirstMinMinutes = RuleKey(Self.boilingRule, "toxicFirstMinMinutes")
    static let longFirstMinutes = RuleKey(Self.boilingRule, "longFirstMinutes")
    static let longFirstMaterials = RuleKey(Self.boilingRule, "longFirstMaterials")
    static let lastMinMinutes = RuleKey(Self.boilingRule, "lastMinMinutes")
    static let lastMaxMinutes = RuleKey(Self.boilingRule, "lastMaxMinutes")
    static let secondShorterMinutes = RuleKey(Self.boilingRule, "secondShorterMinutes")
    static let exteriorCategories = RuleKey(Self.boilingRule, "exteriorCategories")
    static let tonicCategories = RuleKey(Self.boilingRule, "tonicCategories")
    static let kindSharePercent = RuleKey(Self.boilingRule, "kindSharePercent")
    static let packHours = RuleKey(Self.boilingRule, "packHours")
    static let urgentHours = RuleKey(Self.boilingRule, "urgentHours")
    static let portions = RuleKey(Self.boilingRule, "portions")
    static let adultMinMl = RuleKey(Self.boilingRule, "adultMinMl")
    static let adultMaxMl = RuleKey(Self.boilingRule, "adultMaxMl")
    static let childMinMl = RuleKey(Self.boilingRule, "childMinMl")
    static let childMaxMl = RuleKey(Self.boilingRule, "childMaxMl")
    static let coverMinCm = RuleKey(Self.boilingRule, "coverMinCm")
    static let coverMaxCm = RuleKey(Self.boilingRule, "coverMaxCm")
    static let holdPercent = RuleKey(Self.boilingRule, "holdPercent")
    static let boilOffMlPerMinute = RuleKey(Self.boilingRule, "boilOffMlPerMinute")
    static let firstWaterPercent = RuleKey(Self.boilingRule, "firstWaterPercent")
    static let sampleBags = RuleKey(Self.boilingRule, "sampleBags")
    static let sampleMinHours = RuleKey(Self.boilingRule, "sampleMinHours")
    static let sampleMaxHours = RuleKey(Self.boilingRule, "sampleMaxHours")
    static let supervisionMonths = RuleKey(Self.boilingRule, "supervisionMonths")

    /// The least and the greatest boiling of a kind.
    static func boilMinutes(_ kind: BoilingKind) -> (min: RuleKey, max: RuleKey) {
        (
            RuleKey(Self.boilingRule, "\(kind.rawValue)MinMinutes"),
            RuleKey(Self.boilingRule, "\(kind.rawValue)MaxMinutes")
        )
    }

    /// Every key of the room with a name.
    static let ofBoiling =
        [
            soakMinutes, firstMinMinutes, toxicFirstMinMinutes, longFirstMinutes, longFirstMaterials, lastMinMinutes,
            lastMaxMinutes, secondShorterMinutes, exteriorCategories, tonicCategories, kindSharePercent, packHours,
            urgentHours, portions, adultMinMl, adultMaxMl, childMinMl, childMaxMl, coverMinCm, coverMaxCm, holdPercent,
            boilOffMlPerMinute, firstWaterPercent, sampleBags, sampleMinHours, sampleMaxHours, supervisionMonths,
        ] + BoilingKind.allCases.flatMap { [Self.boilMinutes($0).min, Self.boilMinutes($0).max] }
}
