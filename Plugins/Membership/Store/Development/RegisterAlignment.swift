internal import XinglinKit

/// Brings the register of members to a development that was corrected: claim, joining, conversion, group, mentors. What the correction does
/// not touch stays as it is, whoever recorded it.
struct RegisterAlignment {
    let development: Developments
    let call: Call
    let act: Act
    let reason: String

    private var register: DevelopmentRegister {
        DevelopmentRegister(development: self.development, call: self.call, act: self.act)
    }

    /// - Throws: `membership.stepRefused` where more was recorded of a member who would be none; `membership.factOutOfOrder`;
    ///   `membership.personClaimed` where the person is somewhere else by now.
    func follow(from before: Progress, to after: Progress) throws {
        let values = self.development.judge.values
        let member = try self.development.member(self.call)
        let chain = try member.map { try self.chain(of: $0) }
        let founded = try self.founded(chain)
        let was = RegisterEntry(before, values, founded: founded)
        let now = RegisterEntry(after, values, founded: founded)
        switch (was, now) {
        case (nil, .some): try self.admit(after)
        case (.some, nil): if let member, let chain { try self.revoke(member, chain, after) }
        case (let was?, let now?):
            guard let member, let chain else { break }
            try self.align(member, chain, from: was, to: now)
            try self.regroup(member, chain, from: before, to: after)
            try self.reopen(member, chain, from: before, to: after)
        case (nil, nil): try self.reopenCandidate(from: before, to: after)
        }
        try self.pairMentors(from: before, to: after)
    }

    private func chain(of member: RecordID) throws -> FactChain {
        let locked = try self.call.db.first(
            MemberStore.lock(member, site: self.act.site), as: (RecordID, LocalDate, RecordID?).self)
        return try FactChain(of: member, joinedOn: locked?.1 ?? self.call.today, self.call)
    }

    /// The day on which the organisation was founded that the register begins with.
    private func founded(_ chain: FactChain?) throws -> LocalDate? {
        guard let id = chain?.facts.first?.organization else { return nil }
        return try Organizations.decode(self.call.db.rows(OrganizationStore.latest(id))).first?.foundedOn
    }

    /// The committee has approved after all.
    private func admit(_ after: Progress) throws {
        try self.claim(.candidate, self.development.id)
        _ = try self.register.admit(after)
    }

    /// The committee has not approved after all: nothing of the member holds any more.
    private func revoke(_ member: RecordID, _ chain: FactChain, _ after: Progress) throws {
        guard chain.facts.count == 1, let first = chain.facts.first else {
            var finding = Finding(
                "DV-17", zh: "登记册中已有此党员的其他记录；请先用 membership.member.correct 作废（membership.member.get 可查）",
                en:
                    "The register has other facts of the member; make them void first with membership.member.correct (membership.member.get lists them)",
                who: .branch)
            finding.clause = self.development.judge.table[DevelopmentStep.admission]?.source ?? ""
            throw DevelopmentFault.refused([finding])
        }
        try self.replace(first, of: member, isVoid: true)
        try self.call.db.execute(
            MemberStore.release(self.development.person, member, self.act), expecting: .rows(1))
        if after.closing == nil { try self.claim(.candidate, self.development.id) }
    }

