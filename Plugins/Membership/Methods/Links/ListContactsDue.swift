internal import XinglinKit

/// `membership.contact.due`
struct ListContactsDue: RPCMethod {
    struct Params: Codable, Sendable {
        let organizationId: RecordID
        let month: String
        var unmask: GetMember.Unmask?
    }

    struct Reply: Codable, Sendable {
        let month: String
        let links: Int
        let rule: String
        let required: Int
        let due: [Line]
    }

    struct Line: Codable, Sendable {
        let linkId: RecordID
        let organizationId: RecordID
        let memberId: RecordID
        let name: String
        let from: LocalDate
        let contacts: Int
        let evidence: [RecordID]
    }

    static let name = "membership.contact.due"
    static let summary = """
        Says which links with a household had fewer contacts in a month than CONTACT asks for, of those that stood on its last day; the \
        contacts there were stand beside as evidence.
        """
    static let effect = Effect.read
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        .required("organizationId", .id, "The organisation, with all below it."),
        .required("month", .code(7...7), "The month, such as 2026-11; not a future one."), GetMember.Unmask.field)
    static let reply = Schema.object(
        .required("month", .code(7...7), "The month."),
        .required(
            "links", .integer(0...1_000_000), "How many links with a household stood on the last day, or stand today."),
        .required("rule", .code(1...20), "CONTACT."),
        .required("required", .integer(0...31), "Contacts a month at the least."),
        .required(
            "due",
            .array(
                .object(
                    .required("linkId", .id, "The link."), .required("organizationId", .id, "In whose grid it stands."),
                    .required("memberId", .id, "The member."),
                    .required("name", .text(1...60), "The name, masked (张*) unless a purpose was named."),
                    .required("from", .date, "Since when it stands."),
                    .required("contacts", .integer(0...1000), "How many there were."),
                    .required("evidence", .array(.id, 0...1000), "The contacts of the month.")), 0...100_000),
            "The links with fewer."))
    static let faults = [MembershipFault.organizationEnded, MembershipRules.unusable]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let month = try CalendarMonth.read(params.month, at: "/month")
        let first = month.first
        guard first <= call.today else {
            throw Fault.invalid("/month", expected: "this month or an earlier one", zh: "本月或更早")
        }
        let last = min(month.last, call.today)
        let one = try Organizations.readable(params.organizationId, on: last, call)
        let required = Int(
            try MembershipRules.book(on: call.today, call).number(RuleKey("CONTACT", "visitsPerMonth")))
        let rows = try call.db.query(
            LinkStore.households(one.id, from: first, to: last),
            as: (RecordID, RecordID, RecordID, LocalDate, String).self)
        let due = rows.map { row in (row, row.4.split(separator: " ").compactMap { RecordID($0) }) }.filter {
            $0.1.count < required
        }
        let names = try Offices.names(due.map(\.0.2), unmask: params.unmask, call)
        return Reply(
            month: params.month, links: rows.count, rule: "CONTACT", required: required,
            due: due.map { row, contacts in
                Line(
                    linkId: row.0, organizationId: row.1, memberId: row.2, name: names[row.2] ?? "*", from: row.3,
                    contacts: contacts.count, evidence: contacts)
            })
    }

    static var examples: Examples<Params, Reply> {
        let line = Line(
            linkId: Sample.other, organizationId: Sample.branch, memberId: Sample.member, name: "张*",
            from: Sample.joined,
            contacts: 1, evidence: [Sample.fact])
        return Examples(
            full: (
                Params(
                    organizationId: Sample.branch, month: "2026-11",
                    unmask: GetMember.Unmask(purpose: .organizationWork)),
                Reply(month: "2026-11", links: 7, rule: "CONTACT", required: 2, due: [line])
            ),
            minimal: (
                Params(organizationId: Sample.branch, month: "2026-11"),
                Reply(month: "2026-11", links: 0, rule: "CONTACT", required: 1, due: [])
            ))
    }
}
