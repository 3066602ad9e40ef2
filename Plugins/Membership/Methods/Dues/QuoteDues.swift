internal import XinglinKit

/// `membership.dues.quote`
struct QuoteDues: RPCMethod {
    struct Params: Codable, Sendable {
        let category: DuesCategory
        var baseFen: Int64?
        var fixedFen: Int64?
        var on: LocalDate?
    }

    struct Reply: Codable, Sendable {
        var rateBasisPoints: Int64?
        let unroundedFen: Int64
        let dueFen: Int64
        let rule: String
        let ruleVersion: String
    }

    static let name = "membership.dues.quote"
    static let summary = """
        Reckons a month's dues (DUES, dues_bands.csv): the band's rate applies to the whole base, and the amount is rounded half-up. \
        Nothing is recorded.
        """
    static let effect = Effect.read
    static let access = MembershipAccess.figures
    static let params = Schema.object(
        .required("category", .enumeration(DuesCategory.codes), "As what the member pays."),
        .optional(
            "baseFen", .integer(0...DuesScale.greatestBase),
            "The month's base in fen; required where a rate applies, left aside where the amount is fixed."),
        .optional(
            "fixedFen", .integer(0...1_000_000),
            "farmer: what the branch has set within the range; hardship: what is still to be paid, 0 unless told."),
        .optional("on", .date, "The day whose values of DUES hold; today unless told."))
    static let reply = Schema.object(
        .optional(
            "rateBasisPoints", .integer(1...1000),
            "The rate in hundredths of a percent (50 is 0.5%); absent of a fixed amount and of a base of 0."),
        .required(
            "unroundedFen", .fen,
            "The whole fen of base times rate: what is left of a fen is dropped here, and counted in the rounding."),
        .required("dueFen", .fen, "What is due: rounded half-up to DUES roundingFen where the table says so."),
        .required("rule", .code(1...20), "DUES."),
        .required("ruleVersion", .code(1...20), "The version of the rule whose rounding it is."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let (scale, roundingFen, version) = try DuesRules.scale(on: params.on ?? call.today, call)
        do throws(DuesScale.Problem) {
            let quote = try scale.quote(
                params.category, baseFen: params.baseFen, fixedFen: params.fixedFen, roundingFen: roundingFen)
            return Reply(
                rateBasisPoints: quote.rateBasisPoints, unroundedFen: quote.unroundedFen, dueFen: quote.dueFen,
                rule: DuesRules.id, ruleVersion: version)
        } catch {
            throw error.fault
        }
    }

    static var examples: Examples<Params, Reply> {
        Examples(
            full: (
                Params(category: .salaried, baseFen: 300_001, fixedFen: 20, on: Sample.today),
                Reply(rateBasisPoints: 100, unroundedFen: 3000, dueFen: 3000, rule: "DUES", ruleVersion: "1.0")
            ),
            minimal: (
                Params(category: .student), Reply(unroundedFen: 20, dueFen: 20, rule: "DUES", ruleVersion: "1.0")
            ))
    }
}
