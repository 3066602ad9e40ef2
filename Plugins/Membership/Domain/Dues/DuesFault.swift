internal import XinglinKit

/// The reasons for which dues are refused (1220–1229, 1270).
enum DuesFault {
    static let notABranch = FaultKind(
        "membership.duesNotABranch", code: 1220,
        message: .init(zh: "党费按党支部收缴", en: "Dues are collected branch by branch"),
        hint: .init(
            zh: "请选择本机构的党支部，党小组的党员计入其支部", en: "Name a branch of the acting site; members of a group count in its branch"
        ))
    static let monthOutOfOrder = FaultKind(
        "membership.duesMonthOutOfOrder", code: 1221,
        message: .init(zh: "党费月份须按顺序开启和结账", en: "Months of dues are opened and closed in their order"),
        hint: .init(
            zh: "details.month 为可办理的月份；未来月份只能开启到本季度末",
            en: "details.month is the one whose turn it is; none after this quarter is opened"))
    static let monthState = FaultKind(
        "membership.duesMonthState", code: 1222,
        message: .init(zh: "该月份的党费状态不允许此操作", en: "The month of dues is not in a state for this"),
        hint: .init(
            zh: "details.state：notOpen 请先用 membership.dues.openMonth 开启；open 已开启；closed 已结账，不能再改",
            en: "details.state: notOpen (open it with membership.dues.openMonth), open already, or closed for good"))
    static let overpaid = FaultKind(
        "membership.duesOverpaid", code: 1223,
        message: .init(zh: "金额超过应交党费", en: "The amount is more than the dues owed"),
        hint: .init(
            zh: "应交 details.dueFen 分，多出 details.excessFen 分；自愿多交的，请注明 voluntary: true",
            en: "details.dueFen is owed, details.excessFen too much; say voluntary: true where the rest is given freely"
        ))
    static let excess = FaultKind(
        "membership.duesExcess", code: 1224,
        message: .init(zh: "有党员已交数额超过重新核定的应交数额", en: "Members have paid more than is owed since it was assessed anew"),
        hint: .init(
            zh: "details 列出党员；用 membership.dues.reversePayment 冲销后按应交数额重新登记，再结账；冲销补充核定前同样先冲销缴费",
            en:
                "details names them; reverse the payment with membership.dues.reversePayment and book it anew, then close or reverse"
        ))
    static let notApproved = FaultKind(
        "membership.duesNotApproved", code: 1225,
        message: .init(zh: "减免党费须经上一级党委批准", en: "The next higher committee approves reductions and waivers (DUES)"),
        hint: .init(
            zh: "approvedBy 须为党员所在支部的上一级党委；details.committeeId 为当日的上一级党委",
            en: "approvedBy is the committee next above the member's branch; details.committeeId was it on the day"))
    static let exemptionOverlaps = FaultKind(
        "membership.duesExemptionOverlaps", code: 1226,
        message: .init(zh: "该党员在此期间已有减免", en: "The member has an exemption in these months already"),
        hint: .init(
            zh: "details 给出已有的减免；需要更改的，先用 membership.dues.endExemption 提前终止",
            en: "details names it; end it with membership.dues.endExemption before another begins"))
    static let exemptionEnded = FaultKind(
        "membership.duesExemptionEnded", code: 1227,
        message: .init(zh: "该减免已提前终止", en: "The exemption was ended already"),
        hint: .init(zh: "用 membership.duesBase.list 查看减免的起止月份", en: "See its months with membership.duesBase.list"))
    static let paymentSettled = FaultKind(
        "membership.duesPaymentSettled", code: 1228,
        message: .init(
            zh: "该笔缴费已冲销，或已计入结账月份，不能冲销", en: "The payment was reversed already, or counts in a closed month"),
        hint: .init(
            zh: "details.state：reversed 已冲销；closed 已结账，details.months 为结账月份",
            en: "details.state: reversed, or closed with details.months"))
    static let notAssessed = FaultKind(
        "membership.duesNotAssessed", code: 1229,
        message: .init(zh: "该党员有月份尚未核定党费", en: "The member's dues of a month are not assessed"),
        hint: .init(
            zh: "details.months 为尚未核定的月份；先用 membership.dues.assess 核定",
            en: "details.months are not; assess them with membership.dues.assess"))

    static let arrearsNotReached = FaultKind(
        "membership.arrearsNotReached", code: 1270,
        message: .init(zh: "该党员当日的欠交月数未达到此阶段", en: "The member had not so many months of arrears on the day (DUES)"),
        hint: .init(
            zh: "details.required 为所需的连续欠交月数，details.months 为当日连续欠交的月份；其他月份不变时，最早可填 details.earliestOn",
            en:
                "details.required months are needed, details.months were not paid; details.earliestOn is the first day if none of them is"
        ))

    static let all = [
        notABranch, monthOutOfOrder, monthState, overpaid, excess, notApproved, exemptionOverlaps, exemptionEnded,
        paymentSettled, notAssessed, arrearsNotReached,
    ]

    static let constraints: [String: FaultKind] = [
        "dues_base_taken": HostFault.conflict, "dues_line_taken": HostFault.conflict,
        "dues_line_month_closed": HostFault.conflict, "dues_month_taken": HostFault.conflict,
        "dues_closing_taken": HostFault.conflict, "dues_reversal_taken": paymentSettled,
        "dues_exemption_ended": exemptionEnded, "dues_publication_taken": HostFault.conflict,
    ]

    static func monthOutOfOrder(_ month: CalendarMonth) -> Fault {
        Self.monthOutOfOrder.fault(["month": .string(month.description)])
    }

    static func monthState(_ state: DuesMonthState) -> Fault {
        Self.monthState.fault(["state": .string(state.rawValue)])
    }

    static func arrearsNotReached(_ stage: ArrearsStage, _ run: [CalendarMonth], _ rule: ArrearsRule) -> Fault {
        let required = rule.months(of: stage)
        var details: [String: JSONValue] = ["required": .integer(required), "months": Self.months(run)]
        details["earliestOn"] = run.first.map { .string($0.adding(Int(required)).first.description) }
        return Self.arrearsNotReached.fault(.object(details))
    }

    static func months(_ months: [CalendarMonth]) -> JSONValue {
        .array(months.map { .string($0.description) })
    }
}

/// How far the collection of a month is.
enum DuesMonthState: String, CaseIterable, Codable, Sendable {
    case notOpen, open, closed

    static var codes: [String] { Self.allCases.map(\.rawValue) }
}
