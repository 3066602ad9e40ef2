import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// What a site's ledger shows of, and takes from, another site: nothing.
struct LedgerSiteTests {
    @Test("a place that the site does not have is not found, whether it is another site's or nobody's")
    func foreignPlaces() async throws {
        let pharmacy = try await Pharmacy.open()
        let lot = try await pharmacy.stock(Pharmacy.mahuang, 1000)
        let other = try await pharmacy.host.client(role: .pharmacist, site: "t2")
        let created = try await other.call(
            "decoction.location.create", ["code": "XZ", "nameZh": "巡诊药箱", "kind": "outreachBox"])
        let foreign = try #require(created["locationId"]?.stringValue)
        for place in [foreign, Sample.location.description] {
            let calls: [(String, JSONValue)] = [
                ("decoction.stock.issue", Pharmacy.document([Line(Pharmacy.mahuang, 1)], at: place)),
                ("decoction.lot.dispose", ["lotId": .string(lot), "reason": "破损", "locationId": .string(place)]),
                ("decoction.location.contents", ["locationId": .string(place)]),
                ("decoction.location.close", ["locationId": .string(place)]),
                ("decoction.stock.transfer", Pharmacy.transfer(lot, 1, from: nil, to: place)),
            ]
            for (method, params) in calls {
                let refused = try await pharmacy.refusal(method, params)
                #expect(refused.reason == "host.notFound", "\(method)")
                #expect(refused.details?["locationId"] == .string(place), "\(method)")
            }
        }
    }

    @Test("another site neither reverses a document nor traces or counts the lot")
    func foreignDocuments() async throws {
        let pharmacy = try await Pharmacy.open()
        let lot = try await pharmacy.stock(Pharmacy.mahuang, 1000)
        let issued = try await pharmacy.pharmacist.call(
            "decoction.stock.issue", Pharmacy.document([Line(Pharmacy.mahuang, 400)]))
        let other = try await pharmacy.host.client(role: .pharmacist, site: "t2")
        let reversal = try await pharmacy.refusal(
            "decoction.movement.reverse", ["documentId": try #require(issued["documentId"]), "reason": "错"], by: other)
        #expect(reversal.reason == "host.notFound")
        let trace = try await pharmacy.refusal("decoction.lot.trace", ["lotId": .string(lot)], by: other)
        #expect(trace.reason == "host.notFound")
        let theirs = try await other.call("decoction.ledger.verify")
        #expect(theirs["ok"] == true && theirs["lots"] == 0 && theirs["movements"] == 0)
        #expect(try await other.call("decoction.stock.value")["totalFen"] == 0)
        #expect(try await other.call("decoction.location.contents")["lots"] == [])
        #expect(try await pharmacy.onHand() == [lot: 600])
        try await pharmacy.expectSound()
    }
}
