internal import XinglinKit

/// `decoction.prescription.get`
struct GetPrescription: RPCMethod {
    struct Params: Codable, Sendable {
        let prescriptionId: RecordID
    }

    typealias Reply = PrescriptionCard

    static let name = "decoction.prescription.get"
    static let summary =
        "Shows a prescription of the acting site whole: pieces, findings, signatures and every state it was in."
    static let effect = Effect.read
    static let access = Access.roles([.doctor, .pharmacist, .reviewer])
    static let params = Schema.object(.required("prescriptionId", .id, "The prescription."))
    static let reply = PrescriptionCard.schema

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let stored = try StoredPrescription.read(params.prescriptionId, call)
        let site = try call.site.id
        let results = try call.db.batch([
            Statement(PrescriptionStore.findings(of: stored.id, check: stored.check, site: site)),
            Statement(PrescriptionStore.signatures(of: stored.id, site: site)),
            Statement(PrescriptionStore.changes(of: stored.id, site: site)),
            Statement(PrescriptionStore.rewritten(stored.id, site: site)),
            Statement(ForwardingQueries.ofPrescription(stored.id, site: site, today: call.today)),
        ])
        var card = PrescriptionCard(stored)
        card.findings = try PrescriptionStore.findings(results[0])
        let asks = SignatureDemand(findings: card.findings).asks(PregnancyMustBeRespected.id)
        card.signatures = try StoredSignature.read(results[1], call).map { signature in
            guard asks, signature.answer == nil, signature.rule == PregnancyMustBeRespected.id else { return signature }
            var answered = signature
            answered.answeredByText = true
            return answered
        }
        card.changes = try results[2].decode(as: (PrescriptionState, Timestamp, RecordID).self).map {
            PrescriptionCard.Change(state: $0.0, at: $0.1, accountId: $0.2)
        }
        card.rewrittenBy = try results[3].first(as: RecordID.self)
        card.forwardings = try ForwardingCard.read(results[4], call)
        call.recordAccess(basis: "treatment", subjects: [stored.patient])
        return card
    }

    static var examples: Examples<Params, Reply> {
        let params = Params(prescriptionId: Sample.prescription)
        return Examples(full: (params, .full), minimal: (params, .small))
    }
}
