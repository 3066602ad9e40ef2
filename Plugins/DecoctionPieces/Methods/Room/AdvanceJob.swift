internal import XinglinKit

/// `decoction.job.advance`
struct AdvanceJob: RPCMethod {
    struct Params: Codable, Sendable {
        let jobId: RecordID
        let to: JobState
        var volumeMl: Int?
        var receivedBy: String?
        var reason: String?
    }

    struct Reply: Codable, Sendable {
        let jobId: RecordID
        let state: JobState
        let stateZh: String
        let next: [JobState]
        let earliestAt: Timestamp
        var latestAt: Timestamp?
        let deviations: [Deviation]
        var sampleId: RecordID?
    }

    static let name = "decoction.job.advance"
    static let summary = """
        Moves a job to its next step, never before the least minutes of the one it is in (8.5); packed, it gives its machine \
        back to be cleaned and leaves a sample; handed over or delivered, so is its prescription.
        """
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist])
    static let params = Schema.object(
        .required("jobId", .id, "The job."),
        .required("to", .enumeration(JobState.targets.map(\.rawValue)), "The step that begins now."),
        .optional("volumeMl", .integer(1...1_000_000_000), "What was packed, in millilitres; of packed alone."),
        .optional(
            "receivedBy", .text(1...60), "Who received the bags; handedOver asks for it. It is kept encrypted."),
        .optional(
            "reason", .text(1...200),
            "Why it was packed late or in another volume; a remark elsewhere. It is kept encrypted."))
    static let reply = Schema.object(
        .required("jobId", .id, "The job."),
        .required("state", .enumeration(JobState.codes), "Where it stands now."),
        .required("stateZh", .text(1...20), "The same in Chinese."),
        .required("next", .array(.enumeration(JobState.codes), 0...2), "Where the next step may lead."),
        .required("earliestAt", .timestamp, "When that may be taken at the earliest."),
        .optional("latestAt", .timestamp, "When it should be taken at the latest."),
        .required("deviations", .array(.enumeration(Deviation.codes), 0...4), "What was not as the rules want it."),
        .optional("sampleId", .id, "The sample that was kept."))
    static let faults = [
        RoomFault.tooEarly, RoomFault.jobStateConflict, RoomFault.reasonRequired,
        PrescriptionFault.prescriptionStateConflict, GuardFault.lotRecalled,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        try Self.checkMembers(params)
        let act = try LotStore.Act(call)
        let job = try StoredJob.read(params.jobId, call)
        guard job.state.next.contains(params.to) else { throw job.stateConflict }
        guard act.now >= job.earliestAt else { throw Self.tooEarly(job, params.to) }
        let deviations = job.plan.deviations(
            to: params.to, at: act.now, latest: job.latestAt, volumeMl: params.volumeMl)
        let unexplained = deviations.filter(\.needsReason)
        guard params.reason != nil || unexplained.isEmpty else { throw Self.unexplained(job, unexplained) }
        let step = try Self.step(params, job, deviations, call)
        let advance = JobStore.Advance(
            from: job.state, to: params.to, earliest: job.plan.earliest(leaving: params.to, since: act.now),
            latest: job.plan.latest(leaving: params.to, since: act.now), volumeMl: params.volumeMl,
            sample: call.newID())
        guard try call.db.execute(JobStore.advance(step, advance, act)) == 1 else {
            throw try Hindrance.recalled(job.prescription, call) ?? StoredJob.read(job.id, call).stateConflict
        }
        if params.to.isHandOver { try Self.handOver(job, to: params.to, receivedBy: params.receivedBy, act, call) }
        call.note("jobId", .string(job.id.description))
        call.note("state", .string(params.to.rawValue))
        try call.publish(
            RoomTopic.advanced, subject: job.id,
            RoomTopic.Moved(
                jobId: job.id, prescriptionId: job.prescription, machineId: job.machine, state: params.to))
        let isKept = params.to == .packed && job.plan.sampleBags > 0
        return Reply(
            jobId: job.id, state: params.to, stateZh: params.to.labelZh, next: params.to.next,
            earliestAt: advance.earliest, latestAt: advance.latest, deviations: deviations,
            sampleId: isKept ? advance.sample : nil)
    }

    /// With its decoction the prescription is handed over: nothing of it comes back to the stock.
    private static func handOver(
        _ job: StoredJob, to state: JobState, receivedBy name: String?, _ act: LotStore.Act, _ call: Call
    ) throws {
        let id = call.newID()
        let new = ReturnStore.HandOver(
            id: id, prescription: job.prescription, receivedBy: state == .delivered ? .courier : .patient,
            receiverName: try name.map {
                try call.seal(PlainText.trimmed($0), for: DispensingColumns.receiverName, row: id)
            }, counselling: nil, staff: try Signing.own(call))
        guard let patient = try call.db.first(ReturnStore.handOver(new, act), as: RecordID.self) else {
            throw try Hindrance.fault(of: job.prescription, call)
                ?? StoredPrescription.read(job.prescription, call).stateConflict
        }
        call.recordAccess(basis: "treatment", subjects: [patient])
        try call.publish(
            DispensingTopic.handedOver, subject: job.prescription,
            PrescriptionTopic.Moved(prescriptionId: job.prescription, state: .handedOver))
        try StoredPrescription.tellOrigin(of: job.prescription, .handedOver, call)
    }

    private static func checkMembers(_ params: Params) throws {
        guard (params.to == .packed) == (params.volumeMl != nil) else {
            throw Fault.invalid("/volumeMl", expected: "a volume for packed, none for others", zh: "包装时填写药液总量，其他步骤不填")
        }
        if params.to == .handedOver, params.receivedBy == nil {
            throw Fault.invalid("/receivedBy", expected: "who received the bags", zh: "领药人")
        }
        if params.receivedBy != nil, ![.handedOver, .delivered].contains(params.to) {
            throw Fault.invalid(
                "/receivedBy", expected: "a name for handedOver or delivered, none for others", zh: "发放或送达时填写，其他步骤不填")
        }
    }

    private static func tooEarly(_ job: StoredJob, _ to: JobState) -> Fault {
        RoomFault.tooEarly.fault([
            "jobId": .string(job.id.description), "state": .string(job.state.rawValue), "to": .string(to.rawValue),
            "earliestAt": .string(job.earliestAt.description),
        ])
    }

    private static func unexplained(_ job: StoredJob, _ deviations: [Deviation]) -> Fault {
        RoomFault.reasonRequired.fault([
            "jobId": .string(job.id.description),
            "deviations": .array(deviations.map { .string($0.rawValue) }),
            "volumeMinMl": .integer(Int64(job.plan.volumeMinMl)), "volumeMaxMl": .integer(Int64(job.plan.volumeMaxMl)),
        ])
    }

    private static func step(
        _ params: Params, _ job: StoredJob, _ deviations: [Deviation], _ call: Call
    ) throws -> JobStore.Step {
        let id = call.newID()
        return JobStore.Step(
            id: id, job: job.id, staff: try Signing.own(call), codes: deviations.map(\.rawValue),
            note: try params.reason.map { try call.seal(PlainText.trimmed($0), for: RoomColumns.note, row: id) },
            receivedBy: try params.receivedBy.map {
                try call.seal(PlainText.trimmed($0), for: RoomColumns.receivedBy, row: id)
            })
    }

    static var examples: Examples<Params, Reply> {
        Examples(
            full: (
                Params(jobId: Sample.job, to: .packed, volumeMl: 2700, receivedBy: nil, reason: "药液浓缩，已请示药师"),
                Reply(
                    jobId: Sample.job, state: .packed, stateZh: JobState.packed.labelZh, next: JobState.packed.next,
                    earliestAt: Sample.instant, latestAt: Sample.instant, deviations: [.volumeLow],
                    sampleId: Sample.keptBag)
            ),
            minimal: (
                Params(jobId: Sample.job, to: .handedOver, receivedBy: "某某"),
                Reply(
                    jobId: Sample.job, state: .handedOver, stateZh: JobState.handedOver.labelZh, next: [],
                    earliestAt: Sample.instant, deviations: [])
            ))
    }
}
