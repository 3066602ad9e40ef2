internal import XinglinKit

/// `decoction.ledger.verify`
struct VerifyLedger: RPCMethod {
    struct Reply: Codable, Sendable {
        let ok: Bool
        let lots: Int64
        let movements: Int64
        let differences: RowList<Difference>
    }

    struct Difference: Codable, Sendable {
        let what: String
        let id: RecordID
        let expectedMg: Int64
        let foundMg: Int64
    }

    static let name = "decoction.ledger.verify"
    static let summary = """
        Checks the site's ledger: every lot's balance is the sum of its movements, at every place and on the whole; no place is \
        below zero, today or at the end of an earlier day; each transfer adds up to nothing (PC-04).
        """
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .siteAdmin, .auditor])
    static let params = Schema.object()
    static let reply = Schema.object(
        .required("ok", .boolean, "Whether everything adds up."),
        .required("lots", .integer(0...Int64.max), "How many lots were checked."),
        .required("movements", .integer(0...Int64.max), "How many movements were checked."),
        .required(
            "differences",
            .array(
                .object(
                    .required(
                        "what",
                        .enumeration([
                            "lotBalance", "lotPlaced", "placeBalance", "negative", "negativeThen", "transfer",
                            "reserved",
                        ]),
                        "What does not add up."),
                    .required("id", .id, "The lot; of a transfer its document."),
                    .required(
                        "expectedMg", .integer(Int64.min...Int64.max),
                        "What the movements, or the open reservations, say."),
                    .required("foundMg", .integer(Int64.min...Int64.max), "What is written.")),
                0...500), "The first 500 that do not."))

    func handle(_ params: Empty, _ call: Call) throws -> Reply {
        let site = try call.site.id
        let results = try call.db.batch([
            Statement(LedgerQueries.counts(site: site)), Statement(LedgerQueries.differences(site: site, limit: 500)),
        ])
        let counts = try results[0].first(as: (Int64, Int64).self)
        return Reply(
            ok: results[1].count == 0, lots: counts?.0 ?? 0, movements: counts?.1 ?? 0,
            differences: .json(results[1].json(LedgerQueries.differenceColumns)))
    }

    static var examples: Examples<Empty, Reply> {
        let difference = Difference(what: "lotBalance", id: Sample.lot, expectedMg: 4_880_000, foundMg: 4_880_001)
        return Examples(
            full: (Empty(), Reply(ok: false, lots: 398, movements: 12_045, differences: .elements([difference]))),
            minimal: (Empty(), Reply(ok: true, lots: 398, movements: 12_045, differences: .elements([]))))
    }
}
