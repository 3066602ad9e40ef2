import Testing
import XinglinKit

@testable import DecoctionPieces

/// The refusal of a document, put together without a database.
struct IssueDocumentTests {
    private static let lotA = RecordID(high: 1, low: 1)
    private static let lotB = RecordID(high: 1, low: 2)
    private static let today = Pharmacy.now.localDate

    private static func lot(
        _ piece: String = "A", _ state: LotState = .accepted, expiresIn days: Int = 9, onHand: Int64 = 0
    ) -> IssueRefusal.Lot {
        .init(pieceCode: piece, state: state, expiresOn: Self.today.adding(days: days), onHandMg: onHand)
    }

    @Test("lines are taken by piece, within a piece the ones that name a lot first, and answered in their own order")
    func order() {
        let document = IssueDocument([
            IssueLine(pieceCode: "B", quantityMg: 1), IssueLine(pieceCode: "A", quantityMg: 2),
            IssueLine(pieceCode: "B", quantityMg: 3, lotId: Self.lotB), IssueLine(pieceCode: "A", quantityMg: 4),
        ])
        #expect(document.entries.map(\.number) == [2, 4, 3, 1])
        #expect(document.pieceCodes == ["A", "B"])
        #expect(document.namedLots == [Self.lotB])
        let taken = document.entries.map {
            [Move(lotId: Self.lotA, pieceCode: $0.line.pieceCode, quantityMg: $0.line.quantityMg)]
        }
        #expect(document.inRequestOrder(taken).map(\.quantityMg) == [1, 2, 3, 4])
        #expect(document.shortEntries(taken).isEmpty)
        #expect(document.shortEntries([[], taken[1], taken[2], taken[3]]).map(\.number) == [2])
    }

    @Test("a shortage adds up all lines of a piece, against what was there before the document")
    func shortage() {
        let document = IssueDocument([
            IssueLine(pieceCode: "A", quantityMg: 60), IssueLine(pieceCode: "A", quantityMg: 60),
        ])
        let taken = [
            [Move(lotId: Self.lotA, pieceCode: "A", quantityMg: 60)],
            [Move(lotId: Self.lotA, pieceCode: "A", quantityMg: 40)],
        ]
        let fault = IssueRefusal(
            document: document, taken: taken, knownCodes: ["A"], lots: [:],
            stock: ["A": .init(availableMg: 0, quarantinedMg: 7, expiredMg: 8)], today: Self.today
        ).fault
        #expect(fault.kind == DecoctionFault.insufficientStock)
        #expect(
            fault.details == [
                ["pieceCode": "A", "requestedMg": 120, "availableMg": 100, "quarantinedMg": 7, "expiredMg": 8]
            ])
        #expect(!fault.retryable)
    }

    @Test("a shortage that a delivery has covered meanwhile may simply be sent again")
    func coveredMeanwhile() {
        let fault = IssueRefusal(
            document: IssueDocument([IssueLine(pieceCode: "A", quantityMg: 60)]), taken: [[]], knownCodes: ["A"],
            lots: [:],
            stock: ["A": .init(availableMg: 60)], today: Self.today
        ).fault
        #expect(fault.kind == DecoctionFault.insufficientStock)
        #expect(fault.retryable)
    }

    @Test("a named lot is refused for what it is", arguments: 0..<5)
    func namedLots(number: Int) {
        let (lot, kind): (IssueRefusal.Lot?, FaultKind) =
            [
                (nil, HostFault.notFound), (Self.lot("B"), DecoctionFault.lotPieceMismatch),
                (Self.lot("A", .quarantined), DecoctionFault.lotNotAccepted),
                (Self.lot("A", .accepted, expiresIn: -1), DecoctionFault.lotExpired),
                (Self.lot("A", .accepted, expiresIn: 0, onHand: 59), DecoctionFault.insufficientStock),
            ][number]
        let fault = IssueRefusal(
            document: IssueDocument([IssueLine(pieceCode: "A", quantityMg: 60, lotId: Self.lotA)]), taken: [[]],
            knownCodes: ["A"], lots: lot.map { [Self.lotA: $0] } ?? [:], stock: ["A": .init(availableMg: 1000)],
            today: Self.today
        ).fault
        #expect(fault.kind == kind)
        if number == 4 {
            #expect(fault.details?[0]?["availableMg"] == 59)
            #expect(fault.details?[0]?["lotId"] == .string(Self.lotA.description))
        } else {
            #expect(fault.details?["lotId"] == .string(Self.lotA.description))
        }
    }

    @Test("unknown pieces are named all at once, before anything else")
    func unknownPieces() {
        let document = IssueDocument([
            IssueLine(pieceCode: "Z", quantityMg: 1), IssueLine(pieceCode: "A", quantityMg: 1),
            IssueLine(pieceCode: "X", quantityMg: 1, lotId: Self.lotA),
        ])
        let fault = IssueRefusal(
            document: document, taken: [[], [], []], knownCodes: ["A"], lots: [:], stock: [:], today: Self.today
        ).fault
        #expect(fault == DecoctionFault.unknown(["X", "Z"]))
        #expect(fault.details == [["pieceCode": "X"], ["pieceCode": "Z"]])
    }
}
