internal import XinglinKit

/// What dues (党费) add to the module: the rule DUES and Data/dues_bands.csv.
enum DuesPart {
    static let tables: [ModuleManifest.Table] = [
        .reference("dues_band"), .ledger("dues_base"), .ledger("dues_exemption"), .ledger("dues_exemption_end"),
        .ledger("dues_excuse"), .perSite("dues_month"), .ledger("dues_line"), .ledger("dues_payment"),
        .ledger("dues_part"),
        .ledger("voluntary_payment"), .ledger("dues_reversal"), .ledger("dues_closing"), .ledger("dues_closed_line"),
        .ledger("dues_unassessed"), .ledger("arrears_notice"), .ledger("dues_publication"),
    ]

    static let faults = DuesFault.all
    static let constraints = DuesFault.constraints

    static let dataFile = ModuleManifest.DataFile(
        DuesBandFile.name, sha256: "3313bd3f17487ccd7c2d549f5ba1c34835f9bf1472dc7f7d0507956d330f82f8")

    static var methods: [any RPCMethod] {
        [
            QuoteDues(), SetDuesBase(), ListDuesBases(), ExemptDues(), EndDuesExemption(), ExcuseDues(),
            OpenDuesMonth(),
            AssessDues(), PayDues(), ReverseDuesPayment(), CloseDuesMonth(), ListDuesMonths(), ListDuesLines(),
            ReverseSupplement(), ListDuesPayments(), ListArrears(), NotifyArrears(), ReverseArrearsNotice(),
            DonateDues(), ListVoluntaryPayments(), SummarizeDues(), PublishDues(),
        ]
    }

    /// Makes the dues table what the file is.
    static func load(_ files: DataFiles, into db: Database) throws {
        let bands = try DuesBandFile(parsing: files[DuesBandFile.name]).bands
        try db.batch([
            Statement(DuesScaleStore.clear), Statement(DuesScaleStore.add(bands), .rows(bands.count)),
        ])
    }

    /// The statements, for the conformance suite.
    static var samples: [SQL] {
        let id = RecordID(high: 0, low: 0)
        let act = Act(site: id, account: id, now: Timestamp(microseconds: 0))
        let day = act.now.localDate
        let month = CalendarMonth(of: day)
        return [DuesScaleStore.all] + Self.facts(id, month, act) + Self.lines(id, month, act)
            + Self.payments(id, month, act) + Self.notices(id, month, act) + [
                DuesFigures.lines(id, month, withReversed: true, after: id, limit: 1),
                DuesFigures.sums(id, from: month, through: month),
                DuesFigures.gifts(id, from: month, through: month),
                DuesFigures.voluntary(id, from: day, through: day, before: id, limit: 1),
                DuesFigures.voluntarySums(id, from: day, through: day),
                DuesFigures.arrears(id, of: id, on: day, after: id, limit: 1),
                DuesFigures.publish(
                    .init(
                        organization: id, year: 1970, on: day, sums: DuesSums(), voluntaryFen: 0, forCentreFen: 0,
                        paper: PaperReference()), act),
            ]
    }

    private static func facts(_ id: RecordID, _ month: CalendarMonth, _ act: Act) -> [SQL] {
        let day = act.now.localDate
        let paper = PaperReference()
        return [
            DuesFactStore.lock(id, site: id),
            DuesFactStore.add(
                DuesFactStore.Base(
                    member: id, from: month, category: .student, baseFen: nil, fixedFen: nil, reason: ""), act),
            DuesFactStore.bases(of: [id], for: month, site: id), DuesFactStore.bases(of: id),
            DuesFactStore.add(
                DuesFactStore.Exemption(
                    id: id, member: id, from: month, until: month, reducedFen: nil, requestedOn: day, branchOn: day,
                    approvedOn: day, approvedBy: id, paper: paper), act),
            DuesFactStore.exemptions(of: [id], for: month, site: id), DuesFactStore.exemptions(of: id),
            DuesFactStore.overlapping(id, from: month, until: month, site: id), DuesFactStore.exemption(id, site: id),
            DuesFactStore.end(id, from: month, reason: "", act),
            DuesFactStore.add(
                DuesFactStore.Excuse(id: id, member: id, from: month, until: month, reason: "", paper: paper), act),
            DuesFactStore.excuses(of: id), DuesFactStore.closed(id, from: month, until: nil, site: id),
        ]
    }

    private static func lines(_ id: RecordID, _ month: CalendarMonth, _ act: Act) -> [SQL] {
        let line = Assessment(
            organization: id, category: .student, baseFen: nil, baseVersion: 1, rateBasisPoints: nil, unroundedFen: 20,
            dueFen: 20, waivedFen: 0, exemption: nil, ruleVersion: "1.0")
        return [
            DuesLineStore.open(month, of: id, act), DuesLineStore.range(of: id, site: id),
            DuesLineStore.lock(month, of: id, site: id), DuesLineStore.closing(month, of: id, site: id),
            DuesLineStore.owing(id, month, site: id), DuesLineStore.latest(month, of: id, and: [id], site: id),
            DuesLineStore.add([.init(member: id, version: 1, line: line)], month, isSupplement: false, act),
            DuesLineStore.close(month, of: id, DuesSums(), unassessed: 0, act),
            DuesLineStore.keep(month, of: id, site: id), DuesLineStore.keep([], month, of: id, site: id),
            DuesLineStore.months(of: id, before: month, limit: 1),
        ]
    }

    private static func notices(_ id: RecordID, _ month: CalendarMonth, _ act: Act) -> [SQL] {
        let day = act.now.localDate
        let notice = ArrearsNoticeStore.New(
            id: id, member: id, stage: .notice, on: day, run: [month], note: "", paper: PaperReference())
        return [
            ArrearsNoticeStore.add(notice, act), ArrearsNoticeStore.standing(of: [id], through: day),
            ArrearsNoticeStore.owner(of: id, site: id),
            DuesSupplementStore.last(of: id, in: month, site: id),
            DuesSupplementStore.reverse(1, of: id, in: month, reason: "", act),
            DuesSupplementStore.wanting(id, on: day),
        ]
    }

    private static func payments(_ id: RecordID, _ month: CalendarMonth, _ act: Act) -> [SQL] {
        let payment = DuesPaymentStore.Payment(id: id, member: id, on: act.now.localDate, amountFen: 1, how: .cash)
        return [
            DuesPaymentStore.lockMonths(of: id, site: id), DuesPaymentStore.lines(of: id, site: id),
            DuesPaymentStore.add(payment, act),
            DuesPaymentStore.add([.init(month: month, fen: 1)], closed: [], of: payment, act),
            DuesPaymentStore.add(
                DuesPaymentStore.Voluntary(
                    id: id, member: id, organization: id, on: act.now.localDate, amountFen: 1, isForCentre: false,
                    payment: nil,
                    note: "", ruleVersion: "1.0"), act),
            DuesPaymentStore.owner(of: id, site: id), DuesPaymentStore.settled(id, site: id),
            DuesPaymentStore.reversible(of: [id], in: month, site: id),
            DuesPaymentStore.reversal(of: id, site: id), DuesPaymentStore.reverse(id, reason: "", act),
            DuesPaymentStore.payments(of: id, before: id, limit: 1),
        ]
    }
}
