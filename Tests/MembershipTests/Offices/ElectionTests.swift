import Testing
import XinglinKit
import XinglinTesting

@testable import Membership

/// BR-05 without a database.
struct ElectionTests {
    private static func rules() throws -> OfficeRules { try OfficeRules(DataOfTests.book()) }

    private static func id(_ number: Int) -> RecordID { RecordID(high: 1, low: UInt64(number)) }

    private static func election(
        due: Int, present: Int, seats: Int, votes: [Int], isCommittee: Bool = true
    ) -> Election {
        Election(
            due: due, present: present, seats: seats, isCommittee: isCommittee,
            candidates: votes.enumerated().map { Election.Candidate(member: Self.id($0.offset), votes: $0.element) })
    }

    private static func refusal(_ election: Election) throws -> Fault {
        let rules = try Self.rules()
        return try #require(throws: Fault.self) { try election.result(rules) }
    }

    @Test(
        "BR-05: an election is valid from four fifths present on",
        arguments: [
            (5, 4, true), (5, 3, false), (10, 8, true), (10, 7, false), (7, 6, true), (7, 5, false), (6, 5, true),
            (6, 4, false), (73, 59, true), (73, 58, false), (1, 1, true), (1, 0, false),
        ])
    func attendance(due: Int, present: Int, isValid: Bool) throws {
        let result = try Self.election(due: due, present: present, seats: 1, votes: [present, 0]).result(Self.rules())
        #expect(result.isValid == isValid)
        #expect((present >= result.presentRequired) == isValid)
        #expect(result.elected == (isValid && present > 0 ? [Self.id(0)] : []))
        #expect(result.vacant == (result.elected.isEmpty ? 1 : 0))
    }

    @Test(
        "BR-05: elected is who has more than half of those present; exactly half is not enough",
        arguments: [
            (10, 5, false), (10, 6, true), (9, 4, false), (9, 5, true), (4, 2, false), (4, 3, true), (1, 1, true),
        ])
    func half(present: Int, votes: Int, isElected: Bool) throws {
        let election = Self.election(due: present, present: present, seats: 1, votes: [votes, 0])
        let result = try election.result(Self.rules())
        #expect(result.elected.count == (isElected ? 1 : 0))
        #expect((votes >= result.votesRequired) == isElected)
    }

    @Test(
        "BR-05: a committee needs a fifth more candidates than seats, rounded up",
        arguments: [(3, 4), (5, 6), (7, 9), (1, 2), (4, 5), (6, 8), (10, 12), (11, 14)])
    func surplus(seats: Int, required: Int) throws {
        let rules = try Self.rules()
        #expect(rules.candidatesRequired(seats: seats, isCommittee: true) == required)
        #expect(rules.candidatesRequired(seats: seats, isCommittee: false) == seats)
        let enough = Array(repeating: 10, count: seats) + Array(repeating: 0, count: required - seats)
        let result = try Self.election(due: 12, present: 10, seats: seats, votes: enough).result(rules)
        #expect(result.elected.count == seats && result.vacant == 0)
        let refused = try Self.refusal(Self.election(due: 12, present: 10, seats: seats, votes: enough.dropLast()))
        #expect(refused.kind == OfficeFault.candidatesTooFew)
        #expect(refused.details?["required"] == .integer(Int64(required)))
    }

