import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// H6: two persons are two people. One member of staff with two accounts is one, and so are two records of staff of one person.
struct PersonTests {
    /// A second member of staff who is the same person, in another department.
    static func again(_ staff: String, _ dispensary: Dispensary, title: String = "tcmPharmacistInCharge") async throws
        -> String
    {
        let admin = dispensary.clinic.admin
        let card = try await admin.call("people.staff.getMany", ["staffIds": [.string(staff)]])["staff"]?[0]
        let department = try await admin.call(
            "people.department.create",
            ["code": .string("B\(staff.suffix(8).uppercased())"), "nameZh": "门诊药房", "kind": "pharmacy"])["departmentId"]
        let reply = try await admin.call(
            "people.staff.create",
            [
                "personId": try #require(card?["personId"]), "departmentId": try #require(department),
                "title": .string(title),
            ])
        return try #require(reply["staffId"]?.stringValue)
    }

    @Test("a toxic lot is not accepted twice by one person: not by another account, nor by another record of staff")
    func acceptance() async throws {
        let dispensary = try await Dispensary.open()
        let clinic = dispensary.clinic
        let lot = try await dispensary.pharmacy.receive(Pharmacy.chuanwu, 1000)
        let params: JSONValue = ["lotId": .string(lot)]
        let first = try await clinic.client(.pharmacist, of: dispensary.checkerStaff)
        #expect(try await first.call("decoction.lot.accept", params)["state"] == "awaitingSecond")
        let same = try await clinic.client(.reviewer, of: dispensary.checkerStaff)
        let again = try await clinic.client(.reviewer, of: Self.again(dispensary.checkerStaff, dispensary))
        for client in [first, same, again] {
            let refused = try await clinic.refusal("decoction.lot.accept", params, by: client)
            #expect(refused.reason == "decoction.secondPersonRequired")
        }
        #expect(try await dispensary.reviewer.call("decoction.lot.accept", params)["state"] == "accepted")
    }

