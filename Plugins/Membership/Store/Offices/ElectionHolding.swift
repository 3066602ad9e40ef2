internal import XinglinKit

/// An election on its way into the record. The organisation is locked.
struct ElectionHolding {
    private let params: ElectCommittee.Params
    private let organization: PartyOrganization
    private let tree: OfficeTree
    private let rules: OfficeRules
    private let call: Call

    private typealias Held = (
        id: RecordID, term: RecordID, on: LocalDate, seats: Int, elected: Int, endsOn: LocalDate?,
        putOffUntil: LocalDate?
    )

    init(_ params: ElectCommittee.Params, _ organization: PartyOrganization, _ call: Call) throws {
        self.params = params
        self.organization = organization
        self.call = call
        self.rules = try OfficeRules.today(call)
        self.tree = try OfficeTree(organization.id, on: params.on, call)
    }

    /// Judges and records it.
    func record() throws -> ElectionStore.New {
        let (corrected, before) = try self.history()
        let timing = before?.timing(on: self.params.on, self.rules) ?? .first
        if let before, timing == .early || timing == .late, self.params.approvedBy == nil {
            var details: [String: JSONValue] = ["rule": "BR-04", "termEndsOn": .string(before.endsOn.description)]
            if timing == .early {
                details["earliestOn"] = .string(before.endsOn.adding(months: -self.rules.remindMonths).description)
            }
            throw OfficeFault.approvalNeeded.fault(.object(details))
        }
        try Offices.mustBeEligible(self.params.candidates.map(\.memberId), in: self.tree, self.call)
        let counts = Election(
            due: self.params.due, present: self.params.present, seats: self.params.seats,
            isCommittee: self.rules.isCommittee(
                self.organization.kind, fullMembers: self.tree.full, seats: self.params.seats),
            candidates: self.params.candidates.map { Election.Candidate(member: $0.memberId, votes: $0.votes) })
        let result = try counts.result(self.rules)
        let posts = try self.posts(result)
        let spans = try self.spans(posts, corrected, before)
        let id = self.call.newID()
        let isVillage = self.params.village ?? false
        let new = ElectionStore.New(
            id: id, term: corrected?.term ?? id, organization: self.organization.id, on: self.params.on, counts: counts,
            isVillage: isVillage, result: result,
            endsOn: result.elected.isEmpty
                ? nil : self.rules.termEnd(self.params.on, self.organization.kind, isVillage: isVillage),
            timing: timing, wasDueOn: before?.dueOn, ruleVersion: self.rules.electionVersion,
            paper: try Offices.paper(self.params.approvedBy, at: "/approvedBy", record: id, self.call),
            corrects: self.params.corrects, reason: PlainText.trimmed(self.params.reason ?? ""))
        try self.write(new, posts, spans)
        return new
    }

    /// The posts as they stand beside what was recorded since.
    private func spans(
        _ posts: [OfficeStore.NewOffice], _ corrected: Held?, _ before: Term?
    ) throws -> [PostSpan] {
        let sequel = ElectionSequel(
            correcting: corrected?.id,
            term: try corrected.map { try Offices.spans(self.organization, term: $0.term, self.call) } ?? [],
            before: try Offices.spans(self.organization, term: before?.id, self.call))
        try sequel.mustKeep(self.params.on, electsAnybody: !posts.isEmpty)
        return try posts.map { try sequel.span($0, from: self.params.on) }
    }

    private func write(_ new: ElectionStore.New, _ posts: [OfficeStore.NewOffice], _ spans: [PostSpan]) throws {
        let act = try Act(self.call)
        let giving = OfficeStore.Giving(organization: new.organization, term: new.term, election: new.id, on: new.on)
        try self.call.db.batch([
            Statement(ElectionStore.add(new, act), .rows(1)),
            Statement(
                ElectionStore.addBallots(new.id, new.counts, elected: new.result.elected, act),
                .rows(new.counts.candidates.count)),
            Statement(OfficeStore.give(posts, giving, act), .rows(posts.count)),
        ])
        // Who has left since is not brought back.
        for span in spans {
            guard let until = span.until else { continue }
            try self.call.db.execute(
                OfficeStore.end([span.id], .office, on: until, reason: span.reason, act), expecting: .rows(1))
        }
    }

