internal import XinglinKit

/// `decoction.piece.history`
struct PieceHistory: RPCMethod {
    struct Params: Codable, Sendable {
        let code: String
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let versions: [Version]
        var next: String?
    }

    struct Version: Codable, Sendable {
        let revision: Int
        let origin: String
        let validFrom: LocalDate
        let at: Timestamp
        var accountId: RecordID?
        var reason: String?
        var source: String?
        let changes: [FieldChange]
    }

    static let name = "decoction.piece.history"
    static let summary = "Lists the versions of a piece, the latest first: who changed what, when and why."
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .doctor, .siteAdmin])
    static let params = Schema.object([.required("code", .code(1...20), "The piece.")] + Schema.pageParams)
    static let reply = Schema.object(
        .required(
            "versions",
            .array(
                .object(
                    .required("revision", .integer(1...Int64.max), "Which version it is."),
                    .required(
                        "origin", .enumeration(["shipped", "county"]), "Whether a data file or the county made it."),
                    .required("validFrom", .date, "From which day it holds."),
                    .required("at", .timestamp, "When it was recorded."),
                    .optional("accountId", .id, "The account that recorded it; absent where it was shipped."),
                    .optional("reason", .text(1...200), "Why."),
                    .optional("source", .text(1...200), "The standard or decision that it goes back to."),
                    .required(
                        "changes", .array(.object(FieldChange.fields), 0...40),
                        "What differs from the version before; nothing for the first.")),
                0...500), "The versions of this page."), Schema.pageReply)
    static let faults = [DecoctionFault.pieceUnknown]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let before = try page.after(0, as: Int.self) ?? Int(Int32.max)
        let found = try call.db.rows(RevisionStore.list(of: params.code, before: before, limit: page.limit + 1))
        guard !found.isEmpty || page.after != nil else { throw DecoctionFault.unknown([params.code]) }
        let (rows, hasMore) = found.page(limit: page.limit)
        let list = try rows.decode(
            as: (Int, String, LocalDate, Timestamp, RecordID?, String?, String?).self)
        guard let first = list.last, let last = list.first else { return Reply(versions: []) }
        let changes = try self.changes(params.code, first.0, last.0, call)
        return Reply(
            versions: list.map {
                Version(
                    revision: $0.0, origin: $0.1, validFrom: $0.2, at: $0.3, accountId: $0.4, reason: $0.5,
                    source: $0.6, changes: changes[$0.0] ?? [])
            }, next: hasMore ? Page.cursor(String(first.0)) : nil)
    }

    private func changes(_ code: String, _ first: Int, _ last: Int, _ call: Call) throws -> [Int: [FieldChange]] {
        let rows = try call.db.query(
            RevisionStore.differences(of: code, from: first, to: last), as: (Int, String, String?, String?).self)
        return Dictionary(grouping: rows, by: \.0).mapValues { rows in
            rows.compactMap { row in
                PieceField.byColumn[row.1].map {
                    FieldChange(field: $0.code, fieldZh: $0.name.zh, old: $0.cell(row.2), new: $0.cell(row.3))
                }
            }
        }
    }

    static var examples: Examples<Params, Reply> {
        let version = Version(
            revision: 2, origin: "county", validFrom: Sample.instant.localDate, at: Sample.instant,
            accountId: Sample.account, reason: "梅雨季多发霉变", source: "县药事管理与药物治疗学委员会决议", changes: [.example])
        return Examples(
            full: (Params(code: "XLYP0001", limit: 1, after: "3"), Reply(versions: [version], next: "2")),
            minimal: (Params(code: "XLYP0001"), Reply(versions: [])))
    }
}
