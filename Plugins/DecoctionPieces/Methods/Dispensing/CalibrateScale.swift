internal import XinglinKit

/// `decoction.scale.calibrate`
struct CalibrateScale: RPCMethod {
    struct Params: Codable, Sendable {
        let scaleId: RecordID
        let calibration: CalibrationDraft

        init(_ scale: RecordID, _ calibration: CalibrationDraft) {
            self.scaleId = scale
            self.calibration = calibration
        }

        init(from decoder: any Decoder) throws {
            self.scaleId = try decoder.container(keyedBy: Key.self).decode(RecordID.self, forKey: .scaleId)
            self.calibration = try CalibrationDraft(from: decoder)
        }

        func encode(to encoder: any Encoder) throws {
            try self.calibration.encode(to: encoder)
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(self.scaleId, forKey: .scaleId)
        }

        private enum Key: String, CodingKey { case scaleId }
    }

    struct Reply: Codable, Sendable {
        let scaleId: RecordID
        let usable: Bool
    }

    static let name = "decoction.scale.calibrate"
    static let summary = "Records a calibration of a scale; the latest one says until when the scale may be used (8.4)."
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist, .siteAdmin])
    static let params = Schema.object(
        [.required("scaleId", .id, "The scale.")] + CalibrationDraft.fields)
    static let reply = Schema.object(
        .required("scaleId", .id, "The scale."),
        .required("usable", .boolean, "Whether it may be used today."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        try params.calibration.record(for: params.scaleId, at: "", call)
        call.note("scaleId", .string(params.scaleId.description))
        let usable = try call.db.first(
            ScaleStore.usable([params.scaleId], on: call.today, site: call.site.id), as: (RecordID, Bool).self)
        return Reply(scaleId: params.scaleId, usable: usable?.1 ?? false)
    }

    static var examples: Examples<Params, Reply> {
        let example = (params: Params(Sample.scale, .example), reply: Reply(scaleId: Sample.scale, usable: true))
        return Examples(full: example, minimal: example)
    }
}
