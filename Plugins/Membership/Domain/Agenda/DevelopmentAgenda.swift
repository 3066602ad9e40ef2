internal import XinglinKit

/// What the DV rules ask of those who accompany a development, as far as it has come.
struct DevelopmentAgenda {
    /// A development under way.
    struct Course {
        let candidate: RecordID
        let organization: RecordID
        let entries: [DevelopmentEntry]
        let progress: Progress
    }

    let values: DevelopmentValues
    let reportMonths: Int
    let committeeMonths: Int
    let promptDays: Int

    init(_ rules: RuleBook) throws(Fault) {
        self.values = try DevelopmentValues(rules)
        self.reportMonths = Int(try rules.number(RuleKey("DV-07", "reportMonths")))
        self.committeeMonths = Int(try rules.number(RuleKey("DV-07", "reviewMonths")))
        self.promptDays = Int(try rules.number(RuleKey("AGENDA", "promptDays")))
    }

    /// Everything that is open in a development, whenever it is due.
    func lines(_ course: Course) -> [AgendaLine] {
        guard course.progress.closing == nil else { return [] }
        return self.ofApplicant(course) + self.ofFilings(course) + self.ofActivist(course) + self.ofTarget(course)
            + self.ofAdmission(course) + self.ofProbation(course)
    }

    private func ofApplicant(_ course: Course) -> [AgendaLine] {
        guard let applied = self.waits(course, for: 2, after: 1) else { return [] }
        return [
            self.line(
                .talk, course, dueOn: applied.on.adding(months: self.values.talkMonths), after: applied,
                .init(
                    zh: "收到入党申请书后 \(self.values.talkMonths) 个月内派人谈话",
                    en: "Talk with the applicant within \(self.values.talkMonths) month(s) of the application"))
        ]
    }

    /// What waits at the higher committee until it has filed what the branch decided (DV-03, DV-09): no rule sets a day, it is done promptly.
    private func ofFilings(_ course: Course) -> [AgendaLine] {
        let filings: [(AgendaTask, Int, Int, LocalizedText)] = [
            (
                .activistFiling, 4, 3,
                .init(zh: "报上级党委备案入党积极分子", en: "The higher committee files the activist")
            ),
            (
                .candidateFiling, 8, 7,
                .init(zh: "公示后报上级党委备案，备案批复之日起为发展对象", en: "The higher committee files the candidate, after the notice")
            ),
        ]
        return filings.compactMap { task, step, former, text in
            self.waits(course, for: step, after: former).map {
                self.line(task, course, dueOn: $0.on.adding(days: self.promptDays), after: $0, text)
            }
        }
    }

    /// While somebody is cultivated: the branch's appraisals, the activist's own reports, the committee's reviews (DV-07).
    private func ofActivist(_ course: Course) -> [AgendaLine] {
        guard course.progress.taken[7] == nil, let decided = course.progress.taken[3] else { return [] }
        func latest(_ kind: AppraisalKind) -> DevelopmentEntry? {
            course.entries.filter { $0.kind == .appraised && $0.facts.text("what") == kind.rawValue }
                .max { DevelopmentEntry.isOrdered($0, $1) }
        }
        func line(_ task: AgendaTask, _ kind: AppraisalKind, _ months: Int, _ text: LocalizedText) -> AgendaLine {
            let last = latest(kind) ?? decided
            return self.line(task, course, dueOn: last.on.adding(months: months), after: last, text)
        }
        return [
            line(
                .appraisal, .appraisal, self.values.appraisalMonths,
                .init(
                    zh: "支部每 \(self.values.appraisalMonths) 个月对入党积极分子考察一次",
                    en: "The branch appraises the activist every \(self.values.appraisalMonths) months")),
            line(
                .thoughtReport, .thoughtReport, self.reportMonths,
                .init(
                    zh: "入党积极分子每 \(self.reportMonths) 个月提交一次思想汇报",
                    en: "The activist reports every \(self.reportMonths) months")),
            line(
                .committeeReview, .review, self.committeeMonths,
                .init(
                    zh: "上级党委每 \(self.committeeMonths) 个月分析一次入党积极分子队伍",
                    en: "The higher committee reviews its activists every \(self.committeeMonths) months")),
        ]
    }

    private func ofTarget(_ course: Course) -> [AgendaLine] {
        var lines: [AgendaLine] = []
        if let review = course.progress.taken[10], course.progress.taken[15] == nil {
            lines.append(
                self.line(
                    .politicalReview, course, dueOn: review.on.adding(months: self.values.reviewMonths),
                    after: review,
                    .init(
                        zh: "政治审查结论有效 \(self.values.reviewMonths) 个月，须在到期前召开支部大会或重新审查",
                        en:
                            "The political review holds for \(self.values.reviewMonths) months: meet before, or review anew"
                    )))
        }
        if let agreed = self.waits(course, for: 13, after: 12) {
            lines.append(
                self.line(
                    .preexamination, course,
                    dueOn: agreed.on.adding(months: self.values.preexaminationMonths), after: agreed,
                    .init(
                        zh: "上级党委一般在 \(self.values.preexaminationMonths) 个月内预审",
                        en:
                            "The higher committee pre-examines within \(self.values.preexaminationMonths) month(s) normally"
                    )))
        }
        if let examined = self.waits(course, for: 15, after: 13) {
            lines.append(
                self.line(
                    .admissionMeeting, course, dueOn: examined.on.adding(months: self.values.meetingMonths),
                    after: examined,
                    .init(
                        zh: "预审后一般 \(self.values.meetingMonths) 个月内召开支部大会讨论表决",
                        en:
                            "The branch meeting votes within \(self.values.meetingMonths) month(s) of the pre-examination normally"
                    )))
        }
        return lines
    }

