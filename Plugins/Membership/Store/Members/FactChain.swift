internal import XinglinKit

/// The facts of a member that hold, in their order, for a correction of one of them.
struct FactChain {
    struct Fact {
        let id: RecordID
        let on: LocalDate
        let change: StandingChange
        let status: MemberStatus?
        let organization: RecordID?
        let how: EndOfMembership?
    }

    private let holding: [Fact]
    private let corrected: Set<RecordID>
    private let joinedOn: LocalDate

    init(of member: RecordID, joinedOn: LocalDate, _ call: Call) throws {
        let rows = try call.db.query(
            MemberStore.facts(of: member, site: call.site.id),
            as: (
                RecordID, LocalDate, StandingChange, MemberStatus?, RecordID?, EndOfMembership?, String?, RecordID?,
                Bool,
                Timestamp, RecordID?
            ).self)
        self.corrected = Set(rows.filter { $0.10 != nil || $0.8 }.map(\.0))
        self.holding = rows.filter { $0.10 == nil && !$0.8 }.map {
            Fact(id: $0.0, on: $0.1, change: $0.2, status: $0.3, organization: $0.4, how: $0.5)
        }
        self.joinedOn = joinedOn
    }

    /// What holds, in the order of days.
    var facts: [Fact] { self.holding }

    /// A fact that holds.
    /// - Throws: `membership.factCorrected`; `host.notFound`.
    func standing(_ id: RecordID) throws(Fault) -> Fact {
        guard let fact = self.holding.first(where: { $0.id == id }) else {
            throw self.corrected.contains(id)
                ? MembershipFault.factCorrected.fault() : MembershipFault.notFound("factId", id)
        }
        return fact
    }

    /// Where the member would belong by the facts, one of them left out or replaced.
    func place(without fact: RecordID, or new: MemberStore.Fact?) -> RecordID? {
        self.holding.last { one in
            one.id == fact ? (new?.organization != nil) : one.organization != nil
        }.flatMap { $0.id == fact ? new?.organization : $0.organization }
    }

    /// Whether the member has left the site with a transfer.
    var hasLeft: Bool { self.holding.last?.how == .transferredOut }

    /// The fact by which membership has ended.
    var end: Fact? { self.holding.last { $0.status != nil }.flatMap { $0.status == .ended ? $0 : nil } }

    /// The day of the last fact.
    var lastOn: LocalDate? { self.holding.last?.on }

    /// Whether the facts end with membership, one of them left out.
    func ends(without fact: RecordID) -> Bool {
        self.holding.last { $0.id != fact && $0.status != nil }?.status == .ended
    }

    /// The last fact of a kind that holds.
    func last(_ change: StandingChange) -> Fact? { self.holding.last { $0.change == change } }

    /// Neither of two sites corrects alone what both counts hang on: a transfer, and once somebody has left with one, their status. What was
    /// taken along is corrected by the site that has the member.
    /// - Throws: `host.invalidParams`.
    func mustBeOwn(_ fact: Fact) throws(Fault) {
        let isTransfer = fact.change == .received || fact.how == .transferredOut
        guard !isTransfer, !self.hasLeft else {
            throw Fault.invalid(
                "/factId",
                expected: "no transfer, and nothing of who has left with one: the receiving site corrects it",
                zh: "组织关系转接不能更正；转出后由转入方更正"
            )
        }
    }

    /// The facts keep their order: the new day lies between those of the neighbours.
    /// - Throws: `membership.factOutOfOrder`.
    func mustFit(_ fact: Fact, on day: LocalDate) throws(Fault) {
        let place = self.holding.firstIndex { $0.id == fact.id } ?? 0
        let earliest = place > 0 ? self.holding[place - 1].on : self.joinedOn
        let latest = place + 1 < self.holding.count ? self.holding[place + 1].on : nil
        guard day >= earliest, latest.map({ day <= $0 }) ?? true else {
            throw MembershipFault.outOfOrder(from: earliest, to: latest)
        }
    }

    /// DV-19: nobody is a full member before probation has ended, but for years that had none.
    /// - Throws: `host.invalidParams`.
    func mustEndProbation(on day: LocalDate, _ call: Call) throws {
        let book = try MembershipRules.book(on: call.today, call)
        let years = Int(try book.number(RuleKey("DV-19", "probationYears")))
        let end = self.joinedOn.adding(years: years)
        guard day < end,
            try !EnrolMember.yearsWithoutProbation(book).contains(Int64(self.joinedOn.civil.year))
        else { return }
        throw Fault.invalid(
            "/on", expected: "\(end) or later: probation is \(years) year(s) from the branch meeting (DV-19)",
            zh: "不早于 \(end)：预备期自支部大会之日起 \(years) 年（DV-19）")
    }

    /// Whether a fact is the enrolment that all others follow from: none of them came by a transfer or a development.
    func isEnrolment(_ fact: Fact) -> Bool {
        fact.id == self.holding.first?.id && fact.change == .enrolled
            && self.holding.dropFirst().allSatisfy { [.converted, .assigned, .ended].contains($0.change) }
            && !self.hasLeft
    }

    /// The first fact is what the others build on, a conversion follows from a development or an enrolment, and what came by a transfer
    /// is the other site's as much.
    /// - Throws: `host.invalidParams`.
    func mustBeDispensable(_ fact: Fact) throws(Fault) {
        let isOwn =
            fact.change == .assigned || (fact.change == .ended && fact.how.map { $0 != .transferredOut } ?? false)
        guard fact.id != self.holding.first?.id, isOwn else {
            throw Fault.invalid(
                "/factId", expected: "a fact that nothing else follows from, to be void", zh: "只有编入、离开等后续记录可以作废")
        }
    }
}
