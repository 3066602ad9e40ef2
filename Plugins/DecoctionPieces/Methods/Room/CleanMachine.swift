internal import XinglinKit

/// `decoction.machine.clean`
struct CleanMachine: RPCMethod {
    struct Params: Codable, Sendable {
        let machineId: RecordID
        var way: CleaningWay?
    }

    struct Reply: Codable, Sendable {
        let machineId: RecordID
        let state: MachineState
    }

    static let name = "decoction.machine.clean"
    static let summary = "Records that a machine was washed or disinfected; only then does it take another job (8.5)."
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist])
    static let params = Schema.object(
        .required("machineId", .id, "A machine that runs no job."),
        .optional("way", .enumeration(CleaningWay.codes), "How; washed unless told."))
    static let reply = Schema.object(
        .required("machineId", .id, "The machine."),
        .required("state", .enumeration(MachineState.codes), "ready."))
    static let faults = [RoomFault.machineStateConflict]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let sql = try MachineStore.clean(params.machineId, way: params.way ?? .washed, LotStore.Act(call))
        guard try call.db.execute(sql) == 1 else { throw try MachineStore.stateConflict(params.machineId, call) }
        call.note("machineId", .string(params.machineId.description))
        return Reply(machineId: params.machineId, state: .ready)
    }

    static var examples: Examples<Params, Reply> {
        let reply = Reply(machineId: Sample.machine, state: .ready)
        return Examples(
            full: (Params(machineId: Sample.machine, way: .disinfected), reply),
            minimal: (Params(machineId: Sample.machine), reply))
    }
}
