internal import XinglinKit

/// `decoction.careWatch`: how many inspections and counts are due, and how many readings of the climate yesterday lacks (8.2), and
/// how many documents of toxic or narcotic pieces before today await their second person (8.4).
struct CareWatch: ScheduledJob {
    static let name = "decoction.careWatch"
    static let summary = LocalizedText(
        zh: "统计到期的养护检查、清点、前一日缺记的温湿度和待第二人确认的毒麻饮片单据",
        en:
            "Counts the care that is due, yesterday's missing readings of the climate and toxic documents without a second person"
    )
    static let schedule = "45 6 * * *"

    private static let most = 10_000

    func run(_ call: Call, scheduledFor: Timestamp) throws -> JobResult {
        // The day that the run is for, even where it is made up for later.
        let today = scheduledFor.localDate
        let yesterday = today.adding(days: -1)
        let site = try call.site.id
        let rules = try PharmacyRules.book(on: today, call)
        let due = try call.db.rows(
            CareStore.due(
                by: today, CareStore.Intervals(rules, on: today), site: site, after: .init(), limit: Self.most))
        let gaps = try call.db.query(
            ClimateStore.missing(
                try ClimateRule(call).wanted(from: yesterday, to: yesterday), site: site,
                after: LocalDate(daysSince1970: 0), RecordID(high: 0, low: 0), limit: Self.most),
            as: (LocalDate, RecordID, StoreClimate, Int).self)
        let unconfirmed = try call.db.rows(
            ToxicDocumentStore.open(
                bookedBefore: today, site: site, after: ToxicDocumentStore.start, limit: Self.most))
        return .done([
            "dueCare": due.count, "missingReadings": gaps.reduce(0) { $0 + $1.3 },
            "unconfirmedToxic": unconfirmed.count,
        ])
    }
}
