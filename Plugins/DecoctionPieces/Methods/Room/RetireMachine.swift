internal import XinglinKit

/// `decoction.machine.retire`
struct RetireMachine: RPCMethod {
    struct Params: Codable, Sendable {
        let machineId: RecordID
    }

    struct Reply: Codable, Sendable {
        let machineId: RecordID
        let state: MachineState
    }

    static let name = "decoction.machine.retire"
    static let summary = "Takes a machine that runs no job out of use for good; its jobs and cleanings stay on record."
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist])
    static let params = Schema.object(.required("machineId", .id, "The machine."))
    static let reply = Schema.object(
        .required("machineId", .id, "The machine."),
        .required("state", .enumeration(MachineState.codes), "retired."))
    static let faults = [RoomFault.machineStateConflict]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        guard try call.db.execute(MachineStore.retire(params.machineId, LotStore.Act(call))) == 1 else {
            throw try MachineStore.stateConflict(params.machineId, call)
        }
        call.note("machineId", .string(params.machineId.description))
        return Reply(machineId: params.machineId, state: .retired)
    }

    static var examples: Examples<Params, Reply> {
        let example = (
            params: Params(machineId: Sample.machine), reply: Reply(machineId: Sample.machine, state: .retired)
        )
        return Examples(full: example, minimal: example)
    }
}
