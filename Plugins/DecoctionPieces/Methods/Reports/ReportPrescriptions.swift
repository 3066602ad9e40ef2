internal import XinglinKit

/// `decoction.report.prescriptions`
struct ReportPrescriptions: RPCMethod {
    struct Params: Codable, Sendable {
        var from: LocalDate?
        var to: LocalDate?
    }

    struct Reply: Codable, Sendable {
        let from: LocalDate
        let to: LocalDate
        let submitted: Int64
        let reviewed: Int64
        let approved: Int64
        let refused: Int64
        let withdrawn: Int64
        let signed: Int64
        let rules: RowList<Rule>
        let signers: RowList<Signer>
    }

    struct Rule: Codable, Sendable {
        let rule: String
        let severity: Severity
        let found: Int64
        let refusedUnder: Int64
    }

    struct Signer: Codable, Sendable {
        let staffId: RecordID
        let rule: String
        let signed: Int64
    }

    static let name = "decoction.report.prescriptions"
    static let summary = """
        What became of prescriptions within some days: handed in, reviewed, approved and refused, what each rule found by \
        severity and how many refusals it stood under, and who signed over it with a reason (RX-01 to RX-14).
        """
    static let effect = Effect.read
    static let access = ReportPart.readers
    static let params = Schema.object(ReportPeriod.fields)
    static let reply = Schema.object(
        ReportPeriod.replyFields + [
            ReportFields.count("submitted", "How many were handed in, with those written anew."),
            ReportFields.count("reviewed", "How many reviews there were: approved and refused."),
            ReportFields.count("approved", "How many reviews approved."),
            ReportFields.count("refused", "How many reviews refused."),
            ReportFields.count("withdrawn", "How many were taken back by the doctor, or written anew."),
            ReportFields.count("signed", "How many second signatures were given, each with its reason."),
            .required(
                "rules",
                .array(
                    .object(
                        .required("rule", .code(1...20), "The rule."),
                        .required("severity", .enumeration(Severity.codes), "How severe it was."),
                        ReportFields.count("found", "In how many prescriptions it found something, each once."),
                        ReportFields.count(
                            "refusedUnder",
                            "How many refused reviews had it among their findings; one refusal may stand under several rules, or none."
                        )),
                    0...200), "By rule and severity."),
            .required(
                "signers",
                .array(
                    .object(
                        .required("staffId", .id, "Who signed."), .required("rule", .code(1...20), "Over which rule."),
                        ReportFields.count("signed", "How often, each with a reason.")),
                    0...100_000), "By rule and signer: they add up to `signed`."),
        ])

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let period = try ReportPeriod(from: params.from, to: params.to, today: call.today)
        let asked = try Asked(period, call)
        let results = try call.db.batch([
            Statement(PrescriptionReportStore.counts(asked)), Statement(PrescriptionReportStore.rules(asked)),
            Statement(PrescriptionReportStore.signers(asked)),
        ])
        let counts = try results[0].single(as: (Int64, Int64, Int64, Int64, Int64).self)
        return Reply(
            from: period.from, to: period.to, submitted: counts.0, reviewed: counts.1 + counts.2, approved: counts.1,
            refused: counts.2, withdrawn: counts.3, signed: counts.4,
            rules: .json(results[1].json(PrescriptionReportStore.ruleColumns)),
            signers: .json(results[2].json(PrescriptionReportStore.signerColumns)))
    }

    static var examples: Examples<Params, Reply> {
        Examples(
            full: (
                Params(from: Sample.monthBegin, to: Sample.today),
                Reply(
                    from: Sample.monthBegin, to: Sample.today, submitted: 60, reviewed: 60, approved: 57, refused: 3,
                    withdrawn: 3, signed: 2,
                    rules: .elements([Rule(rule: "RX-05", severity: .block, found: 4, refusedUnder: 1)]),
                    signers: .elements([Signer(staffId: Sample.staff, rule: "RX-05", signed: 2)]))
            ),
            minimal: (
                Params(),
                Reply(
                    from: Sample.monthBegin, to: Sample.today, submitted: 0, reviewed: 0, approved: 0, refused: 0,
                    withdrawn: 0, signed: 0, rules: .elements([]), signers: .elements([]))
            ))
    }
}
