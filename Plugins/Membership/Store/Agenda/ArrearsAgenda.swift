internal import XinglinKit

/// What members call for by the rule DUES: notices and talks about arrears, the procedure of lapse, and lines that closed months lack.
enum ArrearsAgenda {
    static func drafts(_ root: RecordID, _ scope: AgendaScope) throws -> [AgendaScope.Draft] {
        try Self.arrears(root, on: scope.day, scope) + Self.wanting(root, scope)
    }

    /// What months of arrears call for, from the day on which there were so many, until it is recorded.
    static func arrears(_ root: RecordID, on day: LocalDate, _ scope: AgendaScope) throws -> [AgendaScope.Draft] {
        let rule = try ArrearsRule(scope.rules)
        let rows = try scope.call.db.query(
            DuesFigures.arrears(root, of: nil, on: day, after: RecordID(high: 0, low: 0), limit: 100_000),
            as: DuesFigures.ArrearsColumns.self)
        let members = Dictionary(grouping: rows, by: \.0)
        let notices = try ArrearsNoticeStore.notices(of: members.keys.sorted(), through: day, scope.call)
        return members.values.compactMap { rows in
            guard let first = rows.first, let called = ArrearsCall(Arrears(rows: rows).run, by: rule) else {
                return nil
            }
            let done = notices[first.0] ?? []
            guard !called.isDone(by: done) else { return nil }
            let evidence =
                called.run.suffix(60).map { AgendaLine.Evidence(kind: "month", on: $0.first) }
                + called.notices(among: done).suffix(20).map {
                    AgendaLine.Evidence(kind: $0.stage.rawValue, id: $0.noticeId, on: $0.on)
                }
            return AgendaScope.Draft(
                line: AgendaLine(
                    called.stage.task, rule: DuesRules.id, .member, first.0, at: first.2, dueOn: called.reachedOn,
                    text: Self.text(called), evidence: evidence), person: first.1)
        }
    }

    private static func text(_ called: ArrearsCall) -> LocalizedText {
        let months = called.run.count
        guard called.stage == .lapse else {
            return .init(
                zh: "连续 \(months) 个月未交党费：\(called.stage.labelZh)",
                en: "\(months) consecutive months without dues: \(called.stage.rawValue)")
        }
        return .init(
            zh: "连续 \(months) 个月未交党费：无正当理由的，支部大会讨论决定、上级党委批准后登记自行脱党（how: lapsed）；有正当理由的，用 membership.dues.excuse 登记",
            en: """
                \(months) consecutive months without dues: without good reason the branch meeting decides and the higher committee \
                approves, then record it (how: lapsed); a good reason goes into membership.dues.excuse
                """)
    }

    /// Members whom a closed month lacks: first the base, then the month is assessed again.
    private static func wanting(_ root: RecordID, _ scope: AgendaScope) throws -> [AgendaScope.Draft] {
        let rows = try scope.call.db.query(
            DuesSupplementStore.wanting(root, on: scope.day),
            as: (RecordID, RecordID, RecordID, CalendarMonth, Bool).self)
        let found = Dictionary(grouping: rows) { "\($0.0) \($0.2) \($0.4)" }
        return found.values.compactMap { rows in
            guard let first = rows.first else { return nil }
            let months = rows.map(\.3.description)
            let (zh, en) = (months.prefix(3).joined(separator: "、"), months.prefix(3).joined(separator: ", "))
            let text =
                first.4
                ? LocalizedText(
                    zh: "\(zh) 等 \(months.count) 个已结账月份未核定：请对该月重新核定（补充）",
                    en: "No line in \(months.count) closed month(s), from \(en): assess the month again (a supplement)")
                : LocalizedText(
                    zh: "\(zh) 等 \(months.count) 个已结账月份未登记党费基数：请登记后对该月重新核定",
                    en:
                        "No base for \(months.count) closed month(s), from \(en): record it, then assess the month again"
                )
            return AgendaScope.Draft(
                line: AgendaLine(
                    first.4 ? .duesSupplement : .duesBase, rule: DuesRules.id, .member, first.0, at: first.2,
                    dueOn: first.3.last, text: text,
                    evidence: rows.prefix(100).map { AgendaLine.Evidence(kind: "month", on: $0.3.first) }),
                person: first.1)
        }
    }
}

extension ArrearsStage {
    fileprivate var task: AgendaTask {
        switch self {
        case .notice: .duesNotice
        case .talk: .duesTalk
        case .lapse: .duesLapse
        }
    }
}
