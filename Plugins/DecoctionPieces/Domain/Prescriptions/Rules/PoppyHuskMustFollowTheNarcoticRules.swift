internal import XinglinKit

/// RX-10: 罂粟壳 on a narcotic form, never alone, three days at the most, seven in a row across visits, 3–6 g a day.
enum PoppyHuskMustFollowTheNarcoticRules: PrescriptionRule {
    static let id = "RX-10"

    static func verdicts(on prescription: PrescriptionCase) throws(Fault) -> [Verdict] {
        let husk = prescription.pieces(.narcotic).map(\.code)
        guard !husk.isEmpty else { return [] }
        let names = prescription.names(husk)
        var found: [Verdict] = []
        func refuse(_ zh: String, _ en: String) {
            found.append(Verdict(.block, husk, zh: "\(names)\(zh)", en: "\(names): \(en)", .rewrite))
        }
        if prescription.kind != .narcotic {
            refuse("须用麻醉药品专用处方（淡红色）", "a narcotic prescription (light red) is needed")
        }
        if prescription.pieces.count == husk.count { refuse("不得单方使用", "may not be prescribed alone") }
        let days = try prescription.rules.number(.poppyDays)
        if Int64(prescription.supplyDays) > days {
            refuse("每张处方不得超过 \(days) 日用量", "\(days) days of supply at the most")
        }
        let daily = husk.reduce(0) { $0 + prescription.perDayMg($1) }
        let (least, greatest) = try (
            prescription.rules.number(.poppyDoseMinMg), prescription.rules.number(.poppyDoseMaxMg)
        )
        let span = "\(grams(least))–\(grams(greatest))"
        if daily > greatest { refuse("每日 \(grams(daily))，超过 \(span)", "\(grams(daily)) a day, above \(span)") }
        if daily < least {
            found.append(
                Verdict(
                    .warn, husk, zh: "\(names)每日 \(grams(daily))，低于 \(span)",
                    en: "\(names): \(grams(daily)) a day, below \(span)", .consider))
        }
        if let verdict = try Self.run(of: husk, names, prescription) { found.append(verdict) }
        return found
    }

    private static func run(
        of husk: [String], _ names: String, _ prescription: PrescriptionCase
    ) throws(Fault) -> Verdict? {
        guard let earlier = prescription.earlier else {
            return .notChecked(
                husk, zh: "未指明患者，未核对\(names)连续使用天数", en: "\(names): no patient, so days in a row were not checked")
        }
        let most = try prescription.rules.number(.poppyRunDays)
        let days = Self.daysInARow(
            earlier.filter(\.isNarcotic).map { ($0.issuedOn, $0.days) },
            with: (prescription.issuedOn ?? prescription.today, prescription.supplyDays))
        guard Int64(days) > most else { return nil }
        return Verdict(
            .block, husk, zh: "\(names)连续使用达 \(days) 天，不得超过 \(most) 天",
            en: "\(names): \(days) days in a row, \(most) at the most", .rewrite)
    }

    /// How many days the supplies last that join on to each other and to this one, whichever was written first; what is given before
    /// the former is used up is used after it.
    static func daysInARow(
        _ earlier: [(start: LocalDate, days: Int)], with this: (start: LocalDate, days: Int)
    ) -> Int {
        var run = (days: 0, hasThis: false)
        var free = LocalDate(daysSince1970: 0)
        let every = earlier.map { (supply: $0, isThis: false) } + [(supply: this, isThis: true)]
        for (supply, isThis) in every.sorted(by: { $0.supply.start < $1.supply.start }) {
            if supply.start > free {
                if run.hasThis { break }
                run = (0, false)
            }
            free = max(free, supply.start).adding(days: supply.days)
            run = (run.days + supply.days, run.hasThis || isThis)
        }
        return run.days
    }
}
