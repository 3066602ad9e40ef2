import Testing
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

extension ReportWalk {
    /// Compares every report of some days with its lines and with the tally.
    func check(_ tally: ReportTally, _ from: LocalDate, _ to: LocalDate) async throws {
        let days: [String: JSONValue] = ["from": .string(from.description), "to": .string(to.description)]
        let after = to.adding(days: 1)
        try await self.checkMovements(tally, from, to, days)
        try await self.checkStock(tally, to)
        let loss = try await self.pharmacy.report("loss", .object(days))
        let lost = tally.figure("loss", from, to)
        #expect(loss["lossFen"]?.integerValue == lost.fen)
        #expect(
            loss["baseFen"]?.integerValue == tally.figure("issued", from, to).fen + tally.opening(after).fen)
        #expect(Self.sum(loss["reasons"], "lossFen") == lost.fen && Self.sum(loss["reasons"], "lossMg") == lost.mg)
        for (figure, mg, fen) in [
            ("shortage", "shortageMg", "shortageFen"), ("writeOff", "writeOffMg", "writeOffFen"),
            ("surplus", "surplusMg", "surplusFen"),
        ] {
            let expected = tally.figure(figure, from, to)
            for part in ["groups", "pieces"] {
                #expect(Self.sum(loss[part], mg) == expected.mg && Self.sum(loss[part], fen) == expected.fen)
            }
        }
        for reason in loss["reasons"]?.arrayValue ?? [] {
            let figure = try #require(reason["figure"]?.stringValue)
            let typed = try #require(reason["reason"])
            let lines = try await self.pharmacy.lines(figure, days.merging(["reason": typed]) { one, _ in one })
            #expect(lines.fen == reason["lossFen"]?.integerValue && lines.count == reason["movements"]?.integerValue)
        }
        let turnover = try await self.pharmacy.report("turnover", .object(days))
        #expect(turnover["issuedFen"]?.integerValue == tally.figure("issued", from, to).fen)
        #expect(Self.sum(turnover["pieces"], "issuedMg") == tally.figure("issued", from, to).mg)
        #expect(turnover["openingFen"]?.integerValue == tally.opening(from).fen)
        for figure in ["in", "out", "issued", "shortage", "surplus", "writeOff", "loss"] {
            #expect(try await self.pharmacy.lines(figure, days) == tally.figure(figure, from, to), "\(figure)")
        }
    }

    private func checkMovements(
        _ tally: ReportTally, _ from: LocalDate, _ to: LocalDate, _ days: [String: JSONValue]
    ) async throws {
        let report = try await self.pharmacy.report("movements", .object(days))
        let (opening, closing) = (tally.opening(from), tally.opening(to.adding(days: 1)))
        let (came, went) = (tally.figure("in", from, to), tally.figure("out", from, to))
        let expected = [
            opening.mg, opening.fen, came.mg, came.fen, went.mg, went.fen, closing.mg, closing.fen,
        ]
        let names = [
            "openingMg", "openingFen", "inMg", "inFen", "outMg", "outFen", "closingMg", "closingFen",
        ]
        #expect(names.map { report["total"]?[$0]?.integerValue ?? -1 } == expected)
        #expect(names.map { Self.sum(report["pieces"], $0) } == expected)
        #expect(["inMg", "inFen", "outMg", "outFen"].map { Self.sum(report["kinds"], $0) } == Array(expected[2..<6]))
        #expect(opening.mg + came.mg - went.mg == closing.mg && opening.fen + came.fen - went.fen == closing.fen)
        for piece in report["pieces"]?.arrayValue ?? [] {
            let code = try #require(piece["pieceCode"]?.stringValue)
            let lines = try await self.pharmacy.lines(
                "out", days.merging(["pieceCode": .string(code)]) { one, _ in one })
            #expect(lines == tally.figure("out", from, to) { $0.piece == code })
            #expect(lines.fen == piece["outFen"]?.integerValue)
            let first = try await self.pharmacy.lines(
                "opening", days.merging(["pieceCode": .string(code)]) { one, _ in one })
            #expect(first.mg == piece["openingMg"]?.integerValue && first.fen == piece["openingFen"]?.integerValue)
        }
        for kind in report["kinds"]?.arrayValue ?? [] {
            let lines = try await self.pharmacy.lines(
                "out", days.merging(["kind": try #require(kind["kind"])]) { one, _ in one })
            #expect(lines.mg == kind["outMg"]?.integerValue && lines.fen == kind["outFen"]?.integerValue)
        }
    }

    private func checkStock(_ tally: ReportTally, _ day: LocalDate) async throws {
        let closing = tally.opening(day.adding(days: 1))
        for grouping in ["piece", "storageClass", "location"] {
            let report = try await self.pharmacy.report(
                "stock", ["asOf": .string(day.description), "by": .string(grouping)])
            #expect(report["total"]?["onHandMg"]?.integerValue == closing.mg)
            #expect(report["total"]?["valueFen"]?.integerValue == closing.fen)
            #expect(Self.sum(report["figures"], "onHandMg") == closing.mg)
            #expect(Self.sum(report["figures"], "valueFen") == closing.fen)
            for figure in report["figures"]?.arrayValue ?? [] {
                let filter = ["piece": "pieceCode", "storageClass": "storageClass", "location": "locationId"][grouping]
                let lines = try await self.pharmacy.lines(
                    "closing",
                    ["to": .string(day.description), try #require(filter): try #require(figure["key"])])
                #expect(lines.mg == figure["onHandMg"]?.integerValue && lines.fen == figure["valueFen"]?.integerValue)
                if grouping == "location" {
                    #expect(
                        lines.mg == tally.opening(day.adding(days: 1)) { .string($0.location) == figure["key"] }.mg)
                }
            }
        }
        let value = try await self.pharmacy.pharmacist.call(
            "decoction.stock.value", ["asOf": .string(day.description)])
        #expect(value["totalFen"]?.integerValue == closing.fen && Self.sum(value["pieces"], "onHandMg") == closing.mg)
        let expiry = try await self.pharmacy.report("expiry", ["asOf": .string(day.description)])
        #expect(Self.sum(expiry["months"], "valueFen") == closing.fen)
        for month in expiry["months"]?.arrayValue ?? [] {
            let lines = try await self.pharmacy.lines(
                "closing",
                [
                    "to": .string(day.description), "expiryMonth": try #require(month["month"]),
                    "expired": try #require(month["expired"]),
                ])
            #expect(lines.mg == month["onHandMg"]?.integerValue && lines.fen == month["valueFen"]?.integerValue)
        }
    }

    static func sum(_ list: JSONValue?, _ member: String) -> Int64 {
        (list?.arrayValue ?? []).reduce(0) { $0 + ($1[member]?.integerValue ?? 0) }
    }
}
