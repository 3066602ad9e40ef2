internal import XinglinKit

/// What the rules call to mind about a transfer, or a member who is away, by a day (domain rules 1.4, 2.1).
struct TransferReminder: Codable, Sendable {
    enum Kind: String, CaseIterable, Codable, Sendable {
        /// There is a request and no letter.
        case letterMissing
        /// A letter runs out.
        case letterExpiring
        /// It has: another one, or the end of it.
        case letterExpired
        /// Nobody received the person for months: a reminder and a talk.
        case notReceived
        /// A member who is away must transfer.
        case transferDue

        static var codes: [String] { Self.allCases.map(\.rawValue) }

        /// The parameter of TRANSFER that it follows from.
        var parameter: String {
            switch self {
            case .letterExpiring, .letterExpired: "letterDays"
            case .letterMissing, .notReceived: "receiveMonths"
            case .transferDue: "awayMonths"
            }
        }

        var text: LocalizedText {
            switch self {
            case .letterMissing:
                .init(
                    zh: "已申请转出，尚无介绍信：转出方开具介绍信或撤回，转入方可退回",
                    en:
                        "Requested, and no letter yet: the giving site issues one or withdraws; the receiving site may send it back"
                )
            case .letterExpiring:
                .init(
                    zh: "介绍信即将失效，请转入方接收或退回",
                    en: "The letter runs out: the receiving site receives the person or sends it back")
            case .letterExpired:
                .init(
                    zh: "介绍信已失效，请转出方重新开具或撤回",
                    en: "The letter has expired: the giving site issues another one or withdraws")
            case .notReceived:
                .init(
                    zh: "转出后长期未接收，请提醒并与本人谈话", en: "Nobody has received the person for long: remind them and have a talk"
                )
            case .transferDue:
                .init(zh: "外出已满规定月数，应转移组织关系", en: "Away for the months of the rule: the member must transfer")
            }
        }
    }

    /// A dated fact that a line follows from.
    struct Evidence: Codable, Sendable {
        let fact: String
        let on: LocalDate
    }

    let kind: Kind
    let rule: String
    let parameter: String
    let ruleVersion: String
    let stage: DueStage
    let dueOn: LocalDate
    let textZh: String
    let textEn: String
    var direction: String?
    var transferId: RecordID?
    var flowId: RecordID?
    var memberId: RecordID?
    var candidateId: RecordID?
    let evidence: [Evidence]

    /// The values that reminders are judged by.
    struct Values {
        let awayMonths: Int
        let receiveMonths: Int
        let firstDays: Int
        let secondDays: Int
        let version: String

        /// The shipped values.
        static let example = Values(awayMonths: 6, receiveMonths: 3, firstDays: 30, secondDays: 7, version: "1.0")

        private init(awayMonths: Int, receiveMonths: Int, firstDays: Int, secondDays: Int, version: String) {
            (self.awayMonths, self.receiveMonths) = (awayMonths, receiveMonths)
            (self.firstDays, self.secondDays, self.version) = (firstDays, secondDays, version)
        }

        init(_ book: RuleBook) throws(Fault) {
            self.awayMonths = Int(try book.number(RuleKey("TRANSFER", "awayMonths")))
            self.receiveMonths = Int(try book.number(RuleKey("TRANSFER", "receiveMonths")))
            self.firstDays = Int(try book.number(RuleKey("AGENDA", "firstDays")))
            self.secondDays = Int(try book.number(RuleKey("AGENDA", "secondDays")))
            self.version = book.version(of: "TRANSFER") ?? ""
        }

        func stage(_ due: LocalDate, on day: LocalDate, isMissedOnTheDay: Bool) -> DueStage? {
            DueStage(
                due, on: day, first: self.firstDays, second: self.secondDays, isMissedOnTheDay: isMissedOnTheDay)
        }
    }

    init(_ kind: Kind, _ stage: DueStage, dueOn: LocalDate, _ evidence: [Evidence], _ values: Values) {
        self.kind = kind
        self.rule = "TRANSFER"
        self.parameter = kind.parameter
        self.ruleVersion = values.version
        self.stage = stage
        self.dueOn = dueOn
        self.textZh = kind.text.zh
        self.textEn = kind.text.en
        self.evidence = evidence
    }

    /// What is to be said of a request without a letter: it is called to mind from its day on, and late after the months within which
    /// somebody is to be received.
    static func ofRequest(_ requested: LocalDate, on day: LocalDate, _ values: Values) -> TransferReminder {
        let due = TransferDates.talkDue(requested, months: values.receiveMonths)
        let stage = values.stage(due, on: day, isMissedOnTheDay: true) ?? .first
        return TransferReminder(
            .letterMissing, stage, dueOn: due, [Evidence(fact: "requestedOn", on: requested)], values)
    }

    /// What is to be said of letters: the last day of one, and the months since the first.
    static func ofLetters(
        first: LocalDate, latest: LocalDate, expiresOn: LocalDate, on day: LocalDate, _ values: Values
    ) -> [TransferReminder] {
        var found: [TransferReminder] = []
        let letter = [Evidence(fact: "letterOn", on: latest), Evidence(fact: "expiresOn", on: expiresOn)]
        if let stage = values.stage(expiresOn, on: day, isMissedOnTheDay: false) {
            found.append(
                TransferReminder(
                    stage == .overdue ? .letterExpired : .letterExpiring, stage, dueOn: expiresOn, letter, values))
        }
        let talk = TransferDates.talkDue(first, months: values.receiveMonths)
        if let stage = values.stage(talk, on: day, isMissedOnTheDay: true), stage == .overdue {
            found.append(
                TransferReminder(
                    .notReceived, stage, dueOn: talk, [Evidence(fact: "firstLetterOn", on: first)], values))
        }
        return found
    }

    /// What is to be said of a member who is away at one place.
    static func ofFlow(from: LocalDate, on day: LocalDate, _ values: Values) -> TransferReminder? {
        let due = TransferDates.transferDue(from, months: values.awayMonths)
        guard let stage = values.stage(due, on: day, isMissedOnTheDay: true) else { return nil }
        return TransferReminder(.transferDue, stage, dueOn: due, [Evidence(fact: "from", on: from)], values)
    }
}
