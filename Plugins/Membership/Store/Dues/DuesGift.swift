internal import XinglinKit

/// Books what a member gives beyond the dues, in the voluntary ledger.
enum DuesGift {
    /// What was booked.
    struct Booked {
        let id: RecordID
        /// One payment of DUES centralFen or more goes to the centre in full.
        let isForCentre: Bool
    }

    /// - Throws: `membership.memberEnded` for a day before the member came.
    static func book(
        _ amountFen: Int64, of member: RecordID, on day: LocalDate, payment: RecordID?, note: String, _ call: Call
    ) throws -> Booked {
        let book = try MembershipRules.book(on: day, call)
        let gift = DuesPaymentStore.Voluntary(
            id: call.newID(), member: member, organization: try DuesMembers.organization(of: member, on: day, call), on: day,
            amountFen: amountFen, isForCentre: amountFen >= (try book.number(DuesRules.key("centralFen"))), payment: payment,
            note: note, ruleVersion: book.version(of: DuesRules.id) ?? "")
        try call.db.execute(DuesPaymentStore.add(gift, Act(call)), expecting: .rows(1))
        return Booked(id: gift.id, isForCentre: gift.isForCentre)
    }
}
