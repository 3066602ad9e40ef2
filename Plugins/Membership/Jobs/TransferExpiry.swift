internal import XinglinKit

/// `membership.transferExpiry`: a letter that nobody acted on by its last day is expired, and its papers are the giving site's alone again
/// (domain rules 2.1). What is done meanwhile judges the letter by its date, so nothing hangs on the hour of this.
struct TransferExpiry: ScheduledJob {
    static let name = "membership.transferExpiry"
    static let summary = LocalizedText(
        zh: "将逾期未接收的组织关系介绍信标记为过期", en: "Marks letters of transfer as expired that nobody acted on in time")
    static let schedule = "20 0 * * *"

    private static let portion = 200

    func run(_ call: Call, scheduledFor: Timestamp) throws -> JobResult {
        let site = try call.site.id
        let overdue = try call.db.query(
            TransferStore.overdue(before: call.today, site: site, limit: Self.portion), as: RecordID.self)
        guard !overdue.isEmpty else { return .done(["letters": 0]) }
        for id in overdue { try TransferStep.release(id, call) }
        try call.db.execute(
            TransferStore.expire(overdue, site: site, at: call.now), expecting: .rows(overdue.count))
        let counts = ["letters": overdue.count]
        return overdue.count == Self.portion ? .unfinished(counts) : .done(counts)
    }
}
