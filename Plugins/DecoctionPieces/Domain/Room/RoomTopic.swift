internal import XinglinKit

/// What has happened in the decoction room. Bodies name no patient.
enum RoomTopic {
    struct Moved: Codable, Sendable {
        let jobId: RecordID
        let prescriptionId: RecordID
        let machineId: RecordID
        let state: JobState
    }
    struct Aborted: Codable, Sendable {
        let jobId: RecordID
        let prescriptionId: RecordID
        let reason: AbortReason
        let dispenseAnew: Bool
    }

    private static let access = Access.roles([.doctor, .pharmacist, .reviewer, .integrator])
    private static let job = Schema.Field.required("jobId", .id, "The job; the event's subject.")
    private static let prescription = Schema.Field.required("prescriptionId", .id, "Its prescription.")
    private static let moved = Schema.object(
        Self.job, Self.prescription, .required("machineId", .id, "What it is boiled in."),
        .required("state", .enumeration(JobState.codes), "Where it stands now."))
    private static let sample = Moved(
        jobId: Sample.job, prescriptionId: Sample.prescription, machineId: Sample.machine, state: .received)

    static let started = EventTopic(
        "decoction.job.started", .init(zh: "煎药任务已开始", en: "A job of the decoction room began"),
        access: Self.access, body: Self.moved, example: Self.sample)
    static let advanced = EventTopic(
        "decoction.job.advanced", .init(zh: "煎药任务进入下一步", en: "A job of the decoction room moved on"),
        access: Self.access, body: Self.moved, example: Self.sample)
    static let aborted = EventTopic(
        "decoction.job.aborted", .init(zh: "煎药任务已中止", en: "A job of the decoction room was broken off"),
        access: Self.access,
        body: .object(
            Self.job, Self.prescription, .required("reason", .enumeration(AbortReason.codes), "Why."),
            .required("dispenseAnew", .boolean, "Whether its pieces have to be dispensed anew.")),
        example: Aborted(
            jobId: Sample.job, prescriptionId: Sample.prescription, reason: .scorched, dispenseAnew: true))

    static let all = [started, advanced, aborted]
}
