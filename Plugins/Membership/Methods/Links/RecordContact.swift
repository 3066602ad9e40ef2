internal import XinglinKit

/// `membership.contact.record`
struct RecordContact: RPCMethod {
    struct Params: Codable, Sendable {
        let linkId: RecordID
        let on: LocalDate
        let kind: ContactKind
        var minutes: Int?
        var note: String?
    }

    struct Reply: Codable, Sendable {
        let contactId: RecordID
        let linkId: RecordID
    }

    static let name = "membership.contact.record"
    static let summary = "Records a visit or a call of a link that stood on that day. The note is kept encrypted."
    static let effect = Effect.write
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        .required("linkId", .id, "The link."),
        .required("on", .date, "The day: today or earlier, while the link stood."),
        .required("kind", .enumeration(ContactKind.codes), "How they met."),
        .optional("minutes", .integer(1...1440), "How long."),
        .optional("note", .text(1...200), "What it was about."))
    static let reply = Schema.object(
        .required("contactId", .id, "The contact."), .required("linkId", .id, "The link."))
    static let faults = [OfficeFault.endedAlready]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        guard params.on <= call.today else { throw MembershipFault.future("/on") }
        let act = try Act(call)
        guard
            let (_, member, from, ended) = try call.db.first(
                LinkStore.one(params.linkId, site: act.site), as: (LinkKind, RecordID?, LocalDate, LocalDate?).self)
        else { throw MembershipFault.notFound("linkId", params.linkId) }
        guard params.on >= from, ended.map({ params.on < $0 }) ?? true else {
            throw OfficeFault.ended(from: from, on: ended)
        }
        let id = call.newID()
        let contact = LinkStore.NewContact(
            id: id, link: params.linkId, on: params.on, kind: params.kind, minutes: params.minutes,
            note: try params.note.map { try call.seal(PlainText.trimmed($0), for: OfficeColumns.contactNote, row: id) })
        try call.db.execute(LinkStore.record(contact, act), expecting: .rows(1))
        call.recordAccess(basis: "partyRegister", subjects: [member].compactMap { $0 })
        call.note("linkId", .string(params.linkId.description))
        return Reply(contactId: id, linkId: params.linkId)
    }

    static var examples: Examples<Params, Reply> {
        let reply = Reply(contactId: Sample.fact, linkId: Sample.other)
        return Examples(
            full: (
                Params(linkId: Sample.other, on: Sample.today, kind: .visit, minutes: 40, note: "送药上门"), reply
            ), minimal: (Params(linkId: Sample.other, on: Sample.today, kind: .call), reply))
    }
}
