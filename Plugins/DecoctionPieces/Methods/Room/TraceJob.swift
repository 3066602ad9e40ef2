internal import XinglinKit

/// `decoction.job.trace`
struct TraceJob: RPCMethod {
    struct Params: Codable, Sendable {
        let jobId: RecordID
    }

    struct Reply: Codable, Sendable {
        let jobId: RecordID
        let prescriptionId: RecordID
        let patientId: RecordID
        let machineId: RecordID
        let state: JobState
        let ruleVersion: String
        let lots: RowList<Lot>
        let steps: [StoredJobStep]
    }

    struct Lot: Codable, Sendable {
        let lotId: RecordID
        let pieceCode: String
        let nameZh: String
        let batchNumber: String
        let expiresOn: LocalDate
        let documentId: RecordID
        let quantityMg: Int64
    }

    static let name = "decoction.job.trace"
    static let summary = """
        Follows a job back: its prescription, the patient, the lots that its pot was filled from, and who did what; \
        decoction.job.findByLot goes the other way.
        """
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer])
    static let params = Schema.object(.required("jobId", .id, "The job."))
    static let reply = Schema.object(
        .required("jobId", .id, "The job."),
        .required("prescriptionId", .id, "Its prescription."),
        .required("patientId", .id, "The patient."),
        .required("machineId", .id, "What it was boiled in."),
        .required("state", .enumeration(JobState.codes), "Where it stands."),
        .required("ruleVersion", .code(1...20), "The version of the rule BOILING that it went by."),
        .required("lots", .array(Self.lot, 0...10_000), "What was dispensed for it and not taken back."),
        .required("steps", .array(StoredJobStep.schema, 1...20), "Its steps, in order."))

    private static let lot = Schema.object(
        .required("lotId", .id, "The lot."),
        .required("pieceCode", .code(1...20), "The piece."),
        .required("nameZh", .text(1...30), "Its name."),
        .required("batchNumber", .text(1...60), "The maker's batch number."),
        .required("expiresOn", .date, "Last day of its shelf life."),
        .required("documentId", .id, "The document that dispensed it."),
        .required("quantityMg", .integer(1...1_000_000_000_000), "How much of it, in milligrams."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let site = try call.site.id
        let job = try StoredJob.read(params.jobId, call)
        let results = try call.db.batch([
            Statement(JobStore.lots(of: job.id, site: site)), Statement(JobStore.steps(of: job.id, site: site)),
        ])
        call.recordAccess(basis: "treatment", subjects: [job.patient])
        return Reply(
            jobId: job.id, prescriptionId: job.prescription, patientId: job.patient, machineId: job.machine,
            state: job.state, ruleVersion: job.plan.ruleVersion, lots: .json(results[0].json(JobStore.lotColumns)),
            steps: try StoredJobStep.read(results[1], call))
    }

    static var examples: Examples<Params, Reply> {
        let lot = Lot(
            lotId: Sample.lot, pieceCode: "XLYP0001", nameZh: "麻黄", batchNumber: "20260901",
            expiresOn: Sample.expiresOn, documentId: Sample.document, quantityMg: 42_000)
        func reply(_ lots: [Lot]) -> Reply {
            Reply(
                jobId: Sample.job, prescriptionId: Sample.prescription, patientId: Sample.patient,
                machineId: Sample.machine, state: .received, ruleVersion: "1.0", lots: .elements(lots),
                steps: JobCard.small.steps)
        }
        return Examples(
            full: (Params(jobId: Sample.job), reply([lot])), minimal: (Params(jobId: Sample.job), reply([])))
    }
}
