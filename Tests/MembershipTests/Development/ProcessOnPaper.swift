import Testing
import XinglinKit

@testable import Membership

/// A development without a database, judged by the shipped rules.
struct ProcessOnPaper {
    static let mentor = RecordID(high: 1, low: 1)
    static let other = RecordID(high: 1, low: 2)
    static let committee = RecordID(high: 2, low: 1)
    static let branch = RecordID(high: 2, low: 2)

    let judge: StepJudge
    private(set) var entries: [DevelopmentEntry] = []
    var around = Self.circumstances()

    init(judge: StepJudge? = nil) throws {
        self.judge = try judge ?? Self.shippedJudge()
    }

    static func shippedJudge() throws -> StepJudge {
        StepJudge(
            values: try DevelopmentValues(DataOfTests.book()),
            table: try StepFile.steps(parsing: DataOfTests.bytes(StepFile.name)))
    }

    /// The shipped rules with other values in some places.
    static func judge(with changes: [(RuleKey, String)]) throws -> StepJudge {
        let lines = try RuleFile(parsing: DataOfTests.bytes("rules.csv"), bounds: MembershipRules.bounds).lines
        let book = MembershipRules.book(
            lines.map { line in
                RuleBook.Entry(
                    key: line.key, value: changes.first { $0.0 == line.key }?.1 ?? line.value, tighter: line.tighter,
                    validFrom: line.validFrom, version: line.version, revision: 0, siteRevision: 0)
            })
        return StepJudge(
            values: try DevelopmentValues(book), table: try StepFile.steps(parsing: DataOfTests.bytes(StepFile.name)))
    }

    static func organization(
        _ id: RecordID, _ kind: OrganizationKind, approves: Bool, isTemporary: Bool = false
    ) -> PartyOrganization {
        PartyOrganization(
            id: id, keptAt: id, foundedOn: LocalDate(daysSince1970: 0), version: 1,
            validFrom: LocalDate(daysSince1970: 0),
            kind: kind, nameZh: "某组织", parentID: nil, approves: approves, isTemporary: isTemporary, isEnded: false)
    }

    static func circumstances() -> Circumstances {
        var around = Circumstances()
        around.chain = [
            Self.organization(Self.branch, .branch, approves: false),
            Self.organization(Self.committee, .committee, approves: true),
        ]
        around.standings = [Self.mentor: .full, Self.other: .full]
        around.birthDate = LocalDate("1990-05-01")
        around.documentKind = "citizenId"
        around.entitled = 7
        return around
    }

    /// Facts that nothing stands against.
    static func facts(_ step: Int, on day: LocalDate) -> StepFacts {
        let notice: JSONValue = [
            "from": .string(day.adding(workingDays: -5).description), "to": .string(day.adding(days: -1).description),
        ]
        let both: JSONValue = [.string(Self.mentor.description), .string(Self.other.description)]
        let facts: JSONValue =
            switch step {
            case 2: ["talker": "组织委员"]
            case 3: ["recommendedBy": "members", "decidedBy": "committee"]
            case 5: ["mentors": both]
            case 7: ["opinionsHeard": ["group", "mentors", "members", "public"], "decidedBy": "committee"]
            case 8: ["publicity": notice]
            case 9: ["introducers": both]
            case 10: ["conclusion": "qualified", "text": "合格"]
            case 11: ["days": 3, "level": "county", "passed": true]
            case 12: ["agreed": true, "collective": true]
            case 13: ["result": "qualified", "publicity": notice]
            case 14: ["leavesWithin3Months": false]
            case 15, 23: VoteCount(due: 7, present: 7, writtenInFavour: 0, inFavour: 7, recused: 0).facts.json
            case 16: ["talker": "组织员", "opinion": "同意"]
            case 17: ["decision": "approve"]
            case 20: ["organizedBy": "branch"]
            case 22: ["written": true]
            case 25: ["keptIn": "personnelFile", "papersComplete": true]
            default: [:]
            }
        return StepFacts(facts)
    }

    var progress: Progress { Progress(self.entries) }

    func findings(_ step: Int, on day: LocalDate, _ change: [String: JSONValue?] = [:]) -> [Finding] {
        let proposal = Proposal(
            step: step, on: day, facts: Self.facts(step, on: day).changed(change), around: self.around)
        return self.judge.findings(proposal, self.progress)
    }

    /// What stands against a step.
    func against(_ step: Int, on day: LocalDate, _ change: [String: JSONValue?] = [:]) -> [Finding] {
        self.findings(step, on: day, change).filter { !$0.isWarning }
    }

    /// The rules that stand against a step, each once.
    func rules(_ step: Int, on day: LocalDate, _ change: [String: JSONValue?] = [:]) -> [String] {
        Set(self.against(step, on: day, change).map(\.rule)).sorted()
    }

    func warnings(_ step: Int, on day: LocalDate, _ change: [String: JSONValue?] = [:]) -> [String] {
        Set(self.findings(step, on: day, change).filter(\.isWarning).map(\.rule)).sorted()
    }

    /// Takes a step as `record` does, with the lapse that comes before it.
    mutating func take(_ step: Int, on day: LocalDate, _ change: [String: JSONValue?] = [:], papers: Int = 0) {
        let facts = Self.facts(step, on: day).changed(change)
        let before = self.progress
        if let last = before.lastDayOfResolution(self.judge.values), day > last {
            self.add(.lapsed, on: last.adding(days: 1), status: self.judge.table[14]?.stateAfter)
        }
        let status = self.progress.isFurthest(step) ? Progress.state(after: step, facts, in: self.judge.table) : nil
        self.entries.append(
            DevelopmentEntry(
                id: self.nextID, kind: .step, step: step, on: day, status: status,
                organization: step == 1 ? Self.branch : nil, facts: facts, papers: papers,
                order: Int64(self.entries.count)))
    }

    mutating func add(
        _ kind: EntryKind, on day: LocalDate, status: String? = nil, facts: StepFacts = StepFacts(), papers: Int = 0
    ) {
        self.entries.append(
            DevelopmentEntry(
                id: self.nextID, kind: kind, step: nil, on: day, status: status, facts: facts, papers: papers,
                order: Int64(self.entries.count)))
    }

    private var nextID: RecordID { RecordID(high: 9, low: UInt64(self.entries.count)) }

    /// Takes all steps up to one, each as early as the rules allow, from an application on a day.
    mutating func walk(to last: Int, from day: LocalDate) {
        var today = day
        for step in 1...last where self.progress.taken[step] == nil {
            today = max(today, StepOrder.earliest(step, self.progress, self.judge.values) ?? today)
            self.take(step, on: today)
        }
    }

    /// A process that has come so far.
    static func walked(to last: Int, from day: String, judge: StepJudge? = nil) throws -> ProcessOnPaper {
        var process = try ProcessOnPaper(judge: judge)
        process.walk(to: last, from: try #require(LocalDate(day)))
        return process
    }
}

extension StepFacts {
    /// With some facts changed, or left out where nil.
    func changed(_ change: [String: JSONValue?]) -> StepFacts {
        var members = self.json.objectValue ?? [:]
        for (name, value) in change { members[name] = value }
        return StepFacts(.object(members))
    }
}

/// A date that must be one.
func day(_ text: String) throws -> LocalDate { try #require(LocalDate(text)) }
