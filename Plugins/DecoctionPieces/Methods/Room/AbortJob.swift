internal import XinglinKit

/// `decoction.job.abort`
struct AbortJob: RPCMethod {
    struct Params: Codable, Sendable {
        let jobId: RecordID
        let reason: AbortReason
        var note: String?
    }

    struct Reply: Codable, Sendable {
        let jobId: RecordID
        let prescriptionId: RecordID
        let state: JobState
        let dispenseAnew: Bool
        let textZh: String
        let textEn: String
    }

    static let name = "decoction.job.abort"
    static let summary = """
        Breaks a job off and gives its machine back; pieces that have got wet are dispensed anew, never wetted again (8.5). What was packed to be delivered, \
        and has not left the house, is destroyed and dispensed anew in the same way.
        """
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist])
    static let params = Schema.object(
        .required("jobId", .id, "A job that has not ended, or is delivered while nothing of it has left the house."),
        .required("reason", .enumeration(AbortReason.codes), "Why."),
        .optional("note", .text(1...200), "What happened; `other` asks for it. It is kept encrypted."))
    static let reply = Schema.object(
        .required("jobId", .id, "The job."),
        .required("prescriptionId", .id, "Its prescription."),
        .required("state", .enumeration(JobState.codes), "aborted."),
        .required(
            "dispenseAnew", .boolean, "Whether the pieces had got wet: no job begins before they are dispensed anew."),
        .required("textZh", .text(1...100), "What to do now, in Chinese."),
        .required("textEn", .text(1...200), "What to do now."))
    static let faults = [RoomFault.jobStateConflict]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        guard params.reason != .other || params.note != nil else {
            throw Fault.invalid("/note", expected: "what happened", zh: "中止的具体原因")
        }
        let act = try LotStore.Act(call)
        let job = try StoredJob.read(params.jobId, call)
        // Whoever ships or delivers it is before this or behind it.
        if job.state == .delivered { try call.db.execute(JobStore.lockPrescription(job.prescription, site: act.site)) }
        let id = call.newID()
        let step = JobStore.Step(
            id: id, job: params.jobId, staff: try Signing.own(call), codes: [params.reason.rawValue],
            note: try params.note.map { try call.seal(PlainText.trimmed($0), for: RoomColumns.note, row: id) })
        let found = try call.db.first(JobStore.abort(step, act), as: (RecordID, Bool).self)
        guard let (prescription, isSpoilt) = found else {
            throw try StoredJob.read(params.jobId, call).stateConflict
        }
        if job.state == .delivered { try StoredPrescription.tellOrigin(of: prescription, .dispensed, call) }
        call.note("jobId", .string(params.jobId.description))
        call.note("reason", .string(params.reason.rawValue))
        try call.publish(
            RoomTopic.aborted, subject: params.jobId,
            RoomTopic.Aborted(
                jobId: params.jobId, prescriptionId: prescription, reason: params.reason, dispenseAnew: isSpoilt))
        return Reply(jobId: params.jobId, prescription, isSpoilt: isSpoilt)
    }

    static var examples: Examples<Params, Reply> {
        Examples(
            full: (
                Params(jobId: Sample.job, reason: .scorched, note: "锅底煎焦"),
                Reply(jobId: Sample.job, Sample.prescription, isSpoilt: true)
            ),
            minimal: (
                Params(jobId: Sample.job, reason: .machineFailure),
                Reply(jobId: Sample.job, Sample.prescription, isSpoilt: false)
            ))
    }
}

extension AbortJob.Reply {
    init(jobId: RecordID, _ prescription: RecordID, isSpoilt: Bool) {
        self.init(
            jobId: jobId, prescriptionId: prescription, state: .aborted, dispenseAnew: isSpoilt,
            textZh: isSpoilt ? "本次药液与药渣作废，不得加水再煎，请重新调剂" : "饮片未浸水，可另行开始煎药",
            textEn: isSpoilt
                ? "Throw liquid and residue away, never wet them again; have the prescription dispensed anew"
                : "The pieces are dry: another job may begin")
    }
}
