internal import XinglinKit

/// `membership.dues.donate`
struct DonateDues: RPCMethod {
    struct Params: Codable, Sendable {
        let memberId: RecordID
        let amountFen: Int64
        let on: LocalDate
        var note: String?
    }

    struct Reply: Codable, Sendable {
        let voluntaryId: RecordID
        let forCentre: Bool
    }

    static let name = "membership.dues.donate"
    static let summary = """
        Books what a member gives beyond the dues, in a ledger of its own. One payment of DUES centralFen or more goes to the centre in \
        full.
        """
    static let effect = Effect.write
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        .required("memberId", .id, "The member."), .required("amountFen", .paidFen, "What was given at once, in fen."),
        .required("on", .date, "The day; today or earlier."), .optional("note", .text(1...200), "A note."))
    static let reply = Schema.object(
        .required("voluntaryId", .id, "The entry; `membership.dues.reversePayment` takes it."),
        .required("forCentre", .boolean, "Whether it goes to the centre in full (DUES centralFen)."))
    static let faults = [MembershipFault.memberEnded]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        guard params.on <= call.today else { throw MembershipFault.future("/on") }
        _ = try Members.locked(params.memberId, on: params.on, call)
        let gift = try DuesGift.book(
            params.amountFen, of: params.memberId, on: params.on, payment: nil, note: PlainText.trimmed(params.note ?? ""),
            call)
        call.recordAccess(basis: "partyDues", subjects: [params.memberId])
        call.note("voluntaryId", .string(gift.id.description))
        return Reply(voluntaryId: gift.id, forCentre: gift.isForCentre)
    }

    static var examples: Examples<Params, Reply> {
        let reply = Reply(voluntaryId: DuesSample.gift, forCentre: true)
        return Examples(
            full: (Params(memberId: Sample.member, amountFen: 100_000, on: Sample.today, note: "自愿一次多交"), reply),
            minimal: (Params(memberId: Sample.member, amountFen: 100_000, on: Sample.today), reply))
    }
}