    @Test("one person does not count, recount and approve with three accounts")
    func stocktake() async throws {
        let dispensary = try await Dispensary.open()
        let clinic = dispensary.clinic
        let lot = try await dispensary.pharmacy.stock(Pharmacy.mahuang, 1_000_000)
        let second = try await Self.again(dispensary.checkerStaff, dispensary)
        let counter = try await clinic.client(.pharmacist, of: dispensary.checkerStaff)
        let others = [
            try await clinic.client(.pharmacist, of: dispensary.checkerStaff),
            try await clinic.client(.pharmacist, of: second),
        ]
        let started = try await counter.call("decoction.stocktake.start")
        let stocktake = try #require(started["stocktakeId"])
        let count: JSONValue = ["stocktakeId": stocktake, "lotId": .string(lot), "countedMg": 900_000]
        #expect(try await counter.call("decoction.stocktake.count", count)["status"] == "recount")
        for client in others {
            #expect(
                try await clinic.refusal("decoction.stocktake.count", count, by: client).reason
                    == "decoction.recountByAnother")
        }
        #expect(try await dispensary.dispenser.call("decoction.stocktake.count", count)["status"] == "counted")
        _ = try await counter.call("decoction.stocktake.finish", ["stocktakeId": stocktake])
        let approval: JSONValue = [
            "stocktakeId": stocktake, "reason": "短少", "lots": [["lotId": .string(lot), "reason": "短少"]],
            "lossReason": "短少",
        ]
        for staff in [dispensary.checkerStaff, second, dispensary.dispenserStaff] {
            let client = try await clinic.client(.reviewer, of: staff)
            #expect(
                try await clinic.refusal("decoction.stocktake.approve", approval, by: client).reason
                    == "decoction.approverCounted")
        }
        #expect(try await dispensary.reviewer.call("decoction.stocktake.approve", approval)["differences"] == 1)
    }

    @Test("one person does not confirm the own count, nor release what the own other account has condemned")
    func care() async throws {
        let dispensary = try await Dispensary.open()
        let clinic = dispensary.clinic
        let lot = try await dispensary.pharmacy.receive(Pharmacy.chuanwu, 1000)
        let first = try await clinic.client(.pharmacist, of: dispensary.checkerStaff)
        for client in [first, dispensary.reviewer] {
            _ = try await client.call("decoction.lot.accept", ["lotId": .string(lot)])
        }
        let counted = try await first.call(
            "decoction.care.record",
            ["lotId": .string(lot), "kind": "count", "finding": "good", "countedMg": 1000])
        let inspection: JSONValue = ["inspectionId": try #require(counted["inspectionId"])]
        let same = try await clinic.client(.reviewer, of: dispensary.checkerStaff)
        let again = try await clinic.client(.reviewer, of: Self.again(dispensary.checkerStaff, dispensary))
        for client in [same, again] {
            #expect(
                try await clinic.refusal("decoction.care.confirm", inspection, by: client).reason
                    == "decoction.secondCounterRequired")
        }
        _ = try await dispensary.reviewer.call("decoction.care.confirm", inspection)
        let condemned = try await first.call(
            "decoction.care.record",
            ["lotId": .string(lot), "kind": "inspection", "finding": "condemned", "note": "霉变"])
        #expect(condemned["state"] == "withheld")
        let release: JSONValue = ["lotId": .string(lot), "reason": "复检合格"]
        for client in [same, again] {
            #expect(
                try await clinic.refusal("decoction.lot.release", release, by: client).reason
                    == "decoction.secondPersonRequired")
        }
        #expect(try await dispensary.reviewer.call("decoction.lot.release", release)["state"] == "accepted")
    }

    @Test(
        "one person with two records of staff does not review and dispense, dispense and check, or prescribe and sign twice"
    )
    func prescription() async throws {
        let dispensary = try await Dispensary.open()
        let clinic = dispensary.clinic
        try clinic.shelve("麻黄", "雄黄")
        let id = try await dispensary.submit(("麻黄", 6_000))
        try await dispensary.approve(id)
        let weighings = dispensary.weighings(("麻黄", 6_000))
        let reviewing = try await Self.again(dispensary.reviewerStaff, dispensary)
        let other = try await clinic.client(.pharmacist, of: reviewing)
        let reviewed = try await dispensary.refusal(
            dispensing: id, weighings, checker: dispensary.reviewerStaff, by: other)
        #expect(reviewed.details?["duty"] == "dispenser" && reviewed.details?["missing"] == "anotherPerson")
        let checking = try await Self.again(dispensary.dispenserStaff, dispensary)
        let checked = try await dispensary.refusal(dispensing: id, weighings, checker: checking)
        #expect(checked.details?["duty"] == "checker" && checked.details?["missing"] == "anotherPerson")
        try await dispensary.dispense(id, weighings)

        // RX-09: the second signature comes from another doctor, who is another person.
        let most = try #require(try TestCase.piece("雄黄").dose?.upperBound)
        let toxic = Draft(clinic).of(("雄黄", most)).with("doses", 2).woman(36, pregnant: "no").handedIn(clinic.woman)
        _ = try await clinic.doctor.call("decoction.prescription.submit", toxic.json)
        let repeated = try await clinic.doctor.call("decoction.prescription.submit", toxic.json)
        #expect(repeated["state"] == "awaitingSignature")
        let twin = try await Self.again(clinic.chief, dispensary, title: "tcmPhysician")
        let card = try await clinic.admin.call("people.staff.getMany", ["staffIds": [.string(twin)]])["staff"]?[0]
        _ = try await clinic.admin.call(
            "people.staff.update",
            [
                "staffId": .string(twin), "version": try #require(card?["version"]),
                "rights": ["tcmPrescribing", "toxicDrugs", "narcotics"],
            ])
        func signature(_ staff: String) throws -> JSONValue {
            [
                "prescriptionId": try #require(repeated["prescriptionId"]), "rule": "RX-09", "staffId": .string(staff),
                "reason": "病情需要",
            ]
        }
        for staff in [clinic.chief, twin] {
            let refused = try await clinic.refusal("decoction.prescription.sign", signature(staff))
            #expect(refused.details?["missing"] == "anotherPerson")
        }
        let signed = try await clinic.doctor.call("decoction.prescription.sign", signature(clinic.colleague))
        #expect(signed["state"] == "readyForReview")
    }

    @Test("M2: who has weighed the whole of a dose is not its checker, and nobody's account weighs no toxic piece")
    func weigherIsNoChecker() async throws {
        let dispensary = try await Dispensary.open()
        let clinic = dispensary.clinic
        try clinic.shelve("麻黄", "桂枝", "雄黄")
        let id = try await dispensary.submit(("麻黄", 6_000), ("桂枝", 6_000), doses: 1)
        try await dispensary.approve(id)
        let checker = try await clinic.client(.pharmacist, of: dispensary.checkerStaff)
        func record(_ id: JSONValue, _ piece: String, _ net: Int64) -> JSONValue {
            guard case .object(var members) = dispensary.weighing(piece, dose: 1, net) else { return .null }
            members["prescriptionId"] = id
            return .object(members)
        }
        for piece in ["麻黄", "桂枝"] {
            _ = try await checker.call("decoction.weighing.record", record(id, piece, 6_000))
        }
        let refused = try await dispensary.refusal(dispensing: id, [])
        #expect(refused.details?["duty"] == "checker" && refused.details?["missing"] == "anotherPerson")
        // Of this dose the dispenser has weighed a part.
        _ = try await dispensary.dispenser.call("decoction.weighing.record", record(id, "桂枝", 6_010))
        try await dispensary.dispense(id, [])

        let toxic = try await dispensary.submit(("雄黄", 100), doses: 1)
        try await dispensary.approve(toxic)
        let nobody = try await clinic.refusal(
            "decoction.weighing.record", record(toxic, "雄黄", 100), by: clinic.pharmacy.pharmacist)
        #expect(nobody.reason == "decoction.staffNotEntitled" && nobody.details?["missing"] == "ownAccount")
        _ = try await dispensary.dispenser.call("decoction.weighing.record", record(toxic, "雄黄", 100))
    }

    @Test("M8: who has signed for the doctor does not review the prescription, by account or by person")
    func signerDoesNotReview() async throws {
        let dispensary = try await Dispensary.open()
        let clinic = dispensary.clinic
        try clinic.shelve("麻黄")
        let draft = Draft(clinic).of(("麻黄", 6_000)).with("doses", 10).woman(36, pregnant: "no").handedIn(clinic.woman)
        let reply = try await clinic.doctor.call("decoction.prescription.submit", draft.json)
        #expect(reply["state"] == "awaitingSignature")
        let id = try #require(reply["prescriptionId"])
        let plain = try await dispensary.host.client(role: .reviewer, site: "t1")
        _ = try await plain.call(
            "decoction.prescription.sign",
            ["prescriptionId": id, "rule": "RX-03", "staffId": .string(clinic.chief), "reason": "外出务工"])
        let refused = try await clinic.refusal("decoction.prescription.review", Dispensary.approval(id), by: plain)
        #expect(refused.details?["duty"] == "reviewer" && refused.details?["missing"] == "anotherPerson")
        #expect(try await dispensary.approve(id)["state"] == "approved")
    }
}
