internal import XinglinKit

/// Something that an officer has to do, as it follows from what is recorded and from the rules. It is computed anew each time: who records
/// the fact that it waits for has it off the list, and nothing is asked for twice.
struct AgendaLine: Codable, Sendable {
    /// What is to be done, such as `development.talk`.
    let task: AgendaTask
    let rule: String
    let subjectKind: SubjectKind
    let subjectId: RecordID
    let organizationId: RecordID
    /// Who has to act in a development.
    var who: Supplier?
    var whoZh: String?
    /// Who it is about, masked unless a purpose was named; absent where it is about an organisation.
    var name: String?
    let dueOn: LocalDate
    var stage: Stage
    /// When it was done; only of a past month, and where one day is known.
    var doneOn: LocalDate?
    let textZh: String
    let textEn: String
    /// The method that records it.
    let method: String
    let evidence: [Evidence]

    /// What the line is about.
    enum SubjectKind: String, CaseIterable, Codable, Sendable {
        case candidate, member, organization, transfer, link

        static var codes: [String] { Self.allCases.map(\.rawValue) }
    }

    /// How near it is (domain rules 1.4): reminders at T−30, T−7 and T.
    enum Stage: String, CaseIterable, Codable, Sendable {
        /// Further away than the first reminder.
        case planned
        /// Within the days of the first reminder.
        case soon
        /// Within those of the second one.
        case near
        /// Today.
        case today
        case late
        /// Recorded since; only in a month that is over.
        case done

        static var codes: [String] { Self.allCases.map(\.rawValue) }
    }

    /// A recorded fact that it follows from.
    struct Evidence: Codable, Sendable, Hashable {
        /// The kind of record, such as `step`, with its number in `number`.
        let kind: String
        var number: Int?
        var id: RecordID?
        var on: LocalDate?

        static let schema = Schema.object(
            .required(
                "kind", .code(1...40), "The kind of record: step, appraised, standing, term, month, payment, letter, …"),
            .optional("number", .integer(0...1_000_000), "Its number: of the step, or how many there are."),
            .optional("id", .id, "The record, where it has an id."), .optional("on", .date, "Its day."))
    }

    static let schema = Schema.object(
        .required("task", .enumeration(AgendaTask.codes), "What is to be done."),
        .required("rule", .code(1...20), "The rule that asks for it."),
        .required("subjectKind", .enumeration(SubjectKind.codes), "What it is about."),
        .required("subjectId", .id, "Its id."),
        .required("organizationId", .id, "The organisation whose work it is."),
        .optional("who", .enumeration(Supplier.codes), "Who has to act in a development."),
        .optional("whoZh", .text(1...20), "The same in Chinese."),
        .optional("name", .text(1...60), "Who it is about, masked (张*) unless a purpose was named."),
        .required("dueOn", .date, "By when."),
        .required(
            "stage", .enumeration(Stage.codes),
            "planned, soon (30 days before at the most), near (7 days), today, late, and done in a month that is over; the days are AGENDA firstDays and secondDays."
        ), .optional("doneOn", .date, "When it was done, where one day is known."),
        .required("textZh", .text(1...200), "What is to be done, in Chinese."),
        .required("textEn", .text(1...300), "The same in English."),
        .required("method", .code(1...60), "The method that records it."),
        .required("evidence", .array(Evidence.schema, 0...100), "The recorded facts that it follows from."))

    init(
        _ task: AgendaTask, rule: String, _ subjectKind: SubjectKind, _ subject: RecordID, at organization: RecordID,
        dueOn: LocalDate, text: LocalizedText, evidence: [Evidence], method: String? = nil
    ) {
        self.task = task
        self.rule = rule
        self.subjectKind = subjectKind
        self.subjectId = subject
        self.organizationId = organization
        self.dueOn = dueOn
        self.stage = .planned
        self.who = task.supplier
        self.whoZh = task.supplier?.labelZh
        self.textZh = text.zh
        self.textEn = text.en
        self.method = method ?? task.method
        self.evidence = evidence
    }

    /// The same, done on a day.
    func done(on day: LocalDate?) -> AgendaLine {
        var line = self
        line.stage = .done
        line.doneOn = day
        return line
    }

    /// Sorted by day, then by what and whom, so that pages follow on each other.
    var place: [String] { [self.dueOn.description, self.task.rawValue, self.subjectId.description] }
}

/// The days at which a deadline is called to mind.
struct Reminders {
    let firstDays: Int
    let secondDays: Int

    init(_ rules: RuleBook) throws(Fault) {
        self.firstDays = Int(try rules.number(RuleKey("AGENDA", "firstDays")))
        self.secondDays = Int(try rules.number(RuleKey("AGENDA", "secondDays")))
    }

    /// How near a deadline is on a day.
    func stage(of due: LocalDate, on day: LocalDate) -> AgendaLine.Stage {
        if due < day { return .late }
        if due == day { return .today }
        if due <= day.adding(days: self.secondDays) { return .near }
        return due <= day.adding(days: self.firstDays) ? .soon : .planned
    }
}
