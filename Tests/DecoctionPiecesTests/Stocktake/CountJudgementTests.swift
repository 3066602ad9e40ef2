import Testing
import XinglinKit

@testable import DecoctionPieces

/// 8.2: when a count settles a lot, and who may count.
struct CountJudgementTests {
    private static let first = RecordID(high: 1, low: 1)
    private static let second = RecordID(high: 1, low: 2)

    private static func count(_ counted: Int64, _ account: RecordID, book: Int64 = 10_000) -> LotCount {
        LotCount(bookMg: book, countedMg: counted, person: account)
    }

    @Test(
        "a count within the tolerance settles a lot, its edges among it; beyond it another person counts",
        arguments: [
            (10_000, CountStatus.counted), (9900, .counted), (9899, .recount), (10_100, .counted), (10_101, .recount),
            (0, .recount),
        ] as [(Int64, CountStatus)])
    func tolerance(counted: Int64, status: CountStatus) {
        let judgement = CountJudgement(needsTwoPersons: false, toleranceBasisPoints: 100)
        #expect(judgement.status(of: [Self.count(counted, Self.first)]) == status)
        #expect(judgement.mayCount(Self.first, after: [Self.count(counted, Self.first)]) == (status == .counted))
        #expect(judgement.mayCount(Self.second, after: [Self.count(counted, Self.first)]))
    }

    @Test("what the ledger has nothing of, and somebody finds, is counted again")
    func foundOutOfNothing() {
        let judgement = CountJudgement(needsTwoPersons: false, toleranceBasisPoints: 100)
        #expect(judgement.status(of: [Self.count(1, Self.first, book: 0)]) == .recount)
        #expect(judgement.status(of: [Self.count(0, Self.first, book: 0)]) == .counted)
    }

    @Test("two that agree settle it, whatever they found; two that do not leave it open to a third count")
    func agreement() {
        let judgement = CountJudgement(needsTwoPersons: false, toleranceBasisPoints: 100)
        let (low, near, far) = (
            Self.count(5000, Self.first), Self.count(5100, Self.second), Self.count(9000, Self.second)
        )
        #expect(judgement.status(of: [low, near]) == .counted)
        #expect(judgement.status(of: [low, far]) == .recount)
        #expect(judgement.status(of: [low, far, Self.count(8950, Self.first)]) == .counted)
        #expect(!judgement.mayCount(Self.second, after: [low, far]))
    }

    @Test("what was moved between two counts changes neither's difference")
    func movedMeanwhile() {
        let judgement = CountJudgement(needsTwoPersons: false, toleranceBasisPoints: 100)
        let counts = [Self.count(9000, Self.first), Self.count(1000, Self.second, book: 2000)]
        #expect(judgement.status(of: counts) == .counted)
    }

    @Test("pieces that two persons answer for are counted by two, even where the first finds nothing wrong")
    func twoPersons() {
        let judgement = CountJudgement(needsTwoPersons: true, toleranceBasisPoints: 20)
        let right = Self.count(10_000, Self.first)
        #expect(judgement.status(of: [right]) == .recount)
        #expect(judgement.status(of: [right, Self.count(10_000, Self.first)]) == .recount)
        #expect(judgement.status(of: [right, Self.count(10_020, Self.second)]) == .counted)
        #expect(judgement.status(of: [right, Self.count(10_021, Self.second)]) == .recount)
    }

    @Test("8.2: a loss is above its limit from one fen on; without anything issued or left there is no rate (D0)")
    func losses() {
        func group(_ loss: Int64, _ base: Int64) -> LossGroup {
            LossGroup(volatile: false, lossFen: loss, baseFen: base, limitBasisPoints: 100)
        }
        #expect(!group(100, 10_000).isAboveLimit && group(100, 10_000).lossBasisPoints == 100)
        #expect(group(101, 10_000).isAboveLimit)
        #expect(!group(0, 0).isAboveLimit && group(0, 0).lossBasisPoints == nil)
        #expect(group(1, 0).isAboveLimit)
    }
}
