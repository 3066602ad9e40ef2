internal import XinglinKit

/// That somebody who is in arrears was told so, or talked with.
struct ArrearsNotice: Codable, Equatable, Sendable {
    let noticeId: RecordID
    let stage: ArrearsStage
    let on: LocalDate

    static let schema = Schema.object(
        .required("noticeId", .id, "The record."),
        .required("stage", .enumeration(ArrearsStage.recorded.map(\.rawValue)), "notice or talk."),
        .required("on", .date, "The day."))
}

extension ArrearsStage {
    /// Those that are done by telling the member; 自行脱党 is decided on.
    static let recorded: [ArrearsStage] = [.notice, .talk]
}

/// What a run of months of arrears calls for, and since when.
struct ArrearsCall: Equatable, Sendable {
    let stage: ArrearsStage
    /// The first day on which there were so many months.
    let reachedOn: LocalDate
    let run: [CalendarMonth]

    /// Nil where nothing is called for.
    init?(_ run: [CalendarMonth], by rule: ArrearsRule) {
        guard let stage = rule.stage(of: run.count), let reached = rule.reached(stage, run) else { return nil }
        self.stage = stage
        self.reachedOn = reached
        self.run = run
    }

    /// The notices that belong to this run: those since its first month was over.
    func notices(among all: [ArrearsNotice]) -> [ArrearsNotice] {
        guard let first = self.run.first else { return [] }
        return all.filter { $0.on > first.last }
    }

    /// Whether what is called for was done: it holds until the next stage is reached. Only a decision ends the last one.
    func isDone(by all: [ArrearsNotice]) -> Bool {
        guard self.stage != .lapse else { return false }
        return all.contains { $0.on >= self.reachedOn && ($0.stage == self.stage || $0.stage == .talk) }
    }
}

extension ArrearsRule {
    /// How many months a stage is reached with.
    func months(of stage: ArrearsStage) -> Int64 {
        switch stage {
        case .notice: self.notice
        case .talk: self.talk
        case .lapse: self.lapse
        }
    }

    /// The first day on which a run had as many months as a stage asks for; nil where it has not.
    func reached(_ stage: ArrearsStage, _ run: [CalendarMonth]) -> LocalDate? {
        let months = Int(self.months(of: stage))
        return run.count < months ? nil : run[months - 1].adding(1).first
    }
}
