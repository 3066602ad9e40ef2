internal import XinglinKit

/// `membership.transfer.due`
struct DueTransfers: RPCMethod {
    struct Params: Codable, Sendable {
        var asOf: LocalDate?
    }

    struct Reply: Codable, Sendable {
        let asOf: LocalDate
        let due: [TransferReminder]
    }

    static let name = "membership.transfer.due"
    static let summary = """
        What the rules call to mind by a day: requests without a letter (TRANSFER receiveMonths), letters that run out (AGENDA firstDays, secondDays) or have, people whom nobody has \
        received for months (TRANSFER receiveMonths: a talk), and members away for months (TRANSFER awayMonths: a transfer), each with \
        its evidence. It judges what is open now.
        """
    static let effect = Effect.read
    static let access = MembershipAccess.officers
    static let params = Schema.object(.optional("asOf", .date, "The day to judge by; today unless told."))
    static let reply = Schema.object(
        .required("asOf", .date, "The day."),
        .required(
            "due",
            .array(
                .object(
                    .required("kind", .enumeration(TransferReminder.Kind.codes), "What it is about."),
                    .required("rule", .code(1...20), "The rule that it follows from."),
                    .required("parameter", .code(1...40), "Its parameter (membership.rules.list)."),
                    .required("ruleVersion", .text(1...40), "Its version."),
                    .required("stage", .enumeration(DueStage.codes), "How near: T−30, T−7, overdue."),
                    .required("dueOn", .date, "The last day of a letter, or the day from which it is due."),
                    .required("textZh", .text(1...200), "Who has to do what, in Chinese."),
                    .required("textEn", .text(1...200), "The same in English."),
                    .optional(
                        "direction", .enumeration(TransferCard.directions), "Of a transfer: seen from the acting site."),
                    .optional("transferId", .id, "The transfer."),
                    .optional("flowId", .id, "The record of being away."),
                    .optional("memberId", .id, "The member."), .optional("candidateId", .id, "The development."),
                    .required(
                        "evidence",
                        .array(
                            .object(
                                .required(
                                    "fact", .code(1...40), "requestedOn, letterOn, expiresOn, firstLetterOn or from."),
                                .required("on", .date, "Its day.")), 1...10), "The dated facts.")), 0...10_000),
            "The lines: of transfers the newest first, then of members who are away."))
    static let faults = [MembershipRules.unusable]

    private static let most = 2000

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let day = params.asOf ?? call.today
        let values = try TransferReminder.Values(MembershipRules.book(on: call.today, call))
        let lines = try Self.transfers(on: day, values, call) + Self.flows(on: day, values, call)
        call.recordAccess(basis: "view", subjects: lines.compactMap { $0.memberId ?? $0.candidateId })
        return Reply(asOf: day, due: lines)
    }

    private static func transfers(
        on day: LocalDate, _ values: TransferReminder.Values, _ call: Call
    ) throws -> [TransferReminder] {
        let open = try call.db.query(
            TransferQueries.open(site: call.site.id, limit: Self.most),
            as: (RecordID, String?, RecordID?, RecordID?, LocalDate, LocalDate?, LocalDate?, LocalDate?).self)
        return open.flatMap { row in
            Self.lines(requested: row.4, first: row.5, latest: row.6, expiresOn: row.7, on: day, values).map { line in
                var line = line
                (line.transferId, line.direction, line.memberId, line.candidateId) = (row.0, row.1, row.2, row.3)
                return line
            }
        }
    }

    private static func lines(
        requested: LocalDate, first: LocalDate?, latest: LocalDate?, expiresOn: LocalDate?, on day: LocalDate,
        _ values: TransferReminder.Values
    ) -> [TransferReminder] {
        guard let first, let latest, let expiresOn else {
            return requested <= day ? [TransferReminder.ofRequest(requested, on: day, values)] : []
        }
        return TransferReminder.ofLetters(first: first, latest: latest, expiresOn: expiresOn, on: day, values)
    }

    private static func flows(
        on day: LocalDate, _ values: TransferReminder.Values, _ call: Call
    ) throws -> [TransferReminder] {
        try call.db.query(
            FlowStore.list(nil, on: call.today, after: RecordID(high: 0, low: 0), limit: Self.most),
            as: ListFlow.Columns.self
        ).compactMap { row in
            guard row.9, var line = TransferReminder.ofFlow(from: row.4, on: day, values) else { return nil }
            (line.flowId, line.memberId) = (row.0, row.1)
            return line
        }
    }

    static var examples: Examples<Params, Reply> {
        let on = TransferReminder.Evidence(fact: "expiresOn", on: Sample.today.adding(days: 5))
        var line = TransferReminder(.letterExpiring, .second, dueOn: on.on, [on], .example)
        (line.direction, line.transferId, line.flowId) = ("in", Sample.transfer, Sample.flow)
        (line.memberId, line.candidateId) = (Sample.member, Sample.candidate)
        return Examples(
            full: (Params(asOf: Sample.today), Reply(asOf: Sample.today, due: [line])),
            minimal: (Params(), Reply(asOf: Sample.today, due: [])))
    }
}
