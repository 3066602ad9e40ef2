internal import XinglinKit

// The values that purchases are judged by (PC-01).
extension RuleKey {
    static let licenceRequired = RuleKey("PC-01", "licenceRequired")
    static let designatedFirmsForToxic = RuleKey("PC-01", "designatedFirmsForToxic")
    static let licenceEndRequired = RuleKey("PC-01", "licenceEndRequired")
    static let designationRecordRequired = RuleKey("PC-01", "designationRecordRequired")
    static let licenceWarnDays = RuleKey("PC-01", "licenceWarnDays")

    static let ofPurchasing = [
        licenceRequired, designatedFirmsForToxic, licenceEndRequired, designationRecordRequired, licenceWarnDays,
    ]
}
