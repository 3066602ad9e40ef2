internal import XinglinKit
internal import XinglinRPC

/// `audit.list`: who did what, where, and how it ended.
struct AuditList: RPCMethod {
    struct Params: Codable, Sendable {
        var site: String?
        var account: String?
        var method: String?
        var reason: String?
        var from: Timestamp?
        var to: Timestamp?
        var limit: Int?
        var after: String?
    }
    struct Reply: Codable, Sendable {
        var rows: [Row]
        var next: String?
    }
    struct Row: Codable, Sendable {
        var seq: Int64
        var at: Timestamp
        var site: String?
        var account: String?
        var accountId: RecordID?
        var method: String
        var outcome: String
        var reason: String?
        var notes: JSONValue
        var trace: String
        var number: Int64?
    }

    static let name = "audit.list"
    static let summary =
        "Lists audit rows of the caller's sites, the newest first; this read is itself audited. "
        + "Rows without a site (logins, administration) are shown to who audits every site."
    static let effect = Effect.read
    static let access = Access.roles([.auditor])
    static let scope = Scope.host
    static let lane = Lane.batch
    static let params = Schema.object(
        [
            .optional("site", .code(1...32), "Only rows of this site."),
            .optional("account", .code(1...64), "Only what this account did."),
            .optional("method", .code(1...100), "Only calls of this method."),
            .optional("reason", .code(1...100), "Only calls that were refused for this reason."),
            .optional("from", .timestamp, "Only rows from this instant on."),
            .optional("to", .timestamp, "Only rows before this instant."),
        ] + Schema.pageParams)
    static let reply = Schema.object(
        .required("rows", .array(Self.row, 0...500), "The rows, the newest first."), Schema.pageReply)
    private static let row = Schema.object(
        .required(
            "seq", .integer(Int64.min...Int64.max), "The row's own number in the database; numbers may be missing."),
        .required("at", .timestamp, "When it happened."),
        .optional("site", .code(1...64), "The site at which it was done; absent where no site is concerned."),
        .optional("account", .code(1...64), "Who did it; absent where nobody was logged in."),
        .optional("accountId", .id, "The same by id."),
        .required("method", .code(1...100), "The method that was called."),
        .required("outcome", .enumeration(["done", "refused"]), "How it ended."),
        .optional("reason", .code(1...100), "Why it was refused."),
        .required("notes", .any, "What the method noted: ids and codes, never personal data."),
        .required("trace", .opaque(1...200), "The call's trace id, as in the log."),
        .optional("number", .integer(1...Int64.max), "Its place in the chain of its site; absent until it is sealed."))
    private static let example = Row(
        seq: 4711, at: Timestamp(microseconds: 1_795_000_000_000_000), site: "t1", account: "pharmacist.t1",
        accountId: RecordID(high: 0x0198_F3A2_0000_7000, low: 0x8000_0000_0000_0001), method: "decoction.stock.issue",
        outcome: "refused", reason: "decoction.insufficientStock", notes: [:],
        trace: "4bf92f3577b34da6a3ce929d0e0e4736",
        number: 2034)
    static let examples = Examples<Params, Reply>(
        full: (
            Params(
                site: "t1", account: "pharmacist.t1", method: "decoction.stock.issue",
                reason: "decoction.insufficientStock", from: Timestamp(microseconds: 1_794_900_000_000_000),
                to: Timestamp(microseconds: 1_795_100_000_000_000), limit: 1, after: "4712"),
            Reply(rows: [example], next: "4711")
        ),
        minimal: (Params(), Reply(rows: [])))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let reach = try AuditReach(call)
        let site = try params.site.map { try reach.site($0) }
        let account = try params.account.map { name in
            guard let account = reach.directory.account(named: name) else {
                throw HostFault.notFound.fault(["account": .string(name)])
            }
            return account.principal.accountID
        }
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let before = try page.after(0, as: Int64.self)
        let rows = try call.db.query(
            Self.query(params, reach, site: site, account: account, before: before, limit: page.limit + 1),
            as: (Int64, Timestamp, RecordID?, RecordID?, String, String, String?, String, String, Int64?).self)
        call.note("filter", Self.filter(params))
        call.recordAccess(basis: "audit", subjects: account.map { [$0] } ?? [])
        let shown = try rows.prefix(page.limit).map { try Self.reply($0, reach) }
        return Reply(
            rows: shown, next: rows.count > shown.count ? shown.last.map { Page.cursor(String($0.seq)) } : nil)
    }

    /// A filter is a condition only where it is given, so that the planner sees which index serves.
    private static func query(
        _ params: Params, _ reach: AuditReach, site: RecordID?, account: RecordID?, before: Int64?, limit: Int
    ) -> SQL {
        // Who audits every site is shown rows without a site too, so that the sites are no condition then.
        let sites = site.map { [$0] } ?? (reach.isWhole ? nil : reach.sites)
        return """
            SELECT a.seq, a.at, a.site_id, a.account_id, a.method, a.outcome, a.reason, a.notes, a.trace, l.number \
            FROM host.audit a LEFT JOIN host.audit_link l ON l.seq = a.seq WHERE true\
            \(and: "a.site_id = ANY (", sites, ")")\(and: "a.account_id = ", account)\
            \(and: "a.method = ", params.method)\(and: "a.reason = ", params.reason)\
            \(and: "a.at >= ", params.from)\(and: "a.at < ", params.to)\(and: "a.seq < ", before) \
            ORDER BY a.seq DESC LIMIT \(limit)
            """
    }

    private static func filter(_ params: Params) -> JSONValue {
        var filter: [String: JSONValue] = [:]
        filter["site"] = params.site.map { .string($0) }
        filter["account"] = params.account.map { .string($0) }
        filter["method"] = params.method.map { .string($0) }
        filter["reason"] = params.reason.map { .string($0) }
        filter["from"] = params.from.map { .string($0.description) }
        filter["to"] = params.to.map { .string($0.description) }
        return .object(filter)
    }

    private static func reply(
        _ row: (Int64, Timestamp, RecordID?, RecordID?, String, String, String?, String, String, Int64?),
        _ reach: AuditReach
    ) throws -> Row {
        Row(
            seq: row.0, at: row.1, site: row.2.flatMap { reach.code($0) },
            account: row.3.flatMap { reach.directory.accounts[$0]?.principal.account }, accountId: row.3,
            method: row.4, outcome: row.5, reason: row.6, notes: try JSONReader.parse(Array(row.7.utf8)), trace: row.8,
            number: row.9)
    }
}

extension SQL.StringInterpolation {
    /// A further condition, where there is a value for it.
    fileprivate mutating func appendInterpolation(
        and condition: StaticString, _ value: (some SQLBindable)?, _ end: StaticString = ""
    ) {
        guard let value else { return }
        self.appendLiteral(" AND \(condition)")
        self.appendInterpolation(value)
        self.appendLiteral("\(end)")
    }
}
