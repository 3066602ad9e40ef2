/// What an agenda asks for. Each goes off the list when the method that it names has recorded the fact.
enum AgendaTask: String, CaseIterable, Codable, Sendable {
    case talk = "development.talk"
    case activistFiling = "development.activistFiling"
    case appraisal = "development.appraisal"
    case thoughtReport = "development.thoughtReport"
    case committeeReview = "development.committeeReview"
    case candidateFiling = "development.candidateFiling"
    case politicalReview = "development.politicalReview"
    case preexamination = "development.preexamination"
    case admissionMeeting = "development.admissionMeeting"
    case admissionTalk = "development.admissionTalk"
    case admissionApproval = "development.admissionApproval"
    case filing = "development.filing"
    case grouping = "development.grouping"
    case oath = "development.oath"
    case conversionApplication = "development.conversionApplication"
    case conversionMeeting = "development.conversionMeeting"
    case conversionApproval = "development.conversionApproval"
    case archive = "development.archive"
    case election = "organization.election"
    case committee = "organization.committee"
    case duesMonth = "dues.month"
    case duesClosing = "dues.closing"
    case duesBase = "dues.base"
    case duesSupplement = "dues.supplement"
    case duesNotice = "dues.notice"
    case duesTalk = "dues.talk"
    case duesLapse = "dues.lapse"
    case duesPublication = "dues.publication"
    case letterMissing = "transfer.letterMissing"
    case letter = "transfer.letter"
    case transferTalk = "transfer.talk"
    case flowTransfer = "transfer.flow"
    case contact = "contact.visit"

    static var codes: [String] { Self.allCases.map(\.rawValue) }

    /// The step that it is done by; nil beside the development. The step's rule is the line's, as in `membership.development.next`.
    var step: Int? {
        switch self {
        case .talk: 2
        case .activistFiling: 4
        case .appraisal, .thoughtReport, .committeeReview: 6
        case .candidateFiling: 8
        case .politicalReview: 10
        case .preexamination: 13
        case .admissionMeeting: DevelopmentStep.admissionVote
        case .admissionTalk: 16
        case .admissionApproval: DevelopmentStep.admission
        case .filing: 18
        case .grouping: 19
        case .oath: 20
        case .conversionApplication: 22
        case .conversionMeeting: DevelopmentStep.conversionVote
        case .conversionApproval: DevelopmentStep.conversion
        case .archive: DevelopmentStep.count
        default: nil
        }
    }

    /// Who has to act; nil beside the development, where it is the organisation itself.
    var supplier: Supplier? {
        switch self {
        case .thoughtReport: .applicant
        case .committeeReview: .higherCommittee
        default: self.step.map { StepOrder.supplier(of: $0) }
        }
    }

    /// Whether an entry of a development does it. What only takes it off the list, such as an end, does not.
    func isDone(by entry: DevelopmentEntry) -> Bool {
        switch (self, entry.kind) {
        case (.appraisal, _): entry.facts.text("what") == AppraisalKind.appraisal.rawValue
        case (.thoughtReport, _): entry.facts.text("what") == AppraisalKind.thoughtReport.rawValue
        case (.committeeReview, _): entry.facts.text("what") == AppraisalKind.review.rawValue
        case (.politicalReview, .step): entry.step == 10 || entry.step == DevelopmentStep.admissionVote
        case (.conversionMeeting, .extended), (.conversionMeeting, .cancelled): true
        case (_, .step): entry.step == self.step
        default: false
        }
    }

    /// The method that records it.
    var method: String {
        switch self {
        case .appraisal, .thoughtReport, .committeeReview: "membership.development.appraise"
        case .admissionMeeting, .conversionMeeting: "membership.development.vote"
        case .talk, .activistFiling, .candidateFiling, .politicalReview, .preexamination, .admissionTalk,
            .admissionApproval, .filing, .grouping, .oath,
            .conversionApplication, .conversionApproval, .archive:
            "membership.development.record"
        case .election, .committee: "membership.committee.elect"
        case .duesMonth: "membership.dues.openMonth"
        case .duesClosing: "membership.dues.closeMonth"
        case .duesBase: "membership.dues.setBase"
        case .duesSupplement: "membership.dues.assess"
        case .duesNotice, .duesTalk: "membership.arrears.notify"
        case .duesLapse: "membership.member.end"
        case .duesPublication: "membership.dues.publish"
        case .letterMissing: "membership.transfer.issueLetter"
        case .letter, .transferTalk: "membership.transfer.receive"
        case .flowTransfer: "membership.transfer.request"
        case .contact: "membership.contact.record"
        }
    }

    /// For a calendar's heading.
    var labelZh: String {
        switch self {
        case .talk: "派人谈话"
        case .activistFiling: "积极分子备案"
        case .appraisal: "半年考察"
        case .thoughtReport: "思想汇报"
        case .committeeReview: "党委年度分析"
        case .candidateFiling: "发展对象备案"
        case .politicalReview: "政治审查到期"
        case .preexamination: "党委预审"
        case .admissionMeeting: "支部大会讨论接收"
        case .admissionTalk: "审批前谈话"
        case .admissionApproval: "党委审批预备党员"
        case .filing: "报组织部门备案"
        case .grouping: "编入党小组"
        case .oath: "入党宣誓"
        case .conversionApplication: "转正申请"
        case .conversionMeeting: "支部大会讨论转正"
        case .conversionApproval: "党委审批转正"
        case .archive: "材料归档"
        case .election: "换届选举"
        case .committee: "设立支部委员会"
        case .duesMonth: "当月党费"
        case .duesClosing: "党费结账"
        case .duesBase: "补登党费基数"
        case .duesSupplement: "补充核定党费"
        case .duesNotice: "党费催缴"
        case .duesTalk: "党费谈话"
        case .duesLapse: "自行脱党处理"
        case .duesPublication: "公布党费"
        case .letterMissing: "介绍信待开具"
        case .letter: "介绍信到期"
        case .transferTalk: "组织关系未接收"
        case .flowTransfer: "流动党员应转关系"
        case .contact: "联系户走访"
        }
    }
}
