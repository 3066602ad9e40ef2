internal import XinglinKit

/// The counts of an election, and who is elected by them (BR-05).
struct Election: Sendable {
    struct Candidate: Sendable {
        let member: RecordID
        let votes: Int
    }

    struct Result: Sendable, Equatable {
        let isValid: Bool
        /// How many had to be present.
        let presentRequired: Int
        /// How many votes elect.
        let votesRequired: Int
        let candidatesRequired: Int
        /// By votes, the most first.
        let elected: [RecordID]
        let vacant: Int
    }

    let due: Int
    let present: Int
    let seats: Int
    let isCommittee: Bool
    let candidates: [Candidate]

    /// An election where too few came elects nobody; where more have over half than there are seats, the most votes decide.
    /// - Throws: `host.invalidParams` for counts that cannot be; `membership.candidatesTooFew`; `membership.secondBallotNeeded`.
    func result(_ rules: OfficeRules) throws(Fault) -> Result {
        try self.mustBePossible()
        let candidatesRequired = rules.candidatesRequired(seats: self.seats, isCommittee: self.isCommittee)
        guard self.candidates.count >= candidatesRequired else {
            throw OfficeFault.candidatesTooFew.fault([
                "rule": "BR-05", "candidates": .integer(Int64(self.candidates.count)),
                "required": .integer(Int64(candidatesRequired)),
            ])
        }
        let isValid = self.present * 100 >= self.due * rules.attendancePercent
        let winners = self.candidates.filter { $0.votes * 100 > self.present * rules.electedOverPercent }.sorted {
            ($1.votes, $0.member) < ($0.votes, $1.member)
        }
        if isValid { try self.mustBeDecided(winners) }
        let elected = isValid ? winners.prefix(self.seats).map(\.member) : []
        return Result(
            isValid: isValid, presentRequired: (self.due * rules.attendancePercent + 99) / 100,
            votesRequired: self.present * rules.electedOverPercent / 100 + 1, candidatesRequired: candidatesRequired,
            elected: elected, vacant: self.seats - elected.count)
    }

    private func mustBePossible() throws(Fault) {
        guard self.present <= self.due else {
            throw Fault.invalid("/present", expected: "at most due", zh: "不多于应到会人数")
        }
        for (place, candidate) in self.candidates.enumerated() where candidate.votes > self.present {
            throw Fault.invalid(
                "/candidates/\(place)/votes", expected: "at most present: one ballot each (BR-05)",
                zh: "不多于实到会人数（BR-05）")
        }
        guard Set(self.candidates.map(\.member)).count == self.candidates.count else {
            throw Fault.invalid("/candidates", expected: "each member once", zh: "每名候选人只列一次")
        }
        guard self.candidates.reduce(0, { $0 + $1.votes }) <= self.present * self.seats else {
            throw Fault.invalid(
                "/candidates", expected: "no more votes than present × seats (BR-05)", zh: "得票总数不多于实到会人数×应选名额（BR-05）")
        }
    }

    /// Whoever has as many votes as the last one elected and gets no seat has lost to nobody.
    private func mustBeDecided(_ winners: [Candidate]) throws(Fault) {
        guard winners.count > self.seats, winners[self.seats - 1].votes == winners[self.seats].votes else { return }
        let edge = winners[self.seats].votes
        throw OfficeFault.secondBallotNeeded.fault([
            "rule": "BR-05", "votes": .integer(Int64(edge)),
            "memberIds": .array(winners.filter { $0.votes == edge }.map { .string($0.member.description) }),
            "seatsLeft": .integer(Int64(self.seats - winners.filter { $0.votes > edge }.count)),
        ])
    }
}
