internal import XinglinKit

/// What a report is asked about: the values with which every statement of reports begins (`LedgerText`).
struct Asked {
    let site: RecordID
    let from: LocalDate
    let to: LocalDate
    let today: LocalDate

    init(_ period: ReportPeriod, _ call: Call) throws {
        self.init(site: try call.site.id, from: period.from, to: period.to, today: call.today)
    }

    init(site: RecordID, from: LocalDate, to: LocalDate, today: LocalDate) {
        self.site = site
        self.from = from
        self.to = to
        self.today = today
    }

    /// What is asked of the end of the last day: `opening` is then what was left on it.
    var atEnd: Asked {
        let next = self.to.adding(days: 1)
        return Asked(site: self.site, from: next, to: next, today: self.today)
    }
}
