import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// Reports of two sites between which pieces are on their way.
struct ReportSiteTests {
    @Test(
        "a shipment is issued here and comes in there; what is lost between is the sender's; nothing is counted twice")
    func shipments() async throws {
        let sites = try await TwoSites.open()
        let lot = try await sites.stock(Pharmacy.mahuang, 100_000)
        let (order, moves) = try await sites.shipped((Pharmacy.mahuang, 30_000))
        let sender = Pharmacy(host: sites.host, pharmacist: sites.county, supplier: sites.supplier)
        let receiver = Pharmacy(host: sites.host, pharmacist: sites.township, supplier: sites.supplier)
        #expect(try await sender.report("turnover")["issuedMg"] == 30_000)
        #expect(try await receiver.report("stock")["total"]?["onHandMg"] == 0)
        let received = try await sites.receive(order, (lot, 28_000))
        #expect(moves.map(\.quantity) == [30_000])
        let claims = try await sites.county.call("decoction.claim.list")["claims"]
        _ = received
        _ = try await sites.settle(claims?[0]?["claimId"], "writeOff")
        let sent = try await sender.report("movements")
        let kinds = sent["kinds"]?.arrayValue ?? []
        #expect(kinds.map { $0["kind"]?.stringValue } == ["receipt", "disposal", "shipment", "shipmentReturn"])
        #expect(sent["total"]?["closingMg"] == 70_000)
        #expect(try await sender.report("turnover")["issuedMg"] == 28_000)
        let loss = try await sender.report("loss")
        #expect(loss["reasons"]?[0]?["lossMg"] == 2_000 && loss["lossFen"] == 14)
        #expect(try await sender.lines("issued").mg == 28_000)
        let there = try await receiver.report("movements")
        #expect(there["kinds"]?[0]?["kind"] == "arrival" && there["total"]?["inMg"] == 28_000)
        #expect(try await receiver.report("loss")["lossFen"] == 0)
        // Conservation: what the county bought lies here or there, or is its loss.
        let (here, abroad) = (sent["total"]?["closingFen"]?.integerValue, there["total"]?["closingFen"]?.integerValue)
        #expect((here ?? 0) + (abroad ?? 0) + 14 == 680)
        let stranger = try await sites.stranger.call("decoction.report.movements")
        #expect(stranger["kinds"] == [] && stranger["total"]?["inMg"] == 0)
    }

    @Test(
        "a prescription that is sent to the county's pharmacy is handed in and a visit where it was written, and dispensed where it was"
    )
    func forwarded() async throws {
        let both = try await TwoPharmacies.open()
        try both.shelve("甘草", "海藻")
        let signature: JSONValue = [
            ["rule": "RX-05", "staffId": .string(both.clinic.chief), "reason": "既往同用有效"]
        ]
        let home = try await both.submit({ $0.of(("甘草", 3_000), ("海藻", 6_000)) }, signatures: signature)
        let made = try await both.take(both.forward(home))
        try await both.approve(made)
        let county = Pharmacy(host: both.host, pharmacist: both.dispenser, supplier: "")
        let (here, there) = (
            try await both.clinic.pharmacy.report("prescriptions"), try await county.report("prescriptions")
        )
        #expect(["submitted", "signed", "approved"].map { here[$0]?.integerValue } == [1, 1, 0])
        #expect(["submitted", "signed", "approved"].map { there[$0]?.integerValue } == [0, 0, 1])
        #expect(here["rules"]?.arrayValue?.contains { $0["rule"] == "RX-05" && $0["found"] == 1 } == true)
        #expect(there["rules"] == [])
        #expect(try await county.indicators("2026-11-01")["C03"]?["numerator"] == 0)
        #expect(try await both.clinic.pharmacy.indicators("2026-11-01")["C03"]?["numerator"] == 1)
    }
}
