internal import XinglinKit

/// `decoction.piece.withdraw`
struct WithdrawPiece: RPCMethod {
    struct Params: Codable, Sendable {
        let code: String
        let reason: String
        var source: String?
    }

    struct Reply: Codable, Sendable {
        let code: String
        let revision: Int
        var withdrawnOn: LocalDate?

        static let schema = Schema.object(
            .required("code", .code(1...20), "The piece."),
            .required("revision", .integer(1...Int64.max), "Its version now."),
            .optional("withdrawnOn", .date, "Since when it is withdrawn; absent where it is in use."))
    }

    static let name = "decoction.piece.withdraw"
    static let summary = """
        Takes a piece out of use in the whole county: from today on it is neither received nor prescribed, and is found by its \
        code alone. What there is of it, and what it meant, stays.
        """
    static let effect = Effect.write
    static let access = Access.roles([.siteAdmin])
    static let fields: [Schema.Field] = [
        .required("code", .code(1...20), "The piece."), .required("reason", .text(1...200), "Why."),
        .optional("source", .text(1...200), "The standard or decision that it goes back to."),
    ]
    static let params = Schema.object(Self.fields)
    static let reply = Reply.schema
    static let faults = [
        DecoctionFault.pieceUnknown, CatalogueFault.catalogueOfCounty, CatalogueFault.pieceStateConflict,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        try Self.set(params, to: call.today, call)
    }

    /// - Throws: `decoction.pieceStateConflict` where it stands so already.
    static func set(_ params: Params, to day: LocalDate?, _ call: Call) throws -> Reply {
        let work = try CatalogueWork(call, reason: params.reason, source: params.source ?? "")
        let old = try work.content(params.code)
        guard (old.values["withdrawnOn"] == nil) == (day != nil) else {
            throw CatalogueFault.pieceStateConflict.fault([
                "pieceCode": .string(params.code),
                "withdrawnOn": old.values["withdrawnOn"].map { .string($0) } ?? .null,
            ])
        }
        let value = FieldValue(field: "withdrawnOn", value: day?.description)
        _ = try work.change(old, to: FieldValue.apply([value], to: old))
        return Reply(code: params.code, revision: old.revision + 1, withdrawnOn: day)
    }

    static let example = Params(code: "XLYP9001", reason: "已不再使用", source: "县药事管理与药物治疗学委员会决议")

    static var examples: Examples<Params, Reply> {
        let reply = Reply(code: "XLYP9001", revision: 2, withdrawnOn: Sample.instant.localDate)
        return Examples(
            full: (Self.example, reply), minimal: (Params(code: "XLYP9001", reason: "已不再使用"), reply))
    }
}
