internal import XinglinKit

/// The reasons about transfers between sites and members who are away: 1230 to 1239.
enum TransferFault {
    static let transferStateConflict = FaultKind(
        "membership.transferStateConflict", code: 1230,
        message: .init(zh: "组织关系转接的当前状态不允许此操作", en: "The transfer is in a state that does not allow this"),
        hint: .init(
            zh: "details 给出当前状态；申请后开具介绍信，凭介绍信接收；接收前转入方可退回，转出方可撤回",
            en:
                "details gives its state: a letter follows the request, and the receipt the letter; before that the receiving site may send it back, and the giving site withdraw it"
        ))
    static let transferWithinSite = FaultKind(
        "membership.transferWithinSite", code: 1231,
        message: .init(zh: "转入组织属于本机构，不需要转接", en: "The organisation is the acting site's own: nothing is transferred"),
        hint: .init(
            zh: "本机构内调整党员请用 membership.member.assign", en: "Within a site use membership.member.assign"))
    static let transferUnderWay = FaultKind(
        "membership.transferUnderWay", code: 1232,
        message: .init(zh: "此人已有未办结的组织关系转接", en: "A transfer of this person is under way already"),
        hint: .init(
            zh: "用 membership.transfer.list 查看；过期的可重新开具介绍信，不再办理的先撤回",
            en: "See it with membership.transfer.list: issue a new letter where it has expired, or withdraw it first"))
    static let transferNotNow = FaultKind(
        "membership.transferNotNow", code: 1233,
        message: .init(zh: "此人目前不能转接组织关系", en: "This person cannot be transferred now"),
        hint: .init(
            zh: "details.why：approvalPending 支部决议待上级党委审批（DV-17、DV-23），审批后再转；memberNow 已成为党员，请撤回并按党员申请；gone 已不在转出组织",
            en:
                "details.why: approvalPending, the committee decides on the branch's resolution first (DV-17, DV-23); memberNow, withdraw it and request it for the member; gone, not at the giving site any more"
        ))
    static let letterOut = FaultKind(
        "membership.letterOut", code: 1234,
        message: .init(
            zh: "已开具介绍信，材料随信移交，不能再登记", en: "A letter of transfer is out, and the papers go with it: nothing is added"),
        hint: .init(
            zh: "由转入方接收后登记；确需在本机构登记的，先用 membership.transfer.withdraw 撤回",
            en:
                "The receiving site records it after the receipt; to record it here, withdraw with membership.transfer.withdraw"
        ))
    static let transferExpired = FaultKind(
        "membership.transferExpired", code: 1235,
        message: .init(zh: "介绍信已过有效期", en: "The letter of transfer has expired"),
        hint: .init(
            zh: "details.expiresOn 为最后有效日；请转出方用 membership.transfer.issueLetter 重新开具",
            en:
                "details.expiresOn was its last day; the giving site issues another with membership.transfer.issueLetter"
        ))
    static let papersUnexamined = FaultKind(
        "membership.papersUnexamined", code: 1236,
        message: .init(
            zh: "接收前须审核培养材料（DV-08）", en: "The papers of the development are examined before the receipt (DV-08)"),
        hint: .init(
            zh: "用 membership.transfer.get 查看材料，审核后填 papersExamined: true；不合格的用 membership.transfer.sendBack 退回",
            en:
                "See them with membership.transfer.get; say papersExamined: true once they are examined, or send it back with membership.transfer.sendBack"
        ))
    static let flowOpen = FaultKind(
        "membership.flowOpen", code: 1237,
        message: .init(zh: "该党员已登记外出，尚未结束", en: "The member is away already by an open record"),
        hint: .init(
            zh: "先用 membership.flow.end 结束 details.flowId", en: "End details.flowId with membership.flow.end first"))
    static let flowEnded = FaultKind(
        "membership.flowEnded", code: 1238,
        message: .init(zh: "该流动记录已结束", en: "This record of being away has ended"),
        hint: .init(zh: "用 membership.flow.list 查看", en: "See membership.flow.list"))
    static let transferOtherSide = FaultKind(
        "membership.transferOtherSide", code: 1239,
        message: .init(zh: "此步骤由另一方机构办理", en: "This step is the other site's"),
        hint: .init(
            zh: "开具介绍信和撤回由转出方办理，接收和退回由转入方办理",
            en: "The giving site issues letters and withdraws; the receiving site receives and sends back"))

    static let all = [
        transferStateConflict, transferWithinSite, transferUnderWay, transferNotNow, letterOut, transferExpired,
        papersUnexamined, flowOpen, flowEnded, transferOtherSide,
    ]

    static let constraints: [String: FaultKind] = [
        "transfer_under_way_once": transferUnderWay, "transfer_of_who_is_there": transferNotNow,
        "transfer_received_after_last_fact": MembershipFault.factOutOfOrder,
        "development_entry_while_letter_is_out": letterOut, "flow_end_once": flowEnded,
        "fact_of_who_has_left": MembershipFault.memberEnded, "entry_of_who_has_left": DevelopmentFault.developmentEnded,
    ]

    static func notNow(_ why: TransferObstacle) -> Fault {
        Self.transferNotNow.fault(["why": .string(why.rawValue)])
    }
}
