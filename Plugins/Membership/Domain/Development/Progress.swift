internal import XinglinKit

/// How far a development has come: its entries, taken in the order of their days.
struct Progress: Sendable {
    /// What each step was taken by, as far as it stands.
    private(set) var taken: [Int: DevelopmentEntry] = [:]
    /// The state; nil before the first step.
    private(set) var status: String?
    private(set) var statusSince: LocalDate?
    /// What ended it.
    private(set) var closing: DevelopmentEntry?
    private(set) var extensions: [DevelopmentEntry] = []
    /// The branch's half-year appraisals.
    private(set) var appraisals: [LocalDate] = []
    /// Since when this site has the person, where they came from another one.
    private(set) var receivedOn: LocalDate?
    /// Whether it came from another site, and the receipt did not say that its papers were examined (DV-08).
    private(set) var wasReceived = false
    /// A review that was not qualified and that no later one has made good.
    private(set) var failedReview: DevelopmentEntry?
    /// From which day on a step is taken again that has failed, was sent back or refused, or has lapsed.
    private(set) var again: [Int: LocalDate] = [:]
    /// The day on which the committee refused the conversion, until something follows from it (DV-21).
    private(set) var refusedConversionOn: LocalDate?
    /// How the person ceased to be a member while on probation.
    private(set) var memberEnd: MemberEnd?
    private(set) var organization: RecordID?
    /// The steps that have papers; 0 stands for what lies beside the steps.
    private(set) var papered: Set<Int> = []

    init() {}

    init(_ entries: some Sequence<DevelopmentEntry>) {
        for entry in entries.sorted(by: DevelopmentEntry.isOrdered) { self.take(entry) }
    }

    /// The next entry of the order of days.
    mutating func take(_ entry: DevelopmentEntry) {
        if let organization = entry.organization { self.organization = organization }
        if entry.papers > 0 { self.papered.insert(entry.step ?? 0) }
        switch entry.kind {
        case .step: self.takeStep(entry)
        case .assigned: break
        case .appraised:
            if entry.facts.text("what") == AppraisalKind.appraisal.rawValue { self.appraisals.append(entry.on) }
        case .extended:
            self.extensions.append(entry)
            self.refusedConversionOn = nil
        case .lapsed:
            self.taken[15] = nil
            self.taken[16] = nil
            self.reopen(DevelopmentStep.admissionVote, from: entry.on)
        case .cancelled, .withdrawn, .rejected, .transferredOut: self.closing = entry
        case .received:
            self.receivedOn = entry.on
            self.wasReceived = entry.facts.flag("papersExamined") != true
            if self.closing?.kind == .transferredOut { self.closing = nil }
        }
        if entry.kind != .step, let status = entry.status { self.setStatus(status, entry.on) }
    }

    private mutating func takeStep(_ entry: DevelopmentEntry) {
        guard let step = entry.step else { return }
        // The steps of a group come in any order; the state is that of the furthest one.
        if let status = entry.status, self.isFurthest(step) { self.setStatus(status, entry.on) }
        switch (step, Self.outcome(of: entry)) {
        case (10, .negative):
            self.taken[10] = nil
            self.failedReview = entry
            self.reopen(10, from: entry.on)
        case (_, .negative) where step == DevelopmentStep.admission:
            self.closing = entry
            if let status = entry.status { self.setStatus(status, entry.on) }
        case (_, .negative) where step == DevelopmentStep.conversion:
            // The meeting's resolution is none any more: it extends or cancels, or votes on another day (DV-21).
            self.taken[DevelopmentStep.conversionVote] = nil
            self.refusedConversionOn = entry.on
            self.reopen(DevelopmentStep.conversionVote, from: entry.on.adding(days: 1))
        case (_, .negative):
            self.taken[step] = nil
            self.reopen(step, from: entry.on)
        case (_, .positive):
            if step == 10 { self.failedReview = nil }
            if step == DevelopmentStep.conversionVote { self.refusedConversionOn = nil }
            self.again[step] = nil
            self.taken[step] = entry
        }
    }

    private mutating func reopen(_ step: Int, from day: LocalDate) {
        self.again[step] = max(self.again[step] ?? day, day)
    }

    /// The branch meeting did not pass what a step needs: it votes again, and not before that day.
    mutating func takeFailedVote(_ step: Int, on day: LocalDate) {
        guard self.taken[step] == nil else { return }
        self.reopen(step, from: day)
    }

