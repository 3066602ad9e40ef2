internal import XinglinKit

/// `decoction.prescription.submit`
struct SubmitPrescription: RPCMethod {
    typealias Params = SubmissionParams
    typealias Reply = Submission.Reply

    static let name = "decoction.prescription.submit"
    static let summary = """
        Hands a prescription in: it is judged by RX-01 to RX-14 and kept with every finding; what holds it up waits for a \
        second signature, or for a rewrite.
        """
    static let effect = Effect.write
    static let access = Access.roles([.doctor])
    static let params = Schema.object(SubmissionParams.fields)
    static let reply = Reply.schema
    static let faults = Submission.faults

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        try Submission(draft: params.draft, illness: params.illness, signatures: params.signatures ?? []).run(call)
    }

    static var examples: Examples<Params, Reply> {
        Examples(full: (.example, .full), minimal: (.small, .clean))
    }
}
