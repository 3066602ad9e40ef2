internal import XinglinKit

/// DV-25: application, cultivation records, political review, 志愿书 and conversion application are all in the archive.
enum ArchiveMustBeComplete: StepRule {
    static let rules = ["DV-25"]
    /// The papers, each with the steps of which one must have it; 0 is what lies beside the steps.
    private static let papers: [(zh: String, en: String, steps: Set<Int>)] = [
        ("入党申请书", "application", [1]), ("培养教育考察材料", "cultivation records", [6, 0]),
        ("政治审查材料", "political review", [10]),
        ("入党志愿书", "application form (志愿书)", [14]), ("转正申请书", "conversion application", [22]),
    ]

    static func concerns(_ step: Int) -> Bool { step == DevelopmentStep.count }

    static func findings(_ proposal: Proposal, _ progress: Progress, _ judge: StepJudge) -> [Finding] {
        guard let facts = proposal.facts, facts.flag("papersComplete") != true else { return [] }
        let missing = Self.papers.filter { $0.steps.isDisjoint(with: progress.papered) }
        guard !missing.isEmpty else { return [] }
        return [
            Finding(
                "DV-25", zh: "材料不全：" + missing.map(\.zh).joined(separator: "、") + "；或以 papersComplete 声明已齐全",
                en: "Papers are missing: " + missing.map(\.en).joined(separator: ", ") + "; or state papersComplete",
                who: .branch)
        ]
    }
}
