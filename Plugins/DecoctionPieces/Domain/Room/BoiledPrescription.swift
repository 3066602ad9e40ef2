internal import XinglinKit

extension Cooking {
    /// What the room does with a piece, and what the label therefore says: as the doctor wrote it, else as the catalogue has it. A toxic
    /// piece that is boiled first is so whatever was written.
    static func done(written: Cooking?, usual: Cooking, isToxic: Bool) -> Cooking {
        if usual == .first, isToxic { return .first }
        return written ?? usual
    }
}

/// A prescription as the decoction room sees it.
struct BoiledPrescription: Equatable {
    /// One piece that goes into the pot, or is handled beside it.
    struct Line: Equatable {
        let code: String
        let nameZh: String
        let baseMaterial: String
        let category: String
        let perDoseMg: Int64
        /// As the doctor wrote it; nil where nothing was written.
        let written: Cooking?
        /// As the catalogue has it.
        let usual: Cooking
        let toxicity: Toxicity
        let isToxic28: Bool
        let controlClass: ControlClass
        let notes: String

        /// Whether the Pharmacopoeia calls it toxic: boiled first, it is boiled longer.
        var isToxic: Bool { self.isToxic28 || [.toxic, .severe].contains(self.toxicity) }

        /// As the doctor wrote it, else as the catalogue has it. A toxic piece that is boiled first is so whatever was written.
        var cooking: Cooking { Cooking.done(written: self.written, usual: self.usual, isToxic: self.isToxic) }

        /// Whether it lies in the pot with the others.
        var isInPot: Bool { ![.separate, .melted, .withLiquid].contains(self.cooking) }
    }

    let id: RecordID
    let patient: RecordID
    let state: PrescriptionState
    let kind: PrescriptionKind
    let use: PrescriptionUse?
    let doses: Int
    let ageYears: Int
    let lines: [Line]

    /// Which machines may boil it (8.5): toxic pieces and what is used externally have some of their own.
    var machineUse: MachineUse {
        if self.lines.contains(where: { $0.isToxic28 || $0.controlClass == .toxic }) { return .toxic }
        return self.use == .external ? .external : .internal
    }

    /// What lies in the pot, all doses together, in milligrams.
    var potMg: Int64 { self.lines.filter(\.isInPot).reduce(0) { $0 + $1.perDoseMg } * Int64(self.doses) }

    /// How it is boiled by what most of its weight is.
    func boilingKind(_ rules: RuleBook) throws(Fault) -> BoilingKind {
        let share = try rules.number(.kindSharePercent)
        let exterior = Set(try rules.names(.exteriorCategories))
        let tonic = Set(try rules.names(.tonicCategories))
        func weight(_ lines: [Line]) -> Int64 { lines.reduce(0) { $0 + $1.perDoseMg } }
        let all = weight(self.lines)
        let ofExterior = weight(self.lines.filter { exterior.contains($0.category) })
        let ofTonic = weight(self.lines.filter { tonic.contains($0.category) })
        if ofExterior * 100 > share * all, ofExterior >= ofTonic { return .exterior }
        return ofTonic * 100 > share * all ? .tonic : .ordinary
    }
}