    private func ofAdmission(_ course: Course) -> [AgendaLine] {
        var lines: [AgendaLine] = []
        if let meeting = self.waits(course, for: 16, after: DevelopmentStep.admissionVote) {
            lines.append(
                self.line(
                    .admissionTalk, course, dueOn: meeting.on.adding(months: self.values.approvalMonths),
                    after: meeting,
                    .init(
                        zh: "审批前由上级党委派人谈话，并将意见写入志愿书",
                        en: "Before the approval somebody of the higher committee talks with the person")))
        }
        if let meeting = self.waits(course, for: DevelopmentStep.admission, after: DevelopmentStep.admissionVote) {
            lines.append(
                self.line(
                    .admissionApproval, course, dueOn: meeting.on.adding(months: self.values.approvalMonths),
                    after: meeting,
                    .init(
                        zh: "支部大会决议后 \(self.values.approvalMonths) 个月内由上级党委审批",
                        en: "The higher committee approves within \(self.values.approvalMonths) months of the meeting"))
            )
        }
        let prompt: [(AgendaTask, Int, LocalizedText)] = [
            (.filing, 18, .init(zh: "及时报上级组织部门备案", en: "File the admission with the organisation department")),
            (.grouping, 19, .init(zh: "及时编入党支部和党小组", en: "Put the probationary member into branch and group")),
            (.oath, 20, .init(zh: "及时组织入党宣誓", en: "Hold the oath before the flag")),
        ]
        for (task, step, text) in prompt {
            guard let approved = self.waits(course, for: step, after: DevelopmentStep.admission) else { continue }
            lines.append(
                self.line(task, course, dueOn: approved.on.adding(days: self.promptDays), after: approved, text))
        }
        return lines
    }

    private func ofProbation(_ course: Course) -> [AgendaLine] {
        var lines: [AgendaLine] = []
        let progress = course.progress
        if let end = progress.probation(self.values)?.to, let meeting = progress.taken[DevelopmentStep.admissionVote],
            progress.isProbationary, progress.taken[23] == nil
        {
            let basis = progress.extensions.last ?? meeting
            if progress.taken[22] == nil {
                lines.append(
                    self.line(
                        .conversionApplication, course, dueOn: end, after: basis,
                        .init(zh: "预备期满，本人书面提出转正申请", en: "Probation ends: the member applies for conversion in writing")
                    ))
            }
            lines.append(
                self.line(
                    .conversionMeeting, course, dueOn: end, after: basis,
                    .init(
                        zh: "预备期满，支部大会及时讨论转正、延长或取消",
                        en: "Probation ends: the branch meeting decides on conversion, extension or cancellation")))
        }
        if let meeting = self.waits(course, for: DevelopmentStep.conversion, after: 23) {
            lines.append(
                self.line(
                    .conversionApproval, course,
                    dueOn: meeting.on.adding(months: self.values.conversionMonths), after: meeting,
                    .init(
                        zh: "支部大会决议后 \(self.values.conversionMonths) 个月内由上级党委审批转正",
                        en: "The higher committee approves the conversion within \(self.values.conversionMonths) months"
                    )))
        }
        if let converted = self.waits(course, for: 25, after: DevelopmentStep.conversion) {
            lines.append(
                self.line(
                    .archive, course, dueOn: converted.on.adding(days: self.promptDays), after: converted,
                    .init(zh: "及时将发展党员材料归档", en: "Put the papers of the development into the file")))
        }
        return lines
    }

    /// The step after which another one is waited for; nil where that one is taken, or this one is not.
    private func waits(_ course: Course, for step: Int, after former: Int) -> DevelopmentEntry? {
        course.progress.taken[step] == nil ? course.progress.taken[former] : nil
    }

    private func line(
        _ task: AgendaTask, _ course: Course, dueOn: LocalDate, after entry: DevelopmentEntry, _ text: LocalizedText
    ) -> AgendaLine {
        AgendaLine(
            task, rule: task.step.map { StepOrder.rule(of: $0) } ?? "", .candidate, course.candidate,
            at: course.organization, dueOn: dueOn, text: text,
            evidence: [
                AgendaLine.Evidence(kind: entry.kind.rawValue, number: entry.step, id: entry.id, on: entry.on)
            ])
    }
}