    @Test("BR-03, BR-05: a branch below seven full members elects its secretary directly, without a surplus")
    func direct() throws {
        let rules = try Self.rules()
        #expect(
            !rules.isCommittee(.branch, fullMembers: 6, seats: 1)
                && !rules.isCommittee(.branch, fullMembers: 6, seats: 2))
        #expect(rules.isCommittee(.branch, fullMembers: 7, seats: 1))
        #expect(rules.isCommittee(.branch, fullMembers: 6, seats: 3))
        #expect(rules.isCommittee(.committee, fullMembers: 5, seats: 1))
        let one = Self.election(due: 3, present: 3, seats: 1, votes: [2], isCommittee: false)
        #expect(try one.result(rules).elected == [Self.id(0)])
    }

    @Test("BR-05: of more than there are seats the most votes decide, and a tie at the edge needs a second ballot")
    func edge() throws {
        let rules = try Self.rules()
        let decided = try Self.election(due: 10, present: 10, seats: 3, votes: [6, 9, 7, 8]).result(rules)
        #expect(decided.elected == [Self.id(1), Self.id(3), Self.id(2)])
        // A tie above the edge takes no seat from anybody.
        let above = try Self.election(due: 10, present: 10, seats: 3, votes: [8, 8, 7, 6]).result(rules)
        #expect(above.elected.count == 3 && !above.elected.contains(Self.id(3)))
        let tied = try Self.refusal(Self.election(due: 10, present: 10, seats: 3, votes: [9, 8, 6, 6]))
        #expect(tied.kind == OfficeFault.secondBallotNeeded && tied.details?["seatsLeft"] == 1)
        #expect(tied.details?["memberIds"]?.arrayValue?.count == 2)
        // Two who have no majority are tied over nothing.
        let short = try Self.election(due: 10, present: 10, seats: 3, votes: [9, 8, 5, 5]).result(rules)
        #expect(short.elected.count == 2 && short.vacant == 1)
        // An invalid election decides nothing, so it has no tie.
        let invalid = try Self.election(due: 20, present: 10, seats: 3, votes: [9, 8, 6, 6]).result(rules)
        #expect(!invalid.isValid && invalid.elected.isEmpty && invalid.vacant == 3)
    }

    @Test("BR-05: counts that cannot be are refused with the field named")
    func impossible() throws {
        func pointer(_ election: Election) throws -> JSONValue? {
            try Self.refusal(election).details?[0]?["pointer"]
        }
        #expect(try pointer(Self.election(due: 5, present: 6, seats: 1, votes: [3, 3])) == "/present")
        #expect(try pointer(Self.election(due: 5, present: 5, seats: 1, votes: [0, 6])) == "/candidates/1/votes")
        // Five ballots with three votes each.
        #expect(try pointer(Self.election(due: 5, present: 5, seats: 3, votes: [5, 5, 5, 1])) == "/candidates")
        #expect(
            try Self.election(due: 5, present: 5, seats: 3, votes: [5, 5, 3, 2]).result(Self.rules()).elected.count == 3
        )
        let twice = Election(
            due: 5, present: 5, seats: 1, isCommittee: true,
            candidates: [.init(member: Self.id(1), votes: 3), .init(member: Self.id(1), votes: 2)])
        #expect(try pointer(twice) == "/candidates")
    }

    @Test("BR-05: by chance, whoever is elected is who an independent count elects")
    func chance() throws {
        let rules = try Self.rules()
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededGenerator(seed: seed)
        for round in 0..<3000 {
            let due = Int.random(in: 1...40, using: &random)
            let present = Int.random(in: 0...due, using: &random)
            let seats = Int.random(in: 1...7, using: &random)
            let count = seats + (seats + 4) / 5 + Int.random(in: 0...3, using: &random)
            let votes = (0..<count).map { _ in Int.random(in: 0...present, using: &random) }
            let election = Self.election(due: due, present: present, seats: seats, votes: votes)
            let note = "seed \(seed) round \(round): \(due) \(present) \(seats) \(votes)"
            let isValid = Double(present) / Double(due) >= 0.8
            let winners = votes.indices.filter { 2 * votes[$0] > present }
            // One who has fewer above than there are seats is in; one with as many at or above as seats and one more is tied.
            let sure = winners.filter { one in winners.count { votes[$0] >= votes[one] } <= seats }
            let possible = winners.filter { one in winners.count { votes[$0] > votes[one] } < seats }
            do {
                let result = try election.result(rules)
                #expect(result.isValid == isValid, "\(note)")
                #expect(Set(result.elected) == Set(isValid ? sure.map(Self.id) : []), "\(note)")
                #expect(result.vacant + result.elected.count == seats, "\(note)")
                #expect(!isValid || sure.count == possible.count, "\(note)")
            } catch {
                if error.kind == OfficeFault.secondBallotNeeded {
                    #expect(isValid && sure.count < possible.count, "\(note)")
                } else {
                    #expect(votes.reduce(0, +) > present * seats, "\(note)")
                }
            }
        }
    }
}
