internal import XinglinKit

/// An enrolment that was none: the wrong person, or somebody whom the register had twice. The rows stay, and count on no day.
struct Annulment {
    let member: RecordID
    let chain: FactChain
    let call: Call

    /// What must be put right first: money was reckoned for the member, they stood or were appointed, came by a development, or a transfer names them.
    static func uses(of member: RecordID, site: RecordID) -> SQL {
        """
        SELECT 'dues' WHERE EXISTS (
                SELECT FROM membership.dues_line AS line
                WHERE line.site_id = \(site) AND line.member_id = \(member) AND NOT line.is_void
                    AND \(literal: DuesLineStore.isLast))
            OR EXISTS (
                SELECT FROM membership.dues_payment AS payment
                WHERE payment.site_id = \(site) AND payment.member_id = \(member) AND NOT EXISTS (
                    SELECT FROM membership.dues_reversal AS reversal
                    WHERE reversal.site_id = payment.site_id AND reversal.record_id = payment.payment_id))
            OR EXISTS (
                SELECT FROM membership.voluntary_payment AS gift
                WHERE gift.site_id = \(site) AND gift.member_id = \(member) AND NOT EXISTS (
                    SELECT FROM membership.dues_reversal AS reversal
                    WHERE reversal.site_id = gift.site_id AND reversal.record_id IN (gift.voluntary_id, gift.payment_id)))
        UNION ALL
        SELECT 'offices' WHERE EXISTS (
                SELECT FROM membership.office AS one WHERE one.site_id = \(site) AND one.member_id = \(member))
            OR EXISTS (SELECT FROM membership.ballot AS one WHERE one.site_id = \(site) AND one.member_id = \(member))
        UNION ALL
        SELECT 'development' WHERE EXISTS (
            SELECT FROM membership.member AS one
            WHERE one.site_id = \(site) AND one.member_id = \(member) AND one.candidate_id IS NOT NULL)
        UNION ALL
        SELECT 'transfers' WHERE EXISTS (
            SELECT FROM membership.transfer AS one WHERE one.member_id = \(member))
        """
    }

    /// Makes every fact of the member void, and the person free for another record.
    /// - Returns: the row that takes the place of the named fact.
    /// - Throws: `membership.memberInUse`.
    func write(instead old: FactChain.Fact, person: RecordID, reason: String) throws -> RecordID {
        let act = try Act(self.call)
        let uses = try self.call.db.query(Self.uses(of: self.member, site: act.site), as: String.self)
        guard uses.isEmpty else {
            throw MembershipFault.memberInUse.fault(["uses": .array(uses.map { .string($0) })])
        }
        var taking = old.id
        for fact in self.chain.facts.reversed() {
            let void = MemberStore.Fact(
                id: self.call.newID(), member: self.member, on: fact.on, change: fact.change, status: fact.status,
                organization: fact.organization, how: fact.how, reason: reason, corrects: fact.id, isVoid: true)
            try self.call.db.execute(MemberStore.record(void, act), expecting: .rows(1))
            if fact.id == old.id { taking = void.id }
        }
        if self.chain.end == nil {
            try self.call.db.execute(MemberStore.release(person, self.member, act), expecting: .rows(1))
        }
        return taking
    }
}
