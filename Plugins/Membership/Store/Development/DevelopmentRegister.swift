internal import XinglinKit

/// What a development does to the register of members.
struct DevelopmentRegister {
    let development: Developments
    let call: Call
    let act: Act

    /// The candidate becomes a probationary member from the day of the branch meeting (DV-19).
    func admit(_ progress: Progress) throws -> RecordID {
        guard let meeting = progress.day(of: DevelopmentStep.admissionVote), let organization = progress.organization
        else {
            throw DatabaseError(kind: .decoding, message: "an admission without a vote or a branch")
        }
        let id = self.call.newID()
        let fact = MemberStore.Fact(
            id: self.call.newID(), member: id, on: meeting, change: .admitted, status: .probationary,
            organization: organization)
        try self.call.db.batch([
            Statement(MemberStore.claimAsMember(self.development.person, id, self.act), .rows(1)),
            Statement(
                MemberStore.add(
                    .init(
                        id: id, person: self.development.person, joinedOn: meeting, isImported: false,
                        candidate: self.development.id), self.act), .rows(1)),
            Statement(MemberStore.record(fact, self.act), .rows(1)),
        ])
        try self.call.publish(
            DevelopmentTopic.admitted, subject: id,
            DevelopmentTopic.Admitted(
                memberId: id, candidateId: self.development.id, organizationId: organization, joinedOn: meeting))
        return id
    }

    /// The member, who is one on the day.
    /// - Throws: `membership.memberEnded`.
    func member(on day: LocalDate) throws -> RecordID {
        guard let id = try self.development.member(self.call) else {
            throw MembershipFault.memberEnded.fault(["candidateId": .string(self.development.id.description)])
        }
        _ = try Members.locked(id, on: day, self.call)
        _ = try Members.locked(id, on: self.call.today, self.call)
        return id
    }

    func assign(_ member: RecordID, to group: RecordID, on day: LocalDate) throws {
        try Members.mustFollow(member, on: day, self.call)
        try self.call.db.execute(
            MemberStore.record(
                .init(id: self.call.newID(), member: member, on: day, change: .assigned, organization: group), self.act),
            expecting: .rows(1))
    }

    /// The member is a full one from the day on which probation, or its extension, ended (DV-23).
    func convert(_ progress: Progress, on day: LocalDate) throws -> RecordID {
        guard let end = progress.probation(self.development.judge.values)?.to else {
            throw DatabaseError(kind: .decoding, message: "a conversion without a probation")
        }
        let member = try self.member(on: day)
        try self.call.db.execute(
            MemberStore.record(
                .init(id: self.call.newID(), member: member, on: end, change: .converted, status: .full), self.act),
            expecting: .rows(1))
        try self.call.publish(
            DevelopmentTopic.converted, subject: member,
            DevelopmentTopic.Converted(memberId: member, candidateId: self.development.id, standingFrom: end))
        return member
    }

    /// Probation is cancelled: the person is a member no more.
    func cancel(on day: LocalDate, reason: String) throws -> RecordID {
        let member = try self.member(on: day)
        try Members.mustFollow(member, on: day, self.call)
        try self.call.db.batch([
            Statement(
                MemberStore.record(
                    .init(
                        id: self.call.newID(), member: member, on: day, change: .ended, status: .ended,
                        how: .probationCancelled, reason: reason), self.act), .rows(1)),
            Statement(MemberStore.release(self.development.person, member, self.act), .rows(1)),
        ])
        return member
    }

    /// The person is free again.
    func release() throws {
        try self.call.db.execute(
            MemberStore.release(self.development.person, self.development.id, self.act), expecting: .rows(1))
    }

    /// Brings the register to the days of a development that was corrected: joining and conversion.
    func realign(from before: Progress, to after: Progress) throws {
        guard let member = try self.development.member(self.call),
            let (_, joinedOn, _) = try self.call.db.first(
                MemberStore.lock(member, site: self.act.site), as: (RecordID, LocalDate, RecordID?).self)
        else { return }
        let values = self.development.judge.values
        let facts = try FactChain(of: member, joinedOn: joinedOn, self.call)
        let meeting = after.day(of: DevelopmentStep.admissionVote)
        if let meeting, meeting != before.day(of: DevelopmentStep.admissionVote) {
            try self.move(facts.last(.admitted) ?? facts.last(.enrolled), of: member, to: meeting)
            try self.call.db.execute(MemberStore.moveJoining(of: member, to: meeting, self.act), expecting: .rows(1))
        }
        if after.taken[DevelopmentStep.conversion] != nil, let end = after.probation(values)?.to,
            end != before.probation(values)?.to
        {
            try self.move(facts.last(.converted), of: member, to: end)
        }
    }

    private func move(_ fact: FactChain.Fact?, of member: RecordID, to day: LocalDate) throws {
        guard let fact, fact.on != day else { return }
        try self.call.db.execute(
            MemberStore.record(
                .init(
                    id: self.call.newID(), member: member, on: day, change: fact.change, status: fact.status,
                    organization: fact.organization, reason: "development.correct", corrects: fact.id), self.act),
            expecting: .rows(1))
    }
}
