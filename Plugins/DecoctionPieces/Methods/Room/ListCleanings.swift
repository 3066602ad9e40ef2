internal import XinglinKit

/// `decoction.machine.cleanings`
struct ListCleanings: RPCMethod {
    struct Params: Codable, Sendable {
        let machineId: RecordID
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let cleanings: RowList<Cleaning>
        var next: String?
    }

    struct Cleaning: Codable, Sendable {
        let seq: Int64
        let way: CleaningWay
        let at: Timestamp
        let accountId: RecordID
        var jobId: RecordID?
    }

    static let name = "decoction.machine.cleanings"
    static let summary =
        "Lists how a machine was cleaned, the latest first, each with the job after which it was (8.5)."
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .siteAdmin])
    static let params = Schema.object([.required("machineId", .id, "The machine.")] + Schema.pageParams)
    static let reply = Schema.object(
        .required("cleanings", .array(Self.cleaning, 0...500), "The cleanings of this page."), Schema.pageReply)

    private static let cleaning = Schema.object(
        .required("seq", .integer(1...Int64.max), "Its place in the record."),
        .required("way", .enumeration(CleaningWay.codes), "How."),
        .required("at", .timestamp, "When."),
        .required("accountId", .id, "By which account."),
        .optional("jobId", .id, "The latest job before it."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let found = try call.db.rows(
            MachineStore.cleanings(
                of: params.machineId, site: call.site.id, before: page.after(0) ?? Int64.max, limit: page.limit + 1))
        let (rows, hasMore) = found.page(limit: page.limit)
        let last = hasMore ? try rows.last.first(as: Int64.self) : nil
        return Reply(
            cleanings: .json(rows.json(MachineStore.cleaningColumns)), next: last.map { Page.cursor(String($0)) })
    }

    static var examples: Examples<Params, Reply> {
        let cleaning = Cleaning(
            seq: 7, way: .washed, at: Sample.instant, accountId: Sample.account, jobId: Sample.job)
        return Examples(
            full: (
                Params(machineId: Sample.machine, limit: 1, after: "8"),
                Reply(cleanings: .elements([cleaning]), next: "7")
            ), minimal: (Params(machineId: Sample.machine), Reply(cleanings: .elements([]))))
    }
}
