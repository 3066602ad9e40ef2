internal import XinglinKit

/// `decoction.job.instructions`
struct JobInstructions: RPCMethod {
    struct Params: Codable, Sendable {
        let jobId: RecordID
    }

    struct Reply: Codable, Sendable {
        let jobId: RecordID
        let prescriptionId: RecordID
        var startsAt: Timestamp?
        let waterZh: String
        let waterEn: String
        let waterFirstMl: Int
        let waterSecondMl: Int
        let coverMinCm: Int64
        let coverMaxCm: Int64
        let instructions: [BoilingInstruction]
    }

    static let name = "decoction.job.instructions"
    static let summary = """
        Says for each piece of a job when and how it is handled, in minutes from the start of the first boiling: 先煎, 后下, \
        包煎, 另煎, 烊化, 冲服, toxic pieces first (8.5).
        """
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .nurse])
    static let params = Schema.object(.required("jobId", .id, "The job."))
    static let reply = Schema.object(
        .required("jobId", .id, "The job."),
        .required("prescriptionId", .id, "Its prescription."),
        .optional(
            "startsAt", .timestamp, "When the first boiling began, or will at the earliest; absent before soaking."),
        .required("waterZh", .text(1...200), "How much water, in Chinese."),
        .required("waterEn", .text(1...200), "How much water."),
        .required("waterFirstMl", .integer(0...1_000_000_000), "Water for soaking and the first boiling."),
        .required("waterSecondMl", .integer(0...1_000_000_000), "Water for the second boiling."),
        .required("coverMinCm", .integer(0...100), "How high the water stands above the pieces, at the least."),
        .required("coverMaxCm", .integer(0...100), "The same, at the most."),
        .required(
            "instructions", .array(BoilingInstruction.schema, 1...80), "One of each line, in the order of their time."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let site = try call.site.id
        let job = try StoredJob.read(params.jobId, call)
        let prescription = try BoiledPrescription.read(job.prescription, locking: false, call)
        let results = try call.db.batch([
            // The rules of the day on which it began: they never change once that day has begun.
            Statement(PharmacyRules.table.valid(on: job.receivedAt.localDate, site: site)),
            Statement(JobStore.steps(of: job.id, site: site)),
        ])
        let rules = try PharmacyRules.book(results[0])
        let start = job.boilingStart(try StoredJobStep.read(results[1], call))
        let instructions = try BoilingInstructions(
            prescription: prescription, plan: job.plan, rules: rules, start: start
        ).all()
        let (least, most) = (try rules.number(.coverMinCm), try rules.number(.coverMaxCm))
        let (first, second) = (job.plan.waterFirstMl, job.plan.waterSecondMl)
        call.recordAccess(basis: "treatment", subjects: [job.patient])
        return Reply(
            jobId: job.id, prescriptionId: job.prescription, startsAt: start,
            waterZh: "头煎加水约\(first) ml，二煎约\(second) ml；浸泡时水面须高出饮片\(least)至\(most) cm，不足则添水",
            waterEn: """
                About \(first) ml for the first boiling and \(second) ml for the second; while soaking, water stands \
                \(least) to \(most) cm above the pieces: add some where it does not
                """,
            waterFirstMl: first, waterSecondMl: second, coverMinCm: least, coverMaxCm: most,
            instructions: instructions)
    }

    static var examples: Examples<Params, Reply> {
        let params = Params(jobId: Sample.job)
        let instruction = BoilingInstruction(
            pieceCode: "XLYP0001", nameZh: "麻黄", quantityMg: 42_000, cooking: .first, cookingZh: "先煎",
            phase: .boiling1, minute: 0, untilMinute: 0, at: Sample.instant, textZh: "开始煎煮时放入麻黄，先煎10分钟后再放其他药",
            textEn: "At the start: put in 麻黄, 10 minutes before the others", notesZh: "先煎去沫")
        func reply(_ start: Timestamp?) -> Reply {
            Reply(
                jobId: Sample.job, prescriptionId: Sample.prescription, startsAt: start, waterZh: "头煎加水约3500 ml",
                waterEn: "About 3500 ml for the first boiling", waterFirstMl: 3500, waterSecondMl: 1500,
                coverMinCm: 2, coverMaxCm: 5, instructions: [instruction])
        }
        return Examples(full: (params, reply(Sample.instant)), minimal: (params, reply(nil)))
    }
}
