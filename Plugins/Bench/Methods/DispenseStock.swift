internal import XinglinKit

/// `bench.stock.dispense`
struct DispenseStock: RPCMethod {
    struct Params: Codable, Sendable {
        let lot: Int64
        let party: Int64
        let quantity: Int64
    }

    struct Reply: Codable, Sendable {
        let movement: Int64
        let product: Int64
        let number: String
        let expires: LocalDate
        let onHand: Int64
    }

    static let name = "bench.stock.dispense"
    static let summary =
        "Takes a quantity out of a lot, with its movement and the module's own audit row, in one flush."
    static let effect = Effect.write
    static let access = BenchModule.access
    static let params = Schema.object(
        .required("lot", .integer(1...Int64.max), "The lot's number."),
        .required("party", .integer(1...Int64.max), "Who gets it."),
        .required("quantity", .integer(1...1_000_000), "How much."))
    static let reply = Schema.object(
        .required("movement", .integer(1...Int64.max), "The movement's number."),
        .required("product", .integer(1...Int64.max), "The lot's product."),
        .required("number", .text(1...100), "What is printed on the lot."),
        .required("expires", .date, "When the lot expires."),
        .required("onHand", .integer(0...Int64.max), "What is left in the lot."))
    static let faults = [BenchFault.partyUnknown, BenchFault.insufficientStock]
    static let examples = Examples(
        full: (
            params: Params(lot: 1, party: 1, quantity: 5),
            reply: Reply(
                movement: 1, product: 1, number: "L1", expires: LocalDate(daysSince1970: 21_184),
                onHand: 999_999_995)
        ),
        minimal: (
            params: Params(lot: 1, party: 1, quantity: 1),
            reply: Reply(
                movement: 2, product: 1, number: "L1", expires: LocalDate(daysSince1970: 21_184),
                onHand: 999_999_994)
        ))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let (site, quantity) = (try call.site.id, params.quantity)
        let results = try call.db.batch([
            Statement(
                StockStore.take(quantity, of: params.lot, site: site), .rows(1),
                otherwise: BenchFault.insufficientStock.fault()),
            Statement(StockStore.move(quantity, of: params.lot, to: params.party, site: site), .rows(1)),
            Statement(
                StockStore.audit(
                    quantity, of: params.lot, to: params.party, site: site, by: try call.caller.account), .rows(1)),
        ])
        let lot: (Int64, String, LocalDate, Int64)? = try results[0].first()
        let movement: Int64? = try results[1].first()
        guard let lot, let movement else { throw HostFault.internal.fault() }
        call.note("movement", .integer(movement))
        return Reply(movement: movement, product: lot.0, number: lot.1, expires: lot.2, onHand: lot.3)
    }
}
