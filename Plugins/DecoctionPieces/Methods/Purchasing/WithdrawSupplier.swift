internal import XinglinKit

/// `decoction.supplier.withdraw`
struct WithdrawSupplier: RPCMethod {
    struct Params: Codable, Sendable {
        let supplierId: RecordID
        let reason: String
    }

    struct Reply: Codable, Sendable {
        let supplierId: RecordID
        let version: Int
        let withdrawnOn: LocalDate
    }

    static let name = "decoction.supplier.withdraw"
    static let summary = "Takes a supplier out of use: nothing is received from it any more; its lots stay as they are."
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist])
    static let params = Schema.object(
        .required("supplierId", .id, "A supplier in use."), .required("reason", .text(1...200), "Why."))
    static let reply = Schema.object(
        .required("supplierId", .id, "The supplier."),
        .required("version", .integer(1...1_000_000_000), "Its version now."),
        .required("withdrawnOn", .date, "Since when nothing is received from it."))
    static let faults = [PurchasingFault.withdrawn]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        Reply(
            supplierId: params.supplierId, version: try Self.withdraw(params, on: call.today, call),
            withdrawnOn: call.today)
    }

    /// Takes it out of use from a day on, or with nil into use again; gives its version.
    static func withdraw(_ params: Params, on day: LocalDate?, _ call: Call) throws -> Int {
        let act = try LotStore.Act(call)
        let sql = SupplierVersionStore.withdraw(
            params.supplierId, on: day, reason: PlainText.trimmed(params.reason), act)
        guard let version = try call.db.first(sql, as: Int.self) else {
            throw try SupplierChange.refusal(of: params.supplierId, isRestoring: day == nil, call)
        }
        call.note("supplierId", .string(params.supplierId.description))
        call.note("version", .integer(Int64(version)))
        return version
    }

    static var examples: Examples<Params, Reply> {
        let example = (
            params: Params(supplierId: Sample.supplier, reason: "许可证被吊销"),
            reply: Reply(supplierId: Sample.supplier, version: 3, withdrawnOn: Sample.instant.localDate)
        )
        return Examples(full: example, minimal: example)
    }
}

/// `decoction.supplier.restore`
struct RestoreSupplier: RPCMethod {
    typealias Params = WithdrawSupplier.Params

    struct Reply: Codable, Sendable {
        let supplierId: RecordID
        let version: Int
    }

    static let name = "decoction.supplier.restore"
    static let summary = "Takes a withdrawn supplier into use again."
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist])
    static let params = Schema.object(
        .required("supplierId", .id, "A withdrawn supplier."), .required("reason", .text(1...200), "Why."))
    static let reply = Schema.object(
        .required("supplierId", .id, "The supplier."),
        .required("version", .integer(1...1_000_000_000), "Its version now."))
    static let faults = [PurchasingFault.withdrawn]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        Reply(
            supplierId: params.supplierId, version: try WithdrawSupplier.withdraw(params, on: nil, call))
    }

    static var examples: Examples<Params, Reply> {
        let example = (
            params: Params(supplierId: Sample.supplier, reason: "停用有误"),
            reply: Reply(supplierId: Sample.supplier, version: 4)
        )
        return Examples(full: example, minimal: example)
    }
}
