internal import XinglinKit

/// DV-18: a committee above the branch approves, or files what was decided; no general branch, leading group or temporary organisation.
enum ApproverMustBeEntitled: StepRule {
    static let rules = ["DV-18"]

    static func concerns(_ step: Int) -> Bool {
        [4, 8, 13, DevelopmentStep.admission, DevelopmentStep.conversion].contains(step)
    }

    static func findings(_ proposal: Proposal, _ progress: Progress, _ judge: StepJudge) -> [Finding] {
        guard proposal.facts?.text("approvedBy") != nil else {
            guard proposal.around.approver == nil else { return [] }
            return [
                Finding(
                    "DV-18", zh: "当日该支部的上级中没有有审批权的基层党委；请先登记隶属关系（membership.organization.change）",
                    en:
                        "On that day no committee that may approve stands above the branch; record its place first (membership.organization.change)",
                    who: .higherCommittee)
            ]
        }
        let around = proposal.around
        guard let named = around.named, around.chain.dropFirst().contains(where: { $0.id == named.id }) else {
            return [
                Finding(
                    "DV-18", zh: "approvedBy 当日不是该支部的上级组织", en: "approvedBy did not stand above the branch on that day",
                    who: .higherCommittee)
            ]
        }
        guard !named.approves || named.isEnded else { return [] }
        let kind = named.isTemporary ? "临时党组织" : named.kind.labelZh
        let en = named.isTemporary ? "A temporary organisation" : "An organisation of kind \(named.kind.rawValue)"
        return [
            Finding(
                "DV-18", zh: "\(kind)没有审批权，须由基层党委审批", en: "\(en) cannot approve; a grass-roots committee does",
                who: .higherCommittee)
        ]
    }
}
