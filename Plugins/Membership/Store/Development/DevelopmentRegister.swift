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

    /// The mentors that a step names stand among the pairs, as far as they are members here: nobody enters them twice.
    func pair(_ mentors: [RecordID], from day: LocalDate) throws {
        let here = try Members.standings(mentors, on: day, self.call).filter { $0.value.site == self.act.site }
        for mentor in here.keys.sorted() {
            let pair = MentorStore.New(
                id: self.call.newID(), mentor: mentor, mentee: nil, candidate: self.development.id, from: day)
            let standing = try self.call.db.query(
                MentorStore.standing(pair, site: self.act.site), as: (RecordID, RecordID).self)
            guard !standing.contains(where: { $0.1 == mentor }) else { continue }
            try self.call.db.execute(MentorStore.add(pair, self.act), expecting: .rows(1))
        }
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
}
