internal import XinglinKit

/// DV-22: probation is extended once, by six to twelve months, when it has ended and before the extension would be over.
enum ProbationIsExtendedOnce {
    static func findings(on day: LocalDate, months: Int, _ progress: Progress, _ judge: StepJudge) -> [Finding] {
        Self.against(on: day, months: months, progress, judge.values).map {
            var finding = $0
            finding.clause = judge.table[DevelopmentStep.conversionVote]?.source ?? ""
            return finding
        }
    }

    private static func against(
        on day: LocalDate, months: Int, _ progress: Progress, _ values: DevelopmentValues
    ) -> [Finding] {
        guard progress.isProbationary, progress.taken[DevelopmentStep.conversionVote] == nil,
            let end = progress.probation(values)?.to
        else {
            return [
                Finding(
                    "DV-22", zh: "只有尚未表决转正的预备党员可以延长预备期",
                    en: "Only of a probationary member whose conversion was not voted on is probation extended",
                    who: .branchMeeting)
            ]
        }
        return Self.againstLength(months, progress, values) + Self.againstDay(day, end, months, progress, values)
    }

    private static func againstLength(_ months: Int, _ progress: Progress, _ values: DevelopmentValues) -> [Finding] {
        var found: [Finding] = []
        if progress.extensions.count >= values.extensions {
            found.append(
                Finding(
                    "DV-22", zh: "预备期只能延长 \(values.extensions) 次",
                    en: "Probation is extended \(values.extensions) time at the most",
                    who: .branchMeeting))
        }
        if !values.extensionMonths.contains(months) {
            found.append(
                Finding(
                    "DV-22", zh: "延长 \(values.extensionMonths.lowerBound) 至 \(values.extensionMonths.upperBound) 个月",
                    en: "By \(values.extensionMonths.lowerBound) to \(values.extensionMonths.upperBound) months",
                    who: .branchMeeting))
        }
        return found
    }

    private static func againstDay(
        _ day: LocalDate, _ end: LocalDate, _ months: Int, _ progress: Progress, _ values: DevelopmentValues
    ) -> [Finding] {
        var found: [Finding] = []
        let over = end.adding(months: months)
        if values.extensionMonths.contains(months), day >= over {
            found.append(
                Finding(
                    "DV-22", zh: "自 \(end) 起延长 \(months) 个月，到 \(over) 已经期满，不能在其后决定；支部大会应表决转正或取消资格",
                    en:
                        "\(months) months from \(end) were over on \(over) already; the meeting decides before, or votes on conversion or cancellation",
                    who: .branchMeeting))
        }
        if day < end {
            found.append(
                Finding(
                    "DV-22", zh: "预备期至 \(end) 期满，期满后由支部大会决定",
                    en: "Probation ends on \(end); the branch meeting decides then",
                    who: .time, earliestOn: end))
        }
        if let refused = progress.refusedConversionOn, day < refused {
            found.append(
                Finding(
                    "DV-21", zh: "上级党委于 \(refused) 未批准转正，此后由支部大会决定延长",
                    en: "The committee refused the conversion on \(refused); the branch meeting extends after that",
                    who: .branchMeeting, earliestOn: refused))
        }
        return found
    }
}