    private func align(
        _ member: RecordID, _ chain: FactChain, from was: RegisterEntry, to now: RegisterEntry
    ) throws {
        guard was != now else { return }
        let converted = chain.last(.converted)
        if was.first != now.first, let first = chain.last(.admitted) ?? chain.last(.enrolled) {
            let next = chain.facts.filter { $0.id != first.id && $0.id != converted?.id }.map(\.on).min()
            if let next, now.first.on > next { throw MembershipFault.outOfOrder(from: nil, to: next) }
            try self.replace(
                first, of: member, on: now.first.on, status: now.first.status, fullSince: now.first.fullSince)
        }
        if was.joinedOn != now.joinedOn {
            try self.call.db.execute(
                MemberStore.moveJoining(of: member, to: now.joinedOn, self.act), expecting: .rows(1))
        }
        guard was.convertedOn != now.convertedOn else { return }
        if let day = now.convertedOn, let end = chain.last(.ended)?.on, day > end {
            throw MembershipFault.outOfOrder(from: nil, to: end)
        }
        if let converted {
            try self.replace(
                converted, of: member, on: now.convertedOn ?? converted.on, isVoid: now.convertedOn == nil)
        } else if let day = now.convertedOn {
            try self.call.db.execute(
                MemberStore.record(
                    .init(
                        id: self.call.newID(), member: member, on: day, change: .converted, status: .full,
                        reason: self.reason), self.act), expecting: .rows(1))
        }
    }

    /// The group of step 19 follows its day, or is none.
    private func regroup(_ member: RecordID, _ chain: FactChain, from before: Progress, to after: Progress) throws {
        guard let was = before.taken[19], was.organization != nil, was.id != after.taken[19]?.id,
            let fact = chain.facts.last(where: {
                $0.change == .assigned && $0.on == was.on && $0.organization == was.organization
            })
        else { return }
        let day = after.day(of: 19)
        if let day, day != fact.on {
            try chain.mustFit(fact, on: day)
            try self.replace(fact, of: member, on: day)
        } else if day == nil {
            try self.replace(fact, of: member, isVoid: true)
        }
    }

    /// A cancellation of probation was none: the person is a member again.
    private func reopen(_ member: RecordID, _ chain: FactChain, from before: Progress, to after: Progress) throws {
        guard before.closing?.kind == .cancelled, after.closing == nil,
            let end = chain.facts.last(where: { $0.how == .probationCancelled })
        else { return }
        try self.replace(end, of: member, isVoid: true)
        try self.claim(.member, member)
    }

    /// A refusal or a withdrawal was none: the person is on the way again.
    private func reopenCandidate(from before: Progress, to after: Progress) throws {
        guard before.closing != nil, after.closing == nil else { return }
        try self.claim(.candidate, self.development.id)
    }

    private func claim(_ kind: ClaimKind, _ record: RecordID) throws {
        try Members.mustBeFree(self.development.person, self.call)
        try self.call.db.execute(
            MemberStore.claim(self.development.person, as: kind, record, self.act), expecting: .rows(1))
    }

    /// The pairs that step 5 made follow its mentors and its day. A pair that was none ends on the day it began.
    private func pairMentors(from before: Progress, to after: Progress) throws {
        let (was, now) = (before.taken[5], after.taken[5])
        guard let was, was.id != now?.id, !was.isImported else { return }
        let mentors = now?.facts.ids("mentors") ?? []
        let made = try self.call.db.query(
            MentorStore.open(of: self.development.id, site: self.act.site), as: (RecordID, RecordID, LocalDate).self
        ).filter { $0.2 == was.on && was.facts.ids("mentors").contains($0.1) }
        let wrong = made.filter { !mentors.contains($0.1) || $0.2 != now?.on }.map(\.0)
        if !wrong.isEmpty {
            try self.call.db.execute(
                OfficeStore.end(wrong, .mentorPair, on: was.on, reason: self.reason, self.act),
                expecting: .rows(wrong.count))
        }
        if let now { try self.register.pair(mentors, from: now.on) }
    }

    private func replace(
        _ fact: FactChain.Fact, of member: RecordID, on day: LocalDate? = nil, status: MemberStatus? = nil,
        fullSince: LocalDate? = nil, isVoid: Bool = false
    ) throws {
        try self.call.db.execute(
            MemberStore.record(
                .init(
                    id: self.call.newID(), member: member, on: day ?? fact.on, change: fact.change,
                    status: status ?? fact.status, organization: fact.organization, how: fact.how,
                    fullSince: fullSince, reason: self.reason, corrects: fact.id, isVoid: isVoid), self.act),
            expecting: .rows(1))
    }
}