    /// What of the organisation is not as the rules have it with whoever is in office now, and where those entitled are not as many as the
    /// register has full members (some may be counted out; delegates elect a committee).
    func warnings() throws -> [OrganizationWarning] {
        let now = try OfficeTree(self.organization.id, on: self.params.on, self.call)
        var found = try now.warnings(self.rules, rootAlone: true, self.call)
        if self.organization.kind == .branch && self.params.due != now.full {
            found.append(
                OrganizationWarning(
                    rule: "BR-05", organizationId: self.organization.id, nameZh: self.organization.nameZh,
                    textZh: "应到会人数与在册正式党员人数不一致，请核对",
                    textEn: "Those entitled are not as many as the register has full members",
                    figure: self.params.due, limit: now.full))
        }
        return found
    }

    /// The election that is corrected, and the term before.
    /// - Throws: `membership.electionOutOfOrder`; `membership.factCorrected`; `host.notFound`.
    private func history() throws -> (corrected: Held?, before: Term?) {
        var held: [Held] = try self.call.db.query(
            ElectionStore.holding(self.organization.id, site: self.organization.keptAt),
            as: (RecordID, RecordID, LocalDate, Int, Int, LocalDate?, LocalDate?).self
        ).map { ($0.0, $0.1, $0.2, $0.3, $0.4, $0.5, $0.6) }
        var corrected: Held?
        if let id = self.params.corrects {
            guard let place = held.firstIndex(where: { $0.id == id }) else {
                throw MembershipFault.notFound("corrects", id)
            }
            corrected = held.remove(at: place)
        }
        let last = held.first { $0.elected > 0 }
        if let last, self.params.on <= last.on {
            throw OfficeFault.electionOutOfOrder.fault([
                "electedOn": .string(last.on.description), "earliestOn": .string(last.on.adding(days: 1).description),
            ])
        }
        // Elections that came after build on the one that is corrected.
        if let corrected, let last, last.on > corrected.on {
            throw OfficeFault.electionOutOfOrder.fault(["electedOn": .string(last.on.description)])
        }
        let before = last.flatMap { one in
            one.endsOn.map {
                Term(
                    id: one.term, election: one.id, electedOn: one.on, seats: one.seats, elected: one.elected,
                    endsOn: $0,
                    putOffUntil: one.putOffUntil)
            }
        }
        return (corrected, before)
    }

    /// The posts of those elected: as told, a member's else, and the secretary's where there is one seat.
    /// - Throws: `membership.postUnfit` for somebody who is not elected, a post twice, or a second secretary.
    private func posts(_ result: Election.Result) throws(Fault) -> [OfficeStore.NewOffice] {
        guard result.isValid else { return [] }
        var given: [OfficeStore.NewOffice] = []
        for (place, told) in (self.params.posts ?? []).enumerated() {
            let isTaken = given.contains {
                $0.post == told.post && (told.post == .secretary || $0.member == told.memberId)
            }
            guard result.elected.contains(told.memberId), !isTaken else {
                throw OfficeFault.postUnfit.fault([
                    "pointer": .string("/posts/\(place)"), "post": .string(told.post.rawValue),
                    "memberId": .string(told.memberId.description),
                    "elected": .array(result.elected.map { .string($0.description) }),
                ])
            }
            given.append(OfficeStore.NewOffice(id: self.call.newID(), member: told.memberId, post: told.post))
        }
        for member in result.elected where !given.contains(where: { $0.member == member }) {
            let post: OfficePost = self.params.seats == 1 ? .secretary : .member
            given.append(OfficeStore.NewOffice(id: self.call.newID(), member: member, post: post))
        }
        return given
    }
}