    /// The same where the person is a member no more: nothing follows on a probation that did not come to its end.
    func ended(_ end: MemberEnd?) -> Progress {
        guard let end, self.isProbationary else { return self }
        var later = self
        later.memberEnd = end
        later.setStatus(SideState.memberEnded.rawValue, end.on)
        return later
    }

    /// The same where a review that holds no longer is to be made again (DV-11): what waits for it comes later.
    func withoutExpiredReview(on day: LocalDate, _ values: DevelopmentValues) -> Progress {
        guard self.taken[DevelopmentStep.admissionVote] == nil, let last = ReviewMustHold.lastDay(self, values),
            day > last
        else { return self }
        var later = self
        later.taken[10] = nil
        later.reopen(10, from: last.adding(days: 1))
        return later
    }

    /// Whether no later step was taken yet.
    func isFurthest(_ step: Int) -> Bool { self.taken.keys.allSatisfy { $0 <= step } }

    private mutating func setStatus(_ status: String, _ day: LocalDate) {
        if self.status != status { self.statusSince = day }
        self.status = status
    }

    private enum Outcome { case positive, negative }

    /// Whether an entry takes its step: a review may end unqualified, a pre-examination may send it back, a committee may refuse.
    private static func outcome(of entry: DevelopmentEntry) -> Outcome {
        switch entry.step {
        case 10: entry.facts.text("conclusion") == "unqualified" ? .negative : .positive
        case 13: entry.facts.text("result") == "returned" ? .negative : .positive
        case DevelopmentStep.admission, DevelopmentStep.conversion:
            entry.facts.text("decision") == "refuse" ? .negative : .positive
        default: .positive
        }
    }

    /// The state that an entry of a step leads to; nil where the step stays open.
    static func state(after step: Int, _ facts: StepFacts, in table: StepTable) -> String? {
        let entry = DevelopmentEntry(
            id: RecordID(high: 0, low: 0), kind: .step, step: step, on: LocalDate(daysSince1970: 0), facts: facts)
        guard Self.outcome(of: entry) == .negative else { return table[step]?.stateAfter }
        switch step {
        case DevelopmentStep.admission: return SideState.rejected.rawValue
        case DevelopmentStep.conversion: return table[DevelopmentStep.conversionVote - 1]?.stateAfter
        default: return nil
        }
    }

    /// The day on which a step was taken.
    func day(of step: Int) -> LocalDate? { self.taken[step]?.on }

    /// The last day on which the meeting's resolution can still be approved (DV-17); nil where there is none that waits.
    func lastDayOfResolution(_ values: DevelopmentValues) -> LocalDate? {
        guard self.taken[DevelopmentStep.admission] == nil, self.closing == nil,
            let meeting = self.day(of: DevelopmentStep.admissionVote)
        else { return nil }
        return meeting.adding(months: values.specialMonths)
    }

    /// The same as of a day: a resolution that was not approved in time is none any more (DV-17).
    func asOf(_ day: LocalDate, _ values: DevelopmentValues, _ table: StepTable) -> Progress {
        guard let last = self.lastDayOfResolution(values), day > last else { return self }
        var later = self
        later.take(
            DevelopmentEntry(
                id: RecordID(high: 0, low: 0), kind: .lapsed, step: nil, on: last.adding(days: 1),
                status: table[14]?.stateAfter))
        return later
    }

    /// Since when, and until when, probation runs (DV-19, DV-22); nil before the branch meeting. Of a conversion that was taken over the
    /// other register may have told the end.
    func probation(_ values: DevelopmentValues) -> (from: LocalDate, to: LocalDate)? {
        guard let from = self.day(of: DevelopmentStep.admissionVote) else { return nil }
        let told = self.taken[DevelopmentStep.conversion]?.facts.date(StepFacts.probationEndedOn)
        return (from, told ?? values.probationEnd(from: from, extendedBy: self.extendedMonths))
    }

    /// Whether more may follow.
    var isOpen: Bool { self.closing == nil && self.memberEnd == nil }

    /// By how many months probation was extended.
    var extendedMonths: Int {
        self.extensions.reduce(0) { $0 + Int($1.facts.number("months") ?? 0) }
    }

    /// Whether the person is on probation here.
    var isProbationary: Bool {
        self.closing == nil && self.taken[DevelopmentStep.admission] != nil
            && self.taken[DevelopmentStep.conversion] == nil
    }
}
