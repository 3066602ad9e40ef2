internal import XinglinKit

/// `decoction.licenceWatch`: how many licences of suppliers end soon, have ended, or have no end on record (PC-01).
struct LicenceWatch: ScheduledJob {
    static let name = "decoction.licenceWatch"
    static let summary = LocalizedText(
        zh: "统计供应商许可证即将到期、已到期和未登记有效期的数量",
        en: "Counts the licences of suppliers that end soon, have ended, or have no end on record")
    static let schedule = "40 6 * * *"

    func run(_ call: Call, scheduledFor: Timestamp) throws -> JobResult {
        // The day that the run is for, even where it is made up for later.
        let today = scheduledFor.localDate
        let site = try call.site.id
        let rules = try PharmacyRules.book(on: today, call)
        let day = today.adding(days: Int(try rules.number(.licenceWarnDays)))
        let found: (Int, Int, Int)? = try call.db.first(SupplierVersionStore.ending(by: day, today: today, site: site))
        return .done([
            "endingLicences": found?.0 ?? 0, "endedLicences": found?.1 ?? 0, "licencesWithoutEnd": found?.2 ?? 0,
        ])
    }
}
