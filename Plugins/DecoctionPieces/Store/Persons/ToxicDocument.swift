internal import XinglinKit

/// A document with which toxic or narcotic pieces leave without a prescription: it takes two persons (8.4).
struct ToxicDocument {
    let id: RecordID
    let kind: MovementKind
    let act: LotStore.Act
    let call: Call

    /// The member of a call's params that names the second person at once.
    static let field = Schema.Field.optional(
        "confirmedByStaffId", .id,
        "The second person, where toxic or narcotic pieces leave; without it the document awaits decoction.toxic.confirm."
    )

    /// To be sent behind what moves the pieces; its row says that the document takes two persons.
    var note: Statement {
        get throws { Statement(ToxicDocumentStore.note(self.id, self.kind, by: try Signing.own(self.call), self.act)) }
    }

    /// Keeps the second person whom the caller has named.
    /// - Parameter noted: the rows of `note`.
    /// - Throws: `decoction.staffNotEntitled` where the caller is not known, or the other is the same person or has not the title.
    func confirm(by second: RecordID?, noted: Rows) throws {
        guard !noted.isEmpty, let second else { return }
        let rules = try PharmacyRules.book(
            self.call.db.rows(PharmacyRules.table.valid(on: self.call.today, site: self.act.site)))
        try PharmacyStaff(call: self.call).checkTwoPersons(second, rules)
        try self.call.db.execute(
            ToxicDocumentStore.confirm(
                self.id, by: second, isOwnAccount: false,
                ruleVersion: rules.version(of: RuleKey.toxicPersons.rule) ?? "", self.act), expecting: .rows(1))
    }

    /// The statements, for the conformance suite.
    static var samples: [SQL] {
        let id = RecordID(high: 0, low: 0)
        let act = LotStore.Act(site: id, account: id, now: Timestamp(microseconds: 0))
        return [
            ToxicDocumentStore.note(id, .issue, by: nil, act), ToxicDocumentStore.maker(of: id, site: id),
            ToxicDocumentStore.confirm(id, by: nil, isOwnAccount: true, ruleVersion: "", act),
            ToxicDocumentStore.open(
                bookedBefore: act.now.localDate, site: id, after: ToxicDocumentStore.start, limit: 1),
            ActorStore.acceptances(of: id, site: id), ActorStore.condemnations(of: id, site: id),
            ActorStore.signatures(of: id, site: id),
        ]
    }
}
