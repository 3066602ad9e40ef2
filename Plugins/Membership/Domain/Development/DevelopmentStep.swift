internal import XinglinKit

/// One of the 25 steps of development, as Data/development_steps.csv has it.
struct DevelopmentStep: Sendable, Equatable {
    let number: Int
    let stage: String
    let nameZh: String
    /// Who takes it.
    let actor: String
    /// When, in words.
    let intervalText: String
    let preconditions: String
    let decisionRule: String
    /// What is on paper afterwards, as the file has it: titles between semicolons.
    let documents: String
    /// The candidate's state from then on.
    let stateAfter: String
    /// Statute and article.
    let source: String

    /// How many there are.
    static let count = 25
    /// The branch meeting's vote on the admission.
    static let admissionVote = 15
    /// The committee's approval of it.
    static let admission = 17
    /// The branch meeting's vote on the conversion.
    static let conversionVote = 23
    /// The committee's approval of it.
    static let conversion = 24

    /// Those that a vote alone takes.
    static let votes: Set<Int> = [Self.admissionVote, Self.conversionVote]
}

/// The steps in their order.
struct StepTable: Sendable {
    let steps: [DevelopmentStep]

    /// Nil where these are not the steps 1 to 25, each once.
    init?(_ steps: [DevelopmentStep]) {
        let steps = steps.sorted { $0.number < $1.number }
        guard steps.map(\.number) == Array(1...DevelopmentStep.count) else { return nil }
        self.steps = steps
    }

    subscript(number: Int) -> DevelopmentStep? {
        self.steps.indices.contains(number - 1) ? self.steps[number - 1] : nil
    }

    /// A state in Chinese: the name of the step that leads to it, or the side state's.
    func label(of state: String) -> String {
        SideState(rawValue: state)?.labelZh ?? self.steps.first { $0.stateAfter == state }?.nameZh ?? state
    }
}

/// States beside the way from step to step.
enum SideState: String, CaseIterable, Sendable {
    case withdrawn, rejected
    case probationExtended = "probation_extended"
    case probationCancelled = "probation_cancelled"
    case transferredOut = "transferred_out"
    /// Died, left, or was removed while on probation.
    case memberEnded = "member_ended"

    var labelZh: String {
        switch self {
        case .withdrawn: "本人撤回"
        case .rejected: "不予发展"
        case .probationExtended: "延长预备期"
        case .probationCancelled: "取消预备党员资格"
        case .transferredOut: "组织关系转出"
        case .memberEnded: "预备期内已不在册"
        }
    }
}

/// Reads Data/development_steps.csv.
enum StepFile {
    static let name = "development_steps.csv"
    private static let columns = [
        "stage", "step_no", "name", "actor", "min_interval_days", "max_interval_days", "interval_from", "interval_text",
        "preconditions", "decision_rule", "documents", "state_after", "source", "confidence",
    ]

    /// - Throws: `DataFileRefused` where columns, cells or numbering are not as expected.
    static func steps(parsing file: [UInt8]) throws -> StepTable {
        let table = try DelimitedTable(parsing: file)
        guard table.columns == Self.columns else { throw Self.refused(1, "the columns are not as expected") }
        let steps = try table.rows.enumerated().map { index, row in
            func text(_ column: String) throws(DataFileRefused) -> String {
                guard let text = row[column], !text.isEmpty else {
                    throw Self.refused(index + 2, "\(column) is not as expected")
                }
                return text
            }
            guard let number = Int(try text("step_no")) else { throw Self.refused(index + 2, "step_no is no number") }
            return DevelopmentStep(
                number: number, stage: try text("stage"), nameZh: try text("name"), actor: try text("actor"),
                intervalText: row["interval_text"] ?? "", preconditions: row["preconditions"] ?? "",
                decisionRule: row["decision_rule"] ?? "", documents: try text("documents"),
                stateAfter: try text("state_after"), source: try text("source"))
        }
        guard let all = StepTable(steps), Set(steps.map(\.stateAfter)).count == steps.count else {
            throw Self.refused(1, "not the steps 1 to \(DevelopmentStep.count), each with a state of its own")
        }
        return all
    }

    private static func refused(_ line: Int, _ problem: String) -> DataFileRefused {
        DataFileRefused(file: Self.name, line: line, problem: problem)
    }
}
