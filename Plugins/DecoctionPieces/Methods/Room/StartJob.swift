internal import XinglinKit

/// `decoction.job.start`
struct StartJob: RPCMethod {
    struct Params: Codable, Sendable {
        let prescriptionId: RecordID
        let machineId: RecordID
        var kind: BoilingKind?
        var urgent: Bool?
    }

    typealias Reply = JobCard

    static let name = "decoction.job.start"
    static let summary = """
        Receives a dispensed prescription in the decoction room and takes a clean machine for it; what it takes is worked out \
        by today's rules and kept with the job (8.5).
        """
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist])
    static let params = Schema.object(
        .required("prescriptionId", .id, "A prescription that was dispensed and has no job."),
        .required("machineId", .id, "A machine that is ready, and kept for what is prescribed."),
        .optional(
            "kind", .enumeration(BoilingKind.codes), "How it is boiled; what most of its weight is decides unless told."
        ),
        .optional("urgent", .boolean, "Whether it is urgent; emergency prescriptions are unless told."))
    static let reply = JobCard.schema
    static let faults = [
        PrescriptionFault.prescriptionStateConflict, RoomFault.machineBusy, RoomFault.machineNotClean,
        RoomFault.machineUnsuitable, RoomFault.jobExists, RoomFault.dispenseAnew, SharedFault.deliveryExists,
        GuardFault.lotRecalled,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let act = try LotStore.Act(call)
        let prescription = try BoiledPrescription.read(params.prescriptionId, locking: true, call)
        guard prescription.state == .dispensed else {
            throw PrescriptionFault.prescriptionStateConflict.fault([
                "prescriptionId": .string(prescription.id.description), "state": .string(prescription.state.rawValue),
            ])
        }
        try DeliveryStep.requireNone(of: prescription.id, call)
        let rules = try PharmacyRules.book(on: call.today, call)
        let plan = try BoilingPlan(prescription, kind: params.kind, rules: rules)
        let isUrgent = params.urgent ?? (prescription.kind == .emergency)
        let dueAt = isUrgent ? act.now.adding(seconds: try rules.number(.urgentHours) * 3600) : nil
        let new = JobStore.New(
            id: call.newID(), step: call.newID(), prescription: prescription.id, machine: params.machineId, plan: plan,
            isUrgent: isUrgent, dueAt: dueAt, staff: try Signing.own(call))
        guard try call.db.execute(JobStore.start(new, act)) == 1 else {
            throw try JobRefusal(prescription: prescription.id, machine: params.machineId, use: plan.use).fault(call)
        }
        call.note("jobId", .string(new.id.description))
        call.note("prescriptionId", .string(prescription.id.description))
        call.note("machineId", .string(params.machineId.description))
        try call.publish(
            RoomTopic.started, subject: new.id,
            RoomTopic.Moved(
                jobId: new.id, prescriptionId: prescription.id, machineId: params.machineId, state: .received))
        return try JobCard.read(new.id, call)
    }

    static var examples: Examples<Params, Reply> {
        Examples(
            full: (
                Params(
                    prescriptionId: Sample.prescription, machineId: Sample.machine, kind: .ordinary, urgent: true),
                .full
            ), minimal: (Params(prescriptionId: Sample.prescription, machineId: Sample.machine), .small))
    }
}
