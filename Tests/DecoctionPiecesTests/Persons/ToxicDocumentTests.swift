import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// M1: toxic and narcotic pieces that leave without a prescription wait for a second person.
struct ToxicDocumentTests {
    private static func issue(_ piece: String, confirmedBy staff: String? = nil) -> JSONValue {
        var params: [String: JSONValue] = [
            "lines": [["pieceCode": .string(Clinic.code(piece)), "quantityMg": 1000]], "reason": "科研领用",
        ]
        params["confirmedByStaffId"] = staff.map { .string($0) }
        return .object(params)
    }

    private static func waiting(_ dispensary: Dispensary) async throws -> [JSONValue] {
        try await dispensary.reviewer.call("decoction.toxic.unconfirmed")["documents"]?.arrayValue ?? []
    }

    @Test("what one account issues or destroys of toxic pieces is listed until another person confirms it")
    func waitsForTheSecond() async throws {
        let dispensary = try await Dispensary.open()
        let clinic = dispensary.clinic
        try clinic.shelve("雄黄", "罂粟壳", "麻黄")
        let nobody = clinic.pharmacy.pharmacist
        _ = try await nobody.call("decoction.stock.issue", Self.issue("麻黄"))
        #expect(try await Self.waiting(dispensary).isEmpty)
        let issued = try await nobody.call("decoction.stock.issue", Self.issue("雄黄"))
        _ = try await nobody.call("decoction.stock.issue", Self.issue("罂粟壳"))
        let lot = try #require(issued["moves"]?[0]?["lotId"])
        let disposed = try await dispensary.dispenser.call(
            "decoction.lot.dispose", ["lotId": lot, "quantityMg": 500, "reason": "霉变"])
        let documents = try await Self.waiting(dispensary)
        let shown = documents.map {
            "\($0["kind"]?.stringValue ?? "") \($0["piecesZh"]?.stringValue ?? "") \($0["staffId"]?.stringValue ?? "-")"
        }
        #expect(
            Set(shown) == ["issue 雄黄 -", "issue 罂粟壳 -", "disposal 雄黄 \(dispensary.dispenserStaff)"]
                && shown.count == 3)

        let first: JSONValue = ["documentId": try #require(issued["documentId"])]
        let second: JSONValue = ["documentId": try #require(disposed["documentId"])]
        // Not the same account, not nobody, not below the grade, not the same person.
        for (client, params, missing) in [
            (nobody, first, "anotherPerson"),
            (try await dispensary.host.client(role: .pharmacist, site: "t1"), first, "ownAccount"),
            (dispensary.dispenser, first, "title"),
            (try await clinic.client(.reviewer, of: dispensary.dispenserStaff), second, "anotherPerson"),
            (
                try await clinic.client(.reviewer, of: PersonTests.again(dispensary.dispenserStaff, dispensary)),
                second,
                "anotherPerson"
            ),
        ] {
            let refused = try await clinic.refusal("decoction.toxic.confirm", params, by: client)
            #expect(refused.reason == "decoction.staffNotEntitled" && refused.details?["missing"] == .string(missing))
        }
        for params in [first, second] { _ = try await dispensary.reviewer.call("decoction.toxic.confirm", params) }
        let again = try await clinic.refusal("decoction.toxic.confirm", first, by: dispensary.reviewer)
        #expect(again.reason == "decoction.toxicConfirmed")
        #expect(try await Self.waiting(dispensary).count == 1)
    }

    @Test("the first person may name the second at once, who is known, of the grade and another one")
    func namedAtOnce() async throws {
        let dispensary = try await Dispensary.open()
        let clinic = dispensary.clinic
        try clinic.shelve("雄黄")
        for (client, staff, missing) in [
            (clinic.pharmacy.pharmacist, dispensary.checkerStaff, "ownAccount"),
            (dispensary.dispenser, dispensary.dispenserStaff, "anotherPerson"),
            (dispensary.dispenser, clinic.chief, "title"),
        ] {
            let refused = try await clinic.refusal(
                "decoction.stock.issue", Self.issue("雄黄", confirmedBy: staff), by: client)
            #expect(refused.details?["missing"] == .string(missing))
        }
        _ = try await dispensary.dispenser.call(
            "decoction.stock.issue", Self.issue("雄黄", confirmedBy: dispensary.checkerStaff))
        #expect(try await Self.waiting(dispensary).isEmpty)
        try await dispensary.expectSound()
    }

    @Test("a month is not closed over what waits for its second person; what was taken back waits for nobody")
    func monthStaysOpen() async throws {
        let dispensary = try await Dispensary.open()
        try dispensary.clinic.shelve("雄黄")
        let issued = try await dispensary.dispenser.call("decoction.stock.issue", Self.issue("雄黄"))
        let taken = try await dispensary.dispenser.call("decoction.stock.issue", Self.issue("雄黄"))
        let back = try await dispensary.dispenser.call(
            "decoction.movement.reverse", ["documentId": try #require(taken["documentId"]), "reason": "发错"])
        #expect(try await Self.waiting(dispensary).count == 1)
        let twice = try await dispensary.clinic.refusal(
            "decoction.movement.reverse", ["documentId": try #require(back["documentId"]), "reason": "发错"],
            by: dispensary.dispenser)
        #expect(twice.reason == "decoction.reversalNotReversible")
        let later = try await dispensary.later(Pharmacy.now.adding(seconds: 10 * 86_400))
        let close: JSONValue = ["month": "2026-11-01"]
        let refused = try await later.clinic.refusal("decoction.period.close", close, by: later.reviewer)
        #expect(refused.reason == "decoction.toxicUnconfirmed")
        #expect(refused.details?["documents"]?[0]?["documentId"] == issued["documentId"])
        _ = try await later.reviewer.call(
            "decoction.toxic.confirm", ["documentId": try #require(issued["documentId"])])
        #expect(try await later.reviewer.call("decoction.period.close", close)["month"] == "2026-11-01")
    }
}
