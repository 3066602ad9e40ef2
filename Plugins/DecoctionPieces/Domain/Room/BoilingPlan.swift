internal import XinglinKit

/// What boiling a prescription takes, by the rules of the day on which its job began (8.5).
struct BoilingPlan: Equatable {
    let kind: BoilingKind
    let use: MachineUse
    let isChild: Bool
    let doses: Int
    let bags: Int
    let soakMinutes: Int
    /// How long the pieces that are boiled first boil alone.
    let leadMinutes: Int
    let firstMinMinutes: Int
    let firstMaxMinutes: Int
    let secondMinMinutes: Int
    let secondMaxMinutes: Int
    let packMinutes: Int
    /// Of all doses together.
    let volumeMinMl: Int
    let volumeMaxMl: Int
    let waterFirstMl: Int
    let waterSecondMl: Int
    let sampleBags: Int
    let sampleMinHours: Int
    let sampleMaxHours: Int
    let ruleVersion: String
    let ageRuleVersion: String

    /// When a step that begins now may end at the earliest.
    func earliest(leaving state: JobState, since: Timestamp) -> Timestamp {
        let minutes =
            switch state {
            case .soaking: self.soakMinutes
            case .boiling1: self.leadMinutes + self.firstMinMinutes
            case .boiling2: self.secondMinMinutes
            default: 0
            }
        return since.adding(seconds: Int64(minutes) * 60)
    }

    /// When a step that begins now should have ended; nil where nothing presses.
    func latest(leaving state: JobState, since: Timestamp) -> Timestamp? {
        switch state {
        case .boiling1: since.adding(seconds: Int64(self.leadMinutes + self.firstMaxMinutes) * 60)
        case .boiling2: since.adding(seconds: Int64(self.secondMaxMinutes + self.packMinutes) * 60)
        default: nil
        }
    }

    /// What is not as the rules want it where a job is moved on now.
    func deviations(to state: JobState, at now: Timestamp, latest: Timestamp?, volumeMl: Int?) -> [Deviation] {
        var found: [Deviation] = []
        if let latest, now > latest { found.append(state == .packed ? .packedLate : .boiledLong) }
        if let volumeMl, volumeMl < self.volumeMinMl { found.append(.volumeLow) }
        if let volumeMl, volumeMl > self.volumeMaxMl { found.append(.volumeHigh) }
        return found
    }
}

extension BoilingPlan {
    /// - Parameter kind: as the pharmacist has it; else the weights decide.
    init(_ prescription: BoiledPrescription, kind: BoilingKind?, rules: RuleBook) throws(Fault) {
        // No `??`: its right side would throw any error.
        let kind = if let kind { kind } else { try prescription.boilingKind(rules) }
        let keys = RuleKey.boilMinutes(kind)
        let least = Int(try rules.number(keys.min))
        let greatest = Int(try rules.number(keys.max))
        let shorter = Int(try rules.number(.secondShorterMinutes))
        let isChild = try prescription.ageYears < rules.number(.childAgeBelow)
        let doses = prescription.doses
        let volumeMin = Int(try rules.number(isChild ? .childMinMl : .adultMinMl)) * doses
        let volumeMax = Int(try rules.number(isChild ? .childMaxMl : .adultMaxMl)) * doses
        var lead = 0
        for line in prescription.lines { lead = max(lead, try line.leadMinutes(rules)) }
        let second = max(1, least - shorter)
        // What the pieces hold, what is to be left, and what boils away.
        let held = prescription.potMg / 1000 * (try rules.number(.holdPercent)) / 100
        let boiledOff = Int64(lead + least + second) * (try rules.number(.boilOffMlPerMinute))
        let water = (held + Int64((volumeMin + volumeMax) / 2) + boiledOff + 9) / 10 * 10
        let first = water * (try rules.number(.firstWaterPercent)) / 100
        self.init(
            kind: kind, use: prescription.machineUse, isChild: isChild, doses: doses,
            bags: doses * Int(try rules.number(.portions)), soakMinutes: Int(try rules.number(.soakMinutes)),
            leadMinutes: lead, firstMinMinutes: least, firstMaxMinutes: greatest, secondMinMinutes: second,
            secondMaxMinutes: max(second, greatest - shorter), packMinutes: Int(try rules.number(.packHours)) * 60,
            volumeMinMl: volumeMin, volumeMaxMl: volumeMax, waterFirstMl: Int(first), waterSecondMl: Int(water - first),
            sampleBags: Int(try rules.number(.sampleBags)), sampleMinHours: Int(try rules.number(.sampleMinHours)),
            sampleMaxHours: Int(try rules.number(.sampleMaxHours)),
            ruleVersion: rules.version(of: RuleKey.boilingRule) ?? "",
            ageRuleVersion: rules.version(of: RuleKey.childAgeBelow.rule) ?? "")
    }
}

extension BoiledPrescription.Line {
    /// How long before the others it goes in; 0 where it is not boiled first.
    func leadMinutes(_ rules: RuleBook) throws(Fault) -> Int {
        guard self.cooking == .first else { return 0 }
        let ordinary = Int(
            try rules.number(self.isToxic ? .toxicFirstMinMinutes : .firstMinMinutes))
        guard try rules.names(.longFirstMaterials).contains(self.baseMaterial) else { return ordinary }
        return max(ordinary, Int(try rules.number(.longFirstMinutes)))
    }
}
