import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// What the module publishes.
struct EventTests {
    @Test("what happens to lots and stock is published, in the order in which it happened")
    func published() async throws {
        let pharmacy = try await Pharmacy.open()
        let lot = try await pharmacy.stock(Pharmacy.mahuang, 5000)
        let bad = try await pharmacy.receive(Pharmacy.guizhi, 700)
        try await pharmacy.pharmacist.call("decoction.lot.reject", ["lotId": .string(bad), "reason": "受潮"])
        let reply = try await pharmacy.pharmacist.call(
            "decoction.stock.issue",
            ["lines": [["pieceCode": .string(Pharmacy.mahuang), "quantityMg": 1200]], "reason": "病区领用"])
        let issued = reply["documentId"]?.stringValue ?? ""
        let disposal = try await pharmacy.pharmacist.call(
            "decoction.lot.dispose", ["lotId": .string(lot), "quantityMg": 800, "reason": "虫蛀"])
        let disposed = disposal["documentId"]?.stringValue ?? ""
        // What is refused has not happened.
        _ = try await pharmacy.refusal(
            "decoction.stock.issue",
            ["lines": [["pieceCode": .string(Pharmacy.mahuang), "quantityMg": 9000]], "reason": "病区领用"])
        try await pharmacy.host.expect(
            "SELECT topic, subject::text, body FROM host.event ORDER BY event.number",
            [
                [
                    "decoction.lot.received", lot,
                    #"{"isOpening":false,"lotId":"\#(lot)","pieceCode":"XLYP0001","quantityMg":5000}"#,
                ],
                ["decoction.lot.accepted", lot, #"{"lotId":"\#(lot)"}"#],
                [
                    "decoction.lot.received", bad,
                    #"{"isOpening":false,"lotId":"\#(bad)","pieceCode":"XLYP0003","quantityMg":700}"#,
                ],
                ["decoction.lot.rejected", bad, #"{"lotId":"\#(bad)"}"#],
                [
                    "decoction.stock.issued", issued,
                    #"{"documentId":"\#(issued)","moves":1,"quantityMg":1200}"#,
                ],
                [
                    "decoction.lot.disposed", lot,
                    #"{"documentId":"\#(disposed)","lotId":"\#(lot)","onHandMg":3000,"quantityMg":800}"#,
                ],
            ])
    }

    @Test("a lot that two must accept is published as accepted with the second acceptance alone")
    func secondPerson() async throws {
        let pharmacy = try await Pharmacy.open()
        let lot = try await pharmacy.receive(Pharmacy.chuanwu, 5000)
        let reviewer = try await pharmacy.host.client(role: .reviewer, site: "t1")
        try await pharmacy.pharmacist.call("decoction.lot.accept", ["lotId": .string(lot)])
        let accepted = "SELECT count(*)::text FROM host.event WHERE topic = 'decoction.lot.accepted'"
        try await pharmacy.host.expect("SELECT count(*)::text FROM host.event", [["1"]])
        #expect(try pharmacy.host.sql(accepted) == [["0"]])
        try await reviewer.call("decoction.lot.accept", ["lotId": .string(lot)])
        try await pharmacy.host.expect(accepted, [["1"]])
    }
}
