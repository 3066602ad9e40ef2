internal import XinglinKit

/// `decoction.expiryWatch`: how many lots must be used soon, and how many may be used no longer (PC-03).
struct ExpiryWatch: ScheduledJob {
    static let name = "decoction.expiryWatch"
    static let summary = LocalizedText(
        zh: "统计库存中即将到期和已过期的批次", en: "Counts the lots in stock that expire soon or have expired")
    static let schedule = "30 6 * * *"

    /// How many days ahead it looks.
    let days: Int

    func run(_ call: Call, scheduledFor: Timestamp) throws -> JobResult {
        // The day that the run is for, even where it is made up for later.
        let today = scheduledFor.localDate
        let found: (Int, Int)? = try call.db.first(
            LotStore.expiring(by: today.adding(days: self.days), today: today, site: call.site.id))
        return .done(["expiringLots": found?.0 ?? 0, "expiredLots": found?.1 ?? 0])
    }
}
