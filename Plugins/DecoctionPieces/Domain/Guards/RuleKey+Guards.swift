internal import XinglinKit

// The value that late entries are judged by.
extension RuleKey {
    /// How many days before today a document may be booked.
    static let backDatingDays = RuleKey("PC-04", "backDatingDays")
    /// Beyond this nothing is booked, whatever the county has set.
    static let backDatingBounds: ClosedRange<Int64> = 0...366

    static let ofGuards = [backDatingDays]
}
