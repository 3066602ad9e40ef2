internal import XinglinKit

/// A job in the replies of `decoction.job.start` and `decoction.job.get`.
struct JobCard: Codable, Sendable {
    /// What the job takes; volumes and water are of all doses together.
    struct Plan: Codable, Sendable {
        let kind: BoilingKind
        let kindZh: String
        let use: MachineUse
        let isChild: Bool
        let doses: Int
        let bags: Int
        let soakMinutes: Int
        let leadMinutes: Int
        let firstMinMinutes: Int
        let firstMaxMinutes: Int
        let secondMinMinutes: Int
        let secondMaxMinutes: Int
        let packMinutes: Int
        let volumeMinMl: Int
        let volumeMaxMl: Int
        let waterFirstMl: Int
        let waterSecondMl: Int
        let sampleBags: Int
        let ruleVersion: String
        let ageRuleVersion: String

        init(_ plan: BoilingPlan) {
            self.kind = plan.kind
            self.kindZh = plan.kind.labelZh
            self.use = plan.use
            self.isChild = plan.isChild
            self.doses = plan.doses
            self.bags = plan.bags
            self.soakMinutes = plan.soakMinutes
            self.leadMinutes = plan.leadMinutes
            self.firstMinMinutes = plan.firstMinMinutes
            self.firstMaxMinutes = plan.firstMaxMinutes
            self.secondMinMinutes = plan.secondMinMinutes
            self.secondMaxMinutes = plan.secondMaxMinutes
            self.packMinutes = plan.packMinutes
            self.volumeMinMl = plan.volumeMinMl
            self.volumeMaxMl = plan.volumeMaxMl
            self.waterFirstMl = plan.waterFirstMl
            self.waterSecondMl = plan.waterSecondMl
            self.sampleBags = plan.sampleBags
            self.ruleVersion = plan.ruleVersion
            self.ageRuleVersion = plan.ageRuleVersion
        }

        private static let minutes = Schema.integer(0...100_000)
        private static let millilitres = Schema.integer(0...1_000_000_000)

        static let schema = Schema.object(
            .required("kind", .enumeration(BoilingKind.codes), "How it is boiled."),
            .required("kindZh", .text(1...20), "The same in Chinese."),
            .required("use", .enumeration(MachineUse.codes), "Which machines may boil it."),
            .required("isChild", .boolean, "Whether the volumes of children hold (RX-12)."),
            .required("doses", .integer(1...400), "How many doses."),
            .required("bags", .integer(1...100_000), "How many bags they make."),
            .required("soakMinutes", Self.minutes, "Least soaking."),
            .required("leadMinutes", Self.minutes, "How long the pieces that are boiled first boil alone."),
            .required("firstMinMinutes", Self.minutes, "Least first boiling, counted from the lead's end."),
            .required("firstMaxMinutes", Self.minutes, "Greatest first boiling, counted from the lead's end."),
            .required("secondMinMinutes", Self.minutes, "Least second boiling."),
            .required("secondMaxMinutes", Self.minutes, "Greatest second boiling."),
            .required("packMinutes", Self.minutes, "Within how long after boiling it is packed."),
            .required("volumeMinMl", Self.millilitres, "Least volume at packing, in millilitres."),
            .required("volumeMaxMl", Self.millilitres, "Greatest volume at packing, in millilitres."),
            .required("waterFirstMl", Self.millilitres, "Water for soaking and the first boiling; our own formula."),
            .required("waterSecondMl", Self.millilitres, "Water for the second boiling; our own formula."),
            .required("sampleBags", .integer(0...1000), "How many bags are kept as a sample."),
            .required(
                "ruleVersion", .code(1...20), "The version of the rule BOILING by which all this was worked out."),
            .required("ageRuleVersion", .code(1...20), "The version of RX-12, which says who is a child."))
    }

