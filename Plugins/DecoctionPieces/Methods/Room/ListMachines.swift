internal import XinglinKit

/// `decoction.machine.list`
struct ListMachines: RPCMethod {
    struct Params: Codable, Sendable {
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let machines: RowList<Machine>
        var next: String?
    }

    struct Machine: Codable, Sendable {
        let code: String
        let machineId: RecordID
        let nameZh: String
        let kind: MachineKind
        let kindZh: String
        let use: MachineUse
        let useZh: String
        let state: MachineState
        let stateZh: String
        var jobId: RecordID?
        var cleanedAt: Timestamp?
        var retiredAt: Timestamp?
    }

    static let name = "decoction.machine.list"
    static let summary = "Lists the pots and machines of the decoction room by code, with what each runs."
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .siteAdmin, .nurse])
    static let params = Schema.object(Schema.pageParams)
    static let reply = Schema.object(
        .required("machines", .array(Self.machine, 0...500), "The machines of this page."), Schema.pageReply)

    private static let machine = Schema.object(
        .required("code", .code(1...20), "What its label says."),
        .required("machineId", .id, "The machine."),
        .required("nameZh", .text(1...60), "Its name."),
        .required("kind", .enumeration(MachineKind.codes), "What it is."),
        .required("kindZh", .text(1...20), "The same in Chinese."),
        .required("use", .enumeration(MachineUse.codes), "What it is kept for."),
        .required("useZh", .text(1...20), "The same in Chinese."),
        .required("state", .enumeration(MachineState.codes), "ready takes a job; dirty has to be cleaned first."),
        .required("stateZh", .text(1...20), "The same in Chinese."),
        .optional("jobId", .id, "The job that it runs."),
        .optional("cleanedAt", .timestamp, "When it was last cleaned."),
        .optional("retiredAt", .timestamp, "Since when it is out of use."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let found = try call.db.rows(
            MachineStore.list(site: call.site.id, after: page.after(0) ?? "", limit: page.limit + 1))
        let (rows, hasMore) = found.page(limit: page.limit)
        let last = hasMore ? try rows.last.first(as: String.self) : nil
        return Reply(machines: .json(rows.json(MachineStore.columns)), next: last.map { Page.cursor($0) })
    }

    static var examples: Examples<Params, Reply> {
        let machine = Machine(
            code: "JY-01", machineId: Sample.machine, nameZh: "1号煎药机", kind: .machine,
            kindZh: MachineKind.machine.labelZh, use: .internal, useZh: MachineUse.internal.labelZh, state: .busy,
            stateZh: MachineState.busy.labelZh, jobId: Sample.job, cleanedAt: Sample.instant,
            retiredAt: Sample.instant)
        return Examples(
            full: (Params(limit: 1, after: "JY-00"), Reply(machines: .elements([machine]), next: "JY-01")),
            minimal: (Params(), Reply(machines: .elements([]))))
    }
}
