internal import XinglinKit

/// `decoction.prescription.check`
struct CheckPrescription: RPCMethod {
    typealias Params = PrescriptionDraft

    struct Reply: Codable, Sendable {
        let findings: [Finding]
        let dispensable: Bool
    }

    static let name = "decoction.prescription.check"
    static let summary = """
        Judges a prescription by the rules RX-01 to RX-14, in their order, and changes nothing; a rule that lacks an input \
        says so.
        """
    static let effect = Effect.read
    static let access = Access.roles([.doctor, .pharmacist, .reviewer])
    static let params = Schema.object(PrescriptionDraft.fields)
    static let reply = Schema.object(
        .required("findings", .array(Finding.schema, 0...1000), "What the rules found, in their order."),
        .required("dispensable", .boolean, "Whether nothing holds it up: no block and no confirm."))
    static let faults = [
        DecoctionFault.pieceUnknown, PrescriptionFault.pieceWithdrawn, PrescriptionFault.pieceAmbiguous,
        CatalogueFault.pieceOutOfUse,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let result = try CaseReading(draft: params, call: call).result()
        if let patient = result.patient { call.recordAccess(basis: "treatment", subjects: [patient]) }
        return Reply(
            findings: result.findings, dispensable: PrescriptionCheck.isDispensable(result.findings))
    }

    static var examples: Examples<Params, Reply> {
        Examples(
            full: (.example, Reply(findings: [.example], dispensable: false)),
            minimal: (.small, Reply(findings: [], dispensable: true)))
    }
}
