internal import XinglinKit

/// `decoction.scale.create`
struct CreateScale: RPCMethod {
    struct Params: Codable, Sendable {
        let code: String
        let nameZh: String
        var calibration: CalibrationDraft?
    }

    struct Reply: Codable, Sendable {
        let scaleId: RecordID
        let usable: Bool
    }

    static let name = "decoction.scale.create"
    static let summary = """
        Adds a scale of the site; it is used once a calibration in force is on record (8.4), which may be given at once.
        """
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist, .siteAdmin])
    static let params = Schema.object(
        .required("code", .code(1...30), "What is written on the scale, unique at the site."),
        .required("nameZh", .text(1...60), "Its name."),
        .optional("calibration", .object(CalibrationDraft.fields), "Its latest calibration."))
    static let reply = Schema.object(
        .required("scaleId", .id, "The new scale."),
        .required("usable", .boolean, "Whether it may be used today."))
    static let faults = [DispensingFault.scaleExists]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let id = call.newID()
        let act = try LotStore.Act(call)
        let code = PlainText.number(params.code)
        let made = try call.db.execute(
            ScaleStore.create(id, code: code, nameZh: PlainText.trimmed(params.nameZh), act))
        guard made == 1 else {
            let there = try call.db.first(ScaleStore.find(code: code, site: act.site), as: RecordID.self)
            throw DispensingFault.scaleExists.fault(there.map { ["scaleId": .string($0.description)] })
        }
        if let calibration = params.calibration { try calibration.record(for: id, at: "/calibration", call) }
        call.note("scaleId", .string(id.description))
        return Reply(scaleId: id, usable: params.calibration?.isInForce(on: call.today) ?? false)
    }

    static var examples: Examples<Params, Reply> {
        Examples(
            full: (
                Params(code: "TP-01", nameZh: "调剂台一号电子秤", calibration: .example),
                Reply(scaleId: Sample.scale, usable: true)
            ),
            minimal: (Params(code: "TP-02", nameZh: "毒性药品柜天平"), Reply(scaleId: Sample.scale, usable: false)))
    }
}

/// A calibration as it is recorded.
struct CalibrationDraft: Codable, Sendable {
    let calibratedOn: LocalDate
    let validUntil: LocalDate
    var passed: Bool?
    let certificateNumber: String

    static let fields: [Schema.Field] = [
        .required("calibratedOn", .date, "When it was calibrated; not in the future."),
        .required("validUntil", .date, "The last day on which the scale may be used by it."),
        .optional("passed", .boolean, "Whether the scale passed; it did unless told. One that failed may not be used."),
        .required("certificateNumber", .text(1...60), "The certificate's number."),
    ]

    static let example = CalibrationDraft(
        calibratedOn: Sample.producedOn, validUntil: Sample.producedOn.adding(days: 364), passed: true,
        certificateNumber: "JD2026-0117")

    /// Whether a scale may be used on a day by this calibration.
    func isInForce(on day: LocalDate) -> Bool { self.passed ?? true && self.validUntil >= day }

    /// - Throws: `host.invalidParams` for days that cannot be, `host.notFound` for an unknown scale.
    func record(for scale: RecordID, at pointer: String, _ call: Call) throws {
        guard self.calibratedOn <= call.today else {
            throw Fault.invalid(
                "\(pointer)/calibratedOn", expected: "a date that is not in the future", zh: "不晚于今天的日期")
        }
        guard self.validUntil >= self.calibratedOn else {
            throw Fault.invalid(
                "\(pointer)/validUntil", expected: "a date not before calibratedOn", zh: "不早于检定日期")
        }
        let new = ScaleStore.Calibration(
            scale: scale, calibratedOn: self.calibratedOn, validUntil: self.validUntil, hasPassed: self.passed ?? true,
            certificateNumber: PlainText.number(self.certificateNumber))
        try call.db.execute(
            ScaleStore.calibrate(new, LotStore.Act(call)), expecting: .rows(1),
            otherwise: HostFault.notFound.fault(["scaleId": .string(scale.description)]))
    }
}
