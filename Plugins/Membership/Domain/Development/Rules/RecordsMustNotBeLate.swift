internal import XinglinKit

/// DV-27: what is recorded more than a week after it happened needs the higher committee's approval, given by another account.
enum RecordsMustNotBeLate {
    /// No statute has it: it is the product's own (DV-27).
    static let clause = "产品规定：补录须经上级党委批准（DV-27）"

    /// An approval that was given for a step and day.
    struct Approval: Sendable {
        let id: RecordID
        let step: Int
        let on: LocalDate
        let by: RecordID
    }

    /// What a record of a day needs.
    enum Verdict: Sendable {
        case inTime
        case approved(RecordID)
        case late(Finding)
    }

    static func verdict(
        step: Int, on day: LocalDate, today: LocalDate, days: Int, approvals: [Approval], recorder: RecordID
    ) -> Verdict {
        guard day < today.adding(days: -days) else { return .inTime }
        if let approval = approvals.first(where: { $0.step == step && $0.on == day && $0.by != recorder }) {
            return .approved(approval.id)
        }
        var finding = Finding(
            "DV-27", zh: "补录超过 \(days) 天，须由上级党委的另一账号批准（membership.development.approveBackdating）",
            en:
                "More than \(days) days late: another account of the higher committee approves it (membership.development.approveBackdating)",
            who: .higherCommittee, earliestOn: today.adding(days: -days))
        finding.clause = Self.clause
        return .late(finding)
    }
}