    let jobId: RecordID
    let prescriptionId: RecordID
    let machineId: RecordID
    let state: JobState
    let stateZh: String
    let next: [JobState]
    let urgent: Bool
    let since: Timestamp
    let earliestAt: Timestamp
    var latestAt: Timestamp?
    var dueAt: Timestamp?
    let receivedAt: Timestamp
    var packedAt: Timestamp?
    var endedAt: Timestamp?
    var volumeMl: Int?
    let dispenseAnew: Bool
    let plan: Plan
    let steps: [StoredJobStep]

    init(_ job: StoredJob, _ steps: [StoredJobStep]) {
        self.jobId = job.id
        self.prescriptionId = job.prescription
        self.machineId = job.machine
        self.state = job.state
        self.stateZh = job.state.labelZh
        self.next = job.state.next
        self.urgent = job.isUrgent
        self.since = job.since
        self.earliestAt = job.earliestAt
        self.latestAt = job.latestAt
        self.dueAt = job.dueAt
        self.receivedAt = job.receivedAt
        self.packedAt = job.packedAt
        self.endedAt = job.endedAt
        self.volumeMl = job.volumeMl
        self.dispenseAnew = job.isSpoilt
        self.plan = Plan(job.plan)
        self.steps = steps
    }

    /// Reads one of the acting site, with its steps.
    static func read(_ id: RecordID, _ call: Call) throws -> JobCard {
        let job = try StoredJob.read(id, call)
        let rows = try call.db.rows(JobStore.steps(of: id, site: call.site.id))
        let card = JobCard(job, try StoredJobStep.read(rows, call))
        // A step may name who received the bags.
        call.recordAccess(basis: "treatment", subjects: [job.patient])
        return card
    }

    static let schema = Schema.object([
        .required("jobId", .id, "The job."),
        .required("prescriptionId", .id, "Its prescription."),
        .required("machineId", .id, "What it is boiled in."),
        .required("state", .enumeration(JobState.codes), "Where it stands."),
        .required("stateZh", .text(1...20), "The same in Chinese."),
        .required("next", .array(.enumeration(JobState.codes), 0...2), "Where a step may lead."),
        .required("urgent", .boolean, "Whether it is urgent."),
        .required("since", .timestamp, "Since when it is in this state."),
        .required("earliestAt", .timestamp, "When the next step may be taken at the earliest."),
        .optional("latestAt", .timestamp, "When it should have been taken at the latest."),
        .optional("dueAt", .timestamp, "By when an urgent one is to be ready."),
        .required("receivedAt", .timestamp, "When it began."),
        .optional("packedAt", .timestamp, "When it was packed."),
        .optional("endedAt", .timestamp, "When it was handed over, delivered or broken off."),
        .optional("volumeMl", .integer(1...1_000_000_000), "What was packed, in millilitres."),
        .required("dispenseAnew", .boolean, "Whether it was broken off with wet pieces, which are dispensed anew."),
        .required("plan", Plan.schema, "What it takes."),
        .required("steps", .array(StoredJobStep.schema, 1...20), "Its steps, in order."),
    ])
}

extension StoredJob {
    /// For the examples.
    init(sample state: JobState, full: Bool) {
        let later = full ? Sample.instant : nil
        self.init(
            id: Sample.job, prescription: Sample.prescription, patient: Sample.patient, machine: Sample.machine,
            state: state, isUrgent: full, since: Sample.instant, earliestAt: Sample.instant, latestAt: later,
            dueAt: later, receivedAt: Sample.instant, packedAt: later, endedAt: later, volumeMl: full ? 3000 : nil,
            isSpoilt: full, plan: Sample.plan)
    }
}

extension JobCard {
    static let full = JobCard(
        StoredJob(sample: .aborted, full: true),
        [
            StoredJobStep(
                state: .aborted, stateZh: JobState.aborted.labelZh, at: Sample.instant, accountId: Sample.account,
                staffId: Sample.staff, codes: [AbortReason.scorched.rawValue], note: "锅底煎焦", receivedBy: "某某")
        ])
    static let small = JobCard(
        StoredJob(sample: .received, full: false),
        [
            StoredJobStep(
                state: .received, stateZh: JobState.received.labelZh, at: Sample.instant, accountId: Sample.account,
                codes: [])
        ])
}
