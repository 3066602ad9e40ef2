internal import XinglinKit

/// The reasons about the development of members: 1210 to 1219.
enum DevelopmentFault {
    static let stepRefused = FaultKind(
        "membership.stepRefused", code: 1210,
        message: .init(zh: "按发展党员的规定，这一步现在还不能登记", en: "By the rules of development this cannot be recorded now"),
        hint: .init(
            zh: "details 逐条给出规则、依据、所缺、由谁补齐，以及最早日期；各步情况见 membership.development.next",
            en:
                "details names each rule, its clause, what is missing, who supplies it and the earliest day; see all steps with membership.development.next"
        ))
    static let developmentEnded = FaultKind(
        "membership.developmentEnded", code: 1211,
        message: .init(zh: "该发展过程已经结束", en: "The development has ended"),
        hint: .init(
            zh: "details 给出状态与日期；终止后重新申请的，用 membership.development.apply 另立过程",
            en: "details says how and when; who applies again begins anew with membership.development.apply"))
    static let entryCorrected = FaultKind(
        "membership.entryCorrected", code: 1212,
        message: .init(zh: "该条目已被更正", en: "This entry was corrected already"),
        hint: .init(
            zh: "用 membership.development.timeline 查看，更正最新的一条",
            en: "See membership.development.timeline, and correct the entry that took its place"))
    static let approverNotEntitled = FaultKind(
        "membership.approverNotEntitled", code: 1213,
        message: .init(
            zh: "补录须由上级党委批准，此账号不属于上级党委", en: "The higher committee approves late records, and this account is not of it"
        ),
        hint: .init(
            zh: "由 details.committeeId 所在机构的支部事务员（或对其有下辖权限的管理员）办理；没有上级党委的由县局管理员办理（DV-27）",
            en:
                "An officer of the site that keeps details.committeeId approves; where there is no committee, an administrator of the bureau (DV-27)"
        ))
    static let memberAlready = FaultKind(
        "membership.memberAlready", code: 1214,
        message: .init(
            zh: "此人已被接收为党员，不能再撤回申请", en: "The person was admitted; the application cannot be withdrawn any more"),
        hint: .init(
            zh: "取消预备党员资格用 membership.development.cancel；党员离开用 membership.member.end",
            en: "Cancel a probation with membership.development.cancel; record who leaves with membership.member.end"))

    static let all = [stepRefused, developmentEnded, entryCorrected, approverNotEntitled, memberAlready]

    static let constraints = [
        "development_entry_corrected_once": entryCorrected, "vote_corrected_once": entryCorrected,
    ]

    static func refused(_ findings: [Finding]) -> Fault {
        Self.stepRefused.fault(.array(findings.map(\.details)))
    }

    /// A refusal that says which later step would not hold.
    static func refused(_ objections: [StepJudge.Objection]) -> Fault {
        Self.stepRefused.fault(
            .array(
                objections.map { objection in
                    var details = objection.finding.details.objectValue ?? [:]
                    details["step"] = .integer(Int64(objection.step))
                    details["missing"] = .string(
                        "Step \(objection.step) is recorded and would not hold, correct it first: \(objection.finding.text.en)"
                    )
                    details["missingZh"] = .string(
                        "已登记的第\(objection.step)步将不成立，请先更正：\(objection.finding.text.zh)")
                    details["entryId"] = .string(objection.entry.description)
                    return .object(details)
                }))
    }

    static func ended(_ closing: DevelopmentEntry) -> Fault {
        Self.developmentEnded.fault([
            "kind": .string(closing.kind.rawValue), "on": .string(closing.on.description),
        ])
    }
}

extension Finding {
    /// As `details` of the refusal has it.
    var details: JSONValue {
        var members: [String: JSONValue] = [
            "rule": .string(self.rule), "clause": .string(self.clause), "missing": .string(self.text.en),
            "missingZh": .string(self.text.zh), "who": .string(self.who.rawValue), "whoZh": .string(self.who.labelZh),
        ]
        members["earliestOn"] = self.earliestOn.map { .string($0.description) }
        return .object(members)
    }
}
