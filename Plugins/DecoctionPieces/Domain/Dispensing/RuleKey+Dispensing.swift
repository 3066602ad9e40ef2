internal import XinglinKit

// The values that review and dispensing are judged by.
extension RuleKey {
    static let tolerancePercent = RuleKey("DISPENSING", "tolerancePercent")
    static let controlledTolerancePercent = RuleKey("DISPENSING", "controlledTolerancePercent")
    static let calibratedScalesOnly = RuleKey("DISPENSING", "calibratedScalesOnly")
    static let toxicPersons = RuleKey("DISPENSING", "toxicPersons")
    static let toxicSecondTitle = RuleKey("DISPENSING", "toxicSecondTitle")
    static let reservationHours = RuleKey("DISPENSING", "reservationHours")
    static let noReturnAfterHandOver = RuleKey("DISPENSING", "noReturnAfterHandOver")
    static let spotCheckPercent = RuleKey("DISPENSING", "spotCheckPercent")

    static let ofDispensing = [
        tolerancePercent,
        controlledTolerancePercent,
        calibratedScalesOnly,
        toxicPersons,
        toxicSecondTitle,
        reservationHours,
        noReturnAfterHandOver,
        spotCheckPercent,
    ]
}
