internal import XinglinKit

/// `decoction.machine.create`
struct CreateMachine: RPCMethod {
    struct Params: Codable, Sendable {
        let code: String
        let nameZh: String
        let kind: MachineKind
        var use: MachineUse?
    }

    struct Reply: Codable, Sendable {
        let machineId: RecordID
    }

    static let name = "decoction.machine.create"
    static let summary = """
        Adds a pot or a machine to the decoction room, for drinking, for external use or for toxic pieces, which are never \
        mixed (8.5).
        """
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist])
    static let params = Schema.object(
        .required("code", .code(1...20), "What its label says, unique in the site."),
        .required("nameZh", .text(1...60), "Its name."),
        .required("kind", .enumeration(MachineKind.codes), "What it is."),
        .optional("use", .enumeration(MachineUse.codes), "What it is kept for; internal unless told."))
    static let reply = Schema.object(.required("machineId", .id, "The new machine; it is ready."))
    static let faults = [RoomFault.machineExists]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let act = try LotStore.Act(call)
        let new = MachineStore.New(
            id: call.newID(), code: params.code, nameZh: PlainText.trimmed(params.nameZh), kind: params.kind,
            use: params.use ?? .internal)
        guard try call.db.execute(MachineStore.create(new, act)) == 1 else {
            let known = try call.db.first(MachineStore.find(code: params.code, site: act.site), as: RecordID.self)
            throw RoomFault.machineExists.fault(["machineId": known.map { .string($0.description) } ?? .null])
        }
        call.note("machineId", .string(new.id.description))
        return Reply(machineId: new.id)
    }

    static var examples: Examples<Params, Reply> {
        let reply = Reply(machineId: Sample.machine)
        return Examples(
            full: (Params(code: "JY-01", nameZh: "1号煎药机", kind: .machine, use: .internal), reply),
            minimal: (Params(code: "JY-09", nameZh: "砂锅", kind: .pot), reply))
    }
}
