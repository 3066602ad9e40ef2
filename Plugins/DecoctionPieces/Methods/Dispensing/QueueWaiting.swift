internal import XinglinKit

/// `decoction.queue.waiting`
struct QueueWaiting: RPCMethod {
    struct Params: Codable, Sendable {
        let from: LocalDate
        let to: LocalDate
    }

    struct Reply: Codable, Sendable {
        let stages: RowList<Stage>
    }

    struct Stage: Codable, Sendable {
        let stage: String
        let count: Int64
        let medianMinutes: Int64
        let p90Minutes: Int64
    }

    static let name = "decoction.queue.waiting"
    static let summary = """
        Says how long the stages took that ended within some days: until the review, until the weighing, the weighing, until it was fetched.
        """
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .siteAdmin, .statistician])
    static let params = Schema.object(
        .required("from", .date, "The first day."),
        .required("to", .date, "The last day; at most 366 days after the first."))
    static let reply = Schema.object(
        .required(
            "stages",
            .array(
                .object(
                    .required(
                        "stage", .enumeration(QueueStore.stages),
                        "review: handed in to reviewed; queue: approved to first weighing; weighing: to dispensed; pickup: to handed over."
                    ),
                    .required("count", .integer(1...Int64.max), "How often it ended in these days."),
                    .required("medianMinutes", .integer(0...Int64.max), "The median, in minutes."),
                    .required("p90Minutes", .integer(0...Int64.max), "Nine of ten took no longer.")),
                0...4), "The stages in their order; those that never ended are left out."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        guard (params.from...params.from.adding(days: 366)).contains(params.to) else {
            throw Fault.invalid("/to", expected: "a date from `from` to 366 days later", zh: "不早于 from，且相隔不超过 366 天")
        }
        let rows = try call.db.rows(QueueStore.waiting(from: params.from, to: params.to, site: call.site.id))
        return Reply(stages: .json(rows.json(QueueStore.waitingColumns)))
    }

    static var examples: Examples<Params, Reply> {
        let params = Params(from: Sample.producedOn, to: Sample.instant.localDate)
        let stage = Stage(stage: "review", count: 58, medianMinutes: 6, p90Minutes: 21)
        return Examples(
            full: (params, Reply(stages: .elements([stage]))), minimal: (params, Reply(stages: .elements([]))))
    }
}
