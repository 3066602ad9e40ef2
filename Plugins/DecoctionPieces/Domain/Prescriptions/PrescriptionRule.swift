internal import XinglinKit

/// A rule on prescriptions. It reads nothing but the case: no database, no clock.
protocol PrescriptionRule: Sendable {
    /// `RX-01`.
    static var id: String { get }

    /// What it has to say; nothing where the prescription is as it should be.
    /// - Throws: `decoction.ruleUnusable` where the rule table has a gap or nonsense.
    static func verdicts(on prescription: PrescriptionCase) throws(Fault) -> [Verdict]
}

/// All rules, in the order in which they run (domain rules 8.3).
enum PrescriptionCheck {
    static let rules: [any PrescriptionRule.Type] = [
        PrescriberMustHaveTheRight.self, PrescriptionMustBeValidToday.self, SupplyMustNotBeTooLong.self,
        LinesMustBeWrittenInFull.self, PiecesMustBeCompatible.self, PregnancyMustBeRespected.self,
        DosesMustBeWithinTheRange.self, RouteMustFitTheUse.self, ToxicPiecesMustNotExceedTwoDays.self,
        PoppyHuskMustFollowTheNarcoticRules.self, PiecesShouldNotRepeat.self, PatientShouldTolerateThePieces.self,
        ReviewMustPrecedeDispensing.self, StockMustSuffice.self,
    ]

    /// The findings in the order of the rules, within a rule by pieces.
    static func findings(on prescription: PrescriptionCase) throws(Fault) -> [Finding] {
        var findings: [Finding] = []
        for rule in Self.rules {
            if rule.id == PrescriberMustHaveTheRight.id, let carried = prescription.judgedPrescriber {
                findings += carried
                continue
            }
            let verdicts = try rule.verdicts(on: prescription)
            let version = prescription.rules.version(of: rule.id)
            findings += verdicts.map { verdict in
                Finding(
                    rule: rule.id, severity: verdict.severity, pieces: verdict.pieces, textZh: verdict.zh,
                    textEn: verdict.en, resolution: verdict.resolution, ruleVersion: version)
            }.sorted { left, right in
                left.pieces == right.pieces
                    ? left.textEn < right.textEn : left.pieces.lexicographicallyPrecedes(right.pieces)
            }
        }
        return findings
    }

    /// Whether nothing holds it up.
    static func isDispensable(_ findings: [Finding]) -> Bool {
        !findings.contains { $0.severity.holdsUp }
    }
}
