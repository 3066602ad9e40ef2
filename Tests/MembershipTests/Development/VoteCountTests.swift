import Testing
import XinglinKit

@testable import Membership

struct VoteCountTests {
    @Test(
        "for 3 to 60 members due, every count of present, ballots and written opinions comes out as counted on fingers")
    func table() throws {
        for due in 3...60 {
            for present in 0...due {
                for ballots in 0...present {
                    for written in 0...(due - present) {
                        let count = VoteCount(
                            due: due, present: present, writtenInFavour: written, inFavour: ballots, recused: 0)
                        let outcome = count.outcome(attendanceOver: 50, inFavourOver: 50)
                        // Those who came, one for one, against those who did not; and those in favour against all others.
                        let isValid = present > due - present
                        let isPassed = isValid && ballots + written > due - ballots - written
                        guard outcome.isValid == isValid, outcome.isPassed == isPassed else {
                            Issue.record("E=\(due) A=\(present) Y=\(ballots) W=\(written): \(outcome)")
                            return
                        }
                    }
                }
            }
        }
    }

    @Test("the examples of the rule", arguments: [(16, 9, 9), (15, 8, 8), (7, 4, 4), (3, 2, 2)])
    func examples(due: Int, present: Int, inFavour: Int) {
        let outcome = VoteCount(due: due, present: present, writtenInFavour: 0, inFavour: inFavour, recused: 0)
            .outcome(attendanceOver: 50, inFavourOver: 50)
        #expect(outcome.presentRequired == present && outcome.inFavourRequired == inFavour && outcome.isPassed)
        let fewer = VoteCount(due: due, present: present - 1, writtenInFavour: 0, inFavour: 0, recused: 0)
        #expect(!fewer.outcome(attendanceOver: 50, inFavourOver: 50).isValid)
    }

    @Test("many written opinions make no meeting valid, and the recused stay among those due")
    func writtenAndRecused() throws {
        let absent = VoteCount(due: 10, present: 5, writtenInFavour: 5, inFavour: 5, recused: 0)
        #expect(!absent.outcome(attendanceOver: 50, inFavourOver: 50).isPassed)
        let recused = VoteCount(due: 4, present: 4, writtenInFavour: 0, inFavour: 2, recused: 2)
        try recused.check()
        #expect(!recused.outcome(attendanceOver: 50, inFavourOver: 50).isPassed)
    }

    @Test(
        "a number that cannot be is refused with its field",
        arguments: [
            ("/due", 0, 0, 0, 0, 0), ("/present", 5, 6, 0, 0, 0), ("/present", 5, -1, 0, 0, 0),
            ("/recused", 5, 3, 0, 0, 4),
            ("/inFavour", 5, 3, 0, 4, 0), ("/inFavour", 5, 3, 0, 3, 1), ("/writtenInFavour", 5, 3, 3, 3, 0),
        ])
    func impossible(field: String, due: Int, present: Int, written: Int, inFavour: Int, recused: Int) {
        let count = VoteCount(
            due: due, present: present, writtenInFavour: written, inFavour: inFavour, recused: recused)
        let fault = #expect(throws: Fault.self) { try count.check() }
        #expect(fault?.details?[0]?["pointer"] == .string(field))
    }
}
