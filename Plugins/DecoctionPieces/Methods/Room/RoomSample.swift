internal import XinglinKit

// Identifiers and values of the examples of the decoction room.
extension Sample {
    static let machine = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0061)
    static let job = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0062)
    static let keptBag = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0063)
    static let supervision = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0064)
    static let plan = BoilingPlan(
        kind: .ordinary, use: .internal, isChild: false, doses: 7, bags: 14, soakMinutes: 30, leadMinutes: 10,
        firstMinMinutes: 20, firstMaxMinutes: 30, secondMinMinutes: 15, secondMaxMinutes: 25, packMinutes: 120,
        volumeMinMl: 2800, volumeMaxMl: 4200, waterFirstMl: 3500, waterSecondMl: 1500, sampleBags: 1,
        sampleMinHours: 24, sampleMaxHours: 48, ruleVersion: "1.0", ageRuleVersion: "1.0")
}
