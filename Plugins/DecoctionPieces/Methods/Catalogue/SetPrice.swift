internal import XinglinKit

/// `decoction.price.set`
struct SetPrice: RPCMethod {
    struct Params: Codable, Sendable {
        let pieceCode: String
        let priceFenPerKg: Int64
        var validFrom: LocalDate?
        let reason: String
    }

    struct Reply: Codable, Sendable {
        let pieceCode: String
        let revision: Int
        let costFenPerKg: Int64
        let greatestFenPerKg: Int64
    }

    static let name = "decoction.price.set"
    static let summary = """
        Sets what the site charges for a kilogram of a piece: at the most the least cost of the lots that can be issued with \
        the greatest mark-up, rounded to the fen (PC-04). The former price stays readable.
        """
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist, .siteAdmin])
    static let params = Schema.object(
        .required("pieceCode", .code(1...20), "The piece."),
        .required(
            "priceFenPerKg", .integer(0...10_000_000_000),
            "The price of a kilogram, in fen; 10 g cost a hundredth of it."),
        .optional("validFrom", .date, "From which day it holds, not in the past; from today unless told."),
        .required("reason", .text(1...200), "Why."))
    static let reply = Schema.object(
        .required("pieceCode", .code(1...20), "The piece."),
        .required("revision", .integer(1...Int64.max), "The how-manieth price of the piece at the site it is."),
        .required("costFenPerKg", .integer(0...10_000_000_000), "The cost by which it was judged."),
        .required("greatestFenPerKg", .integer(0...100_000_000_000), "The highest price allowed on it."))
    static let faults = [
        DecoctionFault.pieceUnknown, CatalogueFault.priceAboveMarkUp, CatalogueFault.priceWithoutCost,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let day = params.validFrom ?? call.today
        guard day >= call.today else {
            throw Fault.invalid("/validFrom", expected: "a date that is not past", zh: "不早于今天的日期")
        }
        let act = try LotStore.Act(call)
        let results = try call.db.batch([
            Statement(
                PieceStore.known([params.pieceCode]), .rows(1), otherwise: DecoctionFault.unknown([params.pieceCode])),
            Statement(PharmacyRules.table.valid(on: call.today, site: act.site)),
        ])
        let rules = try PharmacyRules.book(results[1])
        let price = PriceStore.New(
            pieceCode: params.pieceCode, fenPerKg: params.priceFenPerKg,
            markUpPercent: try rules.number(.markUpPercent),
            ruleVersion: rules.version(of: RuleKey.markUpPercent.rule) ?? "", validFrom: day,
            reason: PlainText.trimmed(params.reason))
        guard
            let (revision, cost, greatest) = try call.db.first(PriceStore.set(price, act), as: (Int, Int64, Int64).self)
        else { throw try Self.refusal(of: price, act, call) }
        call.note("pieceCode", .string(params.pieceCode))
        call.note("revision", .integer(Int64(revision)))
        call.note("priceFenPerKg", .integer(params.priceFenPerKg))
        return Reply(pieceCode: params.pieceCode, revision: revision, costFenPerKg: cost, greatestFenPerKg: greatest)
    }

    private static func refusal(of price: PriceStore.New, _ act: LotStore.Act, _ call: Call) throws -> Fault {
        let sql = PriceStore.basis(price.pieceCode, site: act.site, on: act.now.localDate)
        guard let cost = try call.db.first(sql, as: Int64.self) else {
            return CatalogueFault.priceWithoutCost.fault(["pieceCode": .string(price.pieceCode)])
        }
        return CatalogueFault.priceAboveMarkUp.fault([
            "rule": "PC-04", "pieceCode": .string(price.pieceCode), "costFenPerKg": .integer(cost),
            "markUpPercent": .integer(price.markUpPercent),
            "greatestFenPerKg": .integer(MarkUp.greatest(on: cost, percent: price.markUpPercent)),
            "ruleVersion": .string(price.ruleVersion),
        ])
    }

    static var examples: Examples<Params, Reply> {
        let reply = Reply(pieceCode: "XLYP0001", revision: 1, costFenPerKg: 6_800, greatestFenPerKg: 8_500)
        return Examples(
            full: (
                Params(
                    pieceCode: "XLYP0001", priceFenPerKg: 8_500, validFrom: Sample.instant.localDate, reason: "按新进价调整"),
                reply
            ), minimal: (Params(pieceCode: "XLYP0001", priceFenPerKg: 8_500, reason: "首次定价"), reply))
    }
}
