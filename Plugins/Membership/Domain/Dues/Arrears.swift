internal import XinglinKit

/// What months of arrears call for (rule DUES).
enum ArrearsStage: String, CaseIterable, Codable, Sendable, SQLTextDecodable {
    /// DUES noticeMonths.
    case notice
    /// DUES talkMonths.
    case talk
    /// DUES lapseMonths: the branch meeting decides on 自行脱党, the higher committee approves.
    case lapse

    static var codes: [String] { Self.allCases.map(\.rawValue) }

    /// The value of the rule that it follows from.
    var parameter: String {
        switch self {
        case .notice: "noticeMonths"
        case .talk: "talkMonths"
        case .lapse: "lapseMonths"
        }
    }

    var labelZh: String {
        switch self {
        case .notice: "提醒"
        case .talk: "谈话"
        case .lapse: "按自行脱党程序办理"
        }
    }
}

/// How many months of arrears call for what.
struct ArrearsRule: Sendable {
    let notice: Int64
    let talk: Int64
    let lapse: Int64

    init(notice: Int64, talk: Int64, lapse: Int64) {
        self.notice = notice
        self.talk = talk
        self.lapse = lapse
    }

    init(_ book: RuleBook) throws(Fault) {
        self.init(
            notice: try book.number(DuesRules.key("noticeMonths")), talk: try book.number(DuesRules.key("talkMonths")),
            lapse: try book.number(DuesRules.key("lapseMonths")))
    }

    func stage(of months: Int) -> ArrearsStage? {
        switch Int64(months) {
        case self.lapse...: .lapse
        case self.talk...: .talk
        case self.notice...: .notice
        default: nil
        }
    }
}

/// A member's months of dues, and the longest run of consecutive ones that were not paid without a good reason.
struct Arrears: Equatable, Sendable {
    struct Month: Equatable, Sendable {
        let month: CalendarMonth
        /// What was to be paid: due less waived.
        let payableFen: Int64
        /// What is still to be paid.
        let openFen: Int64
        let isExcused: Bool
    }

    /// The longest run, the latest of equal ones.
    let run: [CalendarMonth]
    /// What is still to be paid of all months.
    let openFen: Int64
    /// Months not paid with a good reason.
    let excused: [CalendarMonth]

    /// - Parameter months: those that have ended, of one member, each once.
    ///
    /// A month with nothing to pay neither counts nor breaks a run; a month that is paid, excused, or was not assessed breaks it.
    init(_ months: [Month]) {
        var longest: [CalendarMonth] = []
        var run: [CalendarMonth] = []
        var last: CalendarMonth?
        for one in months.sorted(by: { $0.month < $1.month }) {
            if let last, last.adding(1) != one.month { run = [] }
            last = one.month
            guard one.payableFen > 0 else { continue }
            guard one.openFen > 0, !one.isExcused else {
                run = []
                continue
            }
            run.append(one.month)
            if run.count >= longest.count { longest = run }
        }
        self.run = longest
        self.openFen = months.reduce(0) { $0 + max(0, $1.openFen) }
        self.excused = months.filter { $0.isExcused && $0.openFen > 0 }.map(\.month).sorted()
    }

    /// Of the rows of `DuesFigures.arrears` of one member.
    init(rows: [DuesFigures.ArrearsColumns]) {
        self.init(rows.map { .init(month: $0.3, payableFen: $0.4, openFen: $0.5, isExcused: $0.6) })
    }
}
