internal import XinglinKit

/// `decoction.fee.set`
struct SetFee: RPCMethod {
    struct Params: Codable, Sendable {
        let kind: BillKind
        let feeFen: Int64
        var validFrom: LocalDate?
        let source: String
        let reason: String
    }

    struct Reply: Codable, Sendable {
        let kind: BillKind
        let revision: Int
    }

    static let name = "decoction.fee.set"
    static let summary = """
        Sets what the site charges beside the pieces: for a dose that is boiled here, and for pieces that are boiled apart or melted (8.4). \
        The former fee stays readable.
        """
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist, .siteAdmin])
    static let params = Schema.object(
        .required("kind", .enumeration(BillKind.fees.map(\.rawValue)), "Which fee."),
        .required(
            "feeFen", .integer(0...100_000_000), "By dose, or by piece and dose, in fen; 0 where nothing is charged."),
        .optional("validFrom", .date, "From which day it holds, not in the past; from today unless told."),
        .required("source", .text(1...200), "The price list that it is taken from."),
        .required("reason", .text(1...200), "Why."))
    static let reply = Schema.object(
        .required("kind", .enumeration(BillKind.fees.map(\.rawValue)), "Which fee."),
        .required("revision", .integer(1...Int64.max), "The how-manieth of its kind at the site it is."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let day = params.validFrom ?? call.today
        guard day >= call.today else {
            throw Fault.invalid("/validFrom", expected: "a date that is not past", zh: "不早于今天的日期")
        }
        let fee = BillStore.NewFee(
            kind: params.kind, fen: params.feeFen, source: PlainText.trimmed(params.source), validFrom: day,
            reason: PlainText.trimmed(params.reason))
        let revision = try call.db.first(BillStore.set(fee, LotStore.Act(call)), as: Int.self) ?? 0
        call.note("kind", .string(params.kind.rawValue))
        call.note("feeFen", .integer(params.feeFen))
        return Reply(kind: params.kind, revision: revision)
    }

    static var examples: Examples<Params, Reply> {
        let reply = Reply(kind: .decoction, revision: 1)
        return Examples(
            full: (
                Params(
                    kind: .decoction, feeFen: 200, validFrom: Sample.instant.localDate, source: "省医疗服务价格项目",
                    reason: "首次登记"), reply
            ), minimal: (Params(kind: .decoction, feeFen: 200, source: "省医疗服务价格项目", reason: "首次登记"), reply))
    }
}

/// `decoction.fee.list`
struct ListFees: RPCMethod {
    struct Params: Codable, Sendable {
        var asOf: LocalDate?
    }

    struct Reply: Codable, Sendable {
        let fees: RowList<Fee>
    }

    struct Fee: Codable, Sendable {
        let kind: BillKind
        let feeFen: Int64
        let revision: Int
        let source: String
        let validFrom: LocalDate
        let reason: String
        let at: Timestamp
        let accountId: RecordID
    }

    static let name = "decoction.fee.list"
    static let summary =
        "Lists the site's fees as of a day, with where they come from; a fee that is not set is not listed."
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .doctor, .siteAdmin])
    static let params = Schema.object(
        .optional("asOf", .date, "The fees that hold on this day; today unless told."))
    static let reply = Schema.object(
        .required(
            "fees",
            .array(
                .object(
                    .required("kind", .enumeration(BillKind.fees.map(\.rawValue)), "Which fee."),
                    .required("feeFen", .integer(0...100_000_000), "By dose, or by piece and dose, in fen."),
                    .required("revision", .integer(1...Int64.max), "The how-manieth of its kind it is."),
                    .required("source", .text(1...200), "The price list that it is taken from."),
                    .required("validFrom", .date, "From which day it holds."),
                    .required("reason", .text(1...200), "Why."), .required("at", .timestamp, "When it was set."),
                    .required("accountId", .id, "The account that set it.")), 0...3), "The fees."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let rows = try call.db.rows(BillStore.fees(on: params.asOf ?? call.today, site: call.site.id))
        return Reply(fees: .json(rows.json(BillStore.feeColumns)))
    }

    static var examples: Examples<Params, Reply> {
        let fee = Fee(
            kind: .decoction, feeFen: 200, revision: 1, source: "省医疗服务价格项目", validFrom: Sample.instant.localDate,
            reason: "首次登记", at: Sample.instant, accountId: Sample.account)
        return Examples(
            full: (Params(asOf: Sample.instant.localDate), Reply(fees: .elements([fee]))),
            minimal: (Params(), Reply(fees: .elements([]))))
    }
}
