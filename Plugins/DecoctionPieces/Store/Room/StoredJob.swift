internal import XinglinKit

/// A job as it stands in the database, with what it takes.
struct StoredJob {
    let id: RecordID
    let prescription: RecordID
    let patient: RecordID
    let machine: RecordID
    let state: JobState
    let isUrgent: Bool
    let since: Timestamp
    let earliestAt: Timestamp
    let latestAt: Timestamp?
    let dueAt: Timestamp?
    let receivedAt: Timestamp
    let packedAt: Timestamp?
    let endedAt: Timestamp?
    let volumeMl: Int?
    let isSpoilt: Bool
    let plan: BoilingPlan

    private typealias Columns = (
        RecordID, RecordID, RecordID, RecordID, JobState, Bool, Timestamp, Timestamp, Timestamp?, Timestamp?, Timestamp,
        Timestamp?, Timestamp?, Int?, Bool
    )
    private typealias PlanColumns = (
        BoilingKind, MachineUse, Bool, Int, Int, Int, Int, Int, Int, Int, Int, Int, Int, Int, Int, Int, Int, Int, Int,
        String, String
    )

    /// Reads one of the acting site.
    /// - Throws: `host.notFound`.
    static func read(_ id: RecordID, _ call: Call) throws -> StoredJob {
        let site = try call.site.id
        let results = try call.db.batch([
            Statement(JobStore.read(id, site: site)), Statement(JobStore.plan(id, site: site)),
        ])
        guard let row = try results[0].first(as: Columns.self), let plan = try results[1].first(as: PlanColumns.self)
        else {
            throw HostFault.notFound.fault(["jobId": .string(id.description)])
        }
        return Self.job(row, Self.plan(plan))
    }

    private static func job(_ row: Columns, _ plan: BoilingPlan) -> StoredJob {
        StoredJob(
            id: row.0, prescription: row.1, patient: row.2, machine: row.3, state: row.4, isUrgent: row.5,
            since: row.6, earliestAt: row.7, latestAt: row.8, dueAt: row.9, receivedAt: row.10, packedAt: row.11,
            endedAt: row.12, volumeMl: row.13, isSpoilt: row.14, plan: plan)
    }

    private static func plan(_ row: PlanColumns) -> BoilingPlan {
        BoilingPlan(
            kind: row.0, use: row.1, isChild: row.2, doses: row.3, bags: row.4, soakMinutes: row.5, leadMinutes: row.6,
            firstMinMinutes: row.7, firstMaxMinutes: row.8, secondMinMinutes: row.9, secondMaxMinutes: row.10,
            packMinutes: row.11, volumeMinMl: row.12, volumeMaxMl: row.13, waterFirstMl: row.14, waterSecondMl: row.15,
            sampleBags: row.16, sampleMinHours: row.17, sampleMaxHours: row.18, ruleVersion: row.19,
            ageRuleVersion: row.20)
    }

    /// The refusal of a step that the state does not allow.
    var stateConflict: Fault {
        RoomFault.jobStateConflict.fault([
            "jobId": .string(self.id.description), "state": .string(self.state.rawValue),
            "next": .array(self.state.next.map { .string($0.rawValue) }),
        ])
    }

    /// When the first boiling began, or will at the earliest, as far as that can be told.
    func boilingStart(_ steps: [StoredJobStep]) -> Timestamp? {
        if let began = steps.first(where: { $0.state == .boiling1 }) { return began.at }
        return self.state == .soaking ? self.earliestAt : nil
    }
}

/// A step of a job as it stands in the database.
struct StoredJobStep: Codable, Sendable {
    let state: JobState
    let stateZh: String
    let at: Timestamp
    let accountId: RecordID
    var staffId: RecordID?
    let codes: [String]
    var note: String?
    var receivedBy: String?

    static let schema = Schema.object(
        .required("state", .enumeration(JobState.codes), "Which step."),
        .required("stateZh", .text(1...20), "The same in Chinese."),
        .required("at", .timestamp, "When it was taken."),
        .required("accountId", .id, "By which account."),
        .optional("staffId", .id, "By which member of staff, where the account is somebody's."),
        .required(
            "codes", .array(.code(1...20), 0...10),
            "What was not as the rules want it (boiledLong, packedLate, volumeLow, volumeHigh); of an aborted job why."),
        .optional("note", .text(1...200), "The reason or remark. It is kept encrypted."),
        .optional("receivedBy", .text(1...60), "Who received the bags. It is kept encrypted."))

    /// Reads the rows of `JobStore.steps`.
    static func read(_ rows: Rows, _ call: Call) throws -> [StoredJobStep] {
        try rows.decode(
            as: (RecordID, JobState, Timestamp, RecordID, RecordID?, String, SQLBytes?, SQLBytes?).self
        ).map { row in
            StoredJobStep(
                state: row.1, stateZh: row.1.labelZh, at: row.2, accountId: row.3, staffId: row.4,
                codes: row.5.split(separator: " ").map(String.init),
                note: try row.6.map { try call.open($0, of: RoomColumns.note, row: row.0) },
                receivedBy: try row.7.map { try call.open($0, of: RoomColumns.receivedBy, row: row.0) })
        }
    }
}

extension BoiledPrescription {
    /// Reads one of the acting site.
    /// - Parameter locking: keeps everybody else from changing it, or from beginning a job of it, until the call ends.
    /// - Throws: `host.notFound`.
    static func read(_ id: RecordID, locking: Bool, _ call: Call) throws -> BoiledPrescription {
        let site = try call.site.id
        let results = try call.db.batch([
            Statement(
                locking ? JobStore.lockPrescription(id, site: site) : JobStore.prescription(id, site: site), .rows(1),
                otherwise: HostFault.notFound.fault(["prescriptionId": .string(id.description)])),
            Statement(JobStore.lines(of: id, site: site)),
        ])
        let row = try results[0].first(
            as: (RecordID, PrescriptionState, PrescriptionKind, PrescriptionUse?, Int, Int).self)
        guard let row else { throw HostFault.notFound.fault(["prescriptionId": .string(id.description)]) }
        let lines = try results[1].decode(
            as: (
                String, String, String, String, Int64, Cooking?, Cooking, Toxicity, Bool, ControlClass, String
            ).self
        ).map { line in
            Line(
                code: line.0, nameZh: line.1, baseMaterial: line.2, category: line.3, perDoseMg: line.4,
                written: line.5, usual: line.6, toxicity: line.7, isToxic28: line.8, controlClass: line.9,
                notes: line.10)
        }
        return BoiledPrescription(
            id: id, patient: row.0, state: row.1, kind: row.2, use: row.3, doses: row.4, ageYears: row.5, lines: lines)
    }
}
