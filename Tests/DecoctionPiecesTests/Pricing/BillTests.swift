import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// What a prescription costs (8.4).
struct BillTests {
    private static func line(_ mg: Int64, at fen: Int64?) -> Bill.Line {
        Bill.Line(
            kind: .piece, pieceCode: "XLYP0001", nameZh: "麻黄", quantity: mg,
            charge: fen.map { Charge(fen: $0, revision: 1) })
    }

    @Test(
        "a line is rounded to the fen, half a fen up, also where it weighs tons",
        arguments: [
            (1, 500_000, 1), (1, 499_999, 0), (18_000, 8_500, 153), (18_000, 8_611, 155), (18_000, 8_583, 154),
            (1_000_000, 8_500, 8_500), (0 + 500_000, 1, 1), (499_999, 1, 0),
            (400_000_000, 10_000_000_000, 4_000_000_000_000),
        ] as [(Int64, Int64, Int64)])
    func rounded(mg: Int64, price: Int64, amount: Int64) {
        #expect(Self.line(mg, at: price).amountFen == amount)
    }

    @Test(
        "the total is the sum of the lines as rounded, off the exact sum by half a fen a line at the most; a missing price is no 0"
    )
    func sums() {
        var random = SeededGenerator.printed("bills")
        for _ in 0..<2_000 {
            let lines = (0..<Int.random(in: 1...30, using: &random)).map { _ in
                Self.line(
                    .random(in: 1...400_000_000, using: &random), at: .random(in: 0...10_000_000, using: &random))
            }
            let exact = lines.reduce(0.0) { $0 + Double($1.quantity) * Double($1.charge?.fen ?? 0) / 1_000_000 }
            let total = Bill.total(lines)
            #expect(total == lines.reduce(0) { $0 + ($1.amountFen ?? -1) })
            #expect(abs(Double(total ?? -1) - exact) <= 0.5 * Double(lines.count) + 0.001)
            #expect(Bill.total(lines + [Self.line(1, at: nil)]) == nil)
        }
        #expect(Bill.total([Self.line(1, at: 0)]) == 0)
    }

    @Test("a bill is completed by what it was frozen for: a fee is no other fee, and no line is dropped")
    func completed() {
        let frozen = Bill(lines: [
            Self.line(1_000_000, at: 5), Self.line(2_000_000, at: nil),
            Bill.Line(kind: .melted, nameZh: BillKind.melted.labelZh, quantity: 3),
        ])
        let tariff = Bill.Tariff(
            pieces: ["XLYP0001": Charge(fen: 9, revision: 2)], fees: [.separate: Charge(fen: 99_900, revision: 1)])
        let later = frozen.completed(by: tariff)
        #expect(later.lines.map { $0.charge?.fen } == [5, 9, nil])
        #expect(Bill.total(later.lines) == nil)
        let whole = later.completed(by: .init(pieces: [:], fees: [.melted: Charge(fen: 200, revision: 1)]))
        #expect(Bill.total(whole.lines) == 623)
    }

    private static func setPrice(_ dispensary: Dispensary, _ name: String, _ fen: Int64) async throws {
        try await dispensary.pharmacy.pharmacist.call(
            "decoction.price.set",
            ["pieceCode": .string(Clinic.code(name)), "priceFenPerKg": .integer(fen), "reason": "定价"])
    }

    private static func price(_ dispensary: Dispensary, _ id: JSONValue, boiled: Bool? = nil) async throws -> JSONValue
    {
        var params: [String: JSONValue] = ["prescriptionId": id]
        params["withDecoction"] = boiled.map { .bool($0) }
        return try await dispensary.clinic.doctor.call("decoction.prescription.price", .object(params))
    }

    @Test(
        "a bill is frozen at the review; a price that was missing is said, and comes in at the dispensing; a return takes it back"
    )
    func frozen() async throws {
        let dispensary = try await Dispensary.open()
        _ = try await dispensary.pharmacy.stock(Pharmacy.mahuang, 1_000_000)
        _ = try await dispensary.pharmacy.stock(Pharmacy.guizhi, 1_000_000)
        try await Self.setPrice(dispensary, "麻黄", 8_500)
        let id = try await dispensary.submit(("麻黄", 6_000), ("桂枝", 3_001))
        let before = try await Self.price(dispensary, id)
        #expect(
            before["frozen"] == false && before["billNo"] == nil && before["totalFen"] == nil && before["dueFen"] == nil
        )
        #expect(before["missing"] == [["kind": "piece", "pieceCode": "XLYP0003", "nameZh": "桂枝"]])
        #expect(before["pieces"]?[0]?["amountFen"] == 153 && before["pieces"]?[1]?["amountFen"] == nil)

        try await dispensary.approve(id)
        try await Self.setPrice(dispensary, "麻黄", 1_000)
        let approved = try await Self.price(dispensary, id)
        #expect(approved["frozen"] == true && approved["billNo"] == 1)
        #expect(approved["pieces"]?[0]?["amountFen"] == 153 && approved["totalFen"] == nil)
        let label = try await dispensary.dispenser.call("decoction.label.get", ["prescriptionId": id, "kind": "bag"])
        #expect(label["svg"]?.stringValue?.contains("费用：桂枝未定价") == true)

        try await Self.setPrice(dispensary, "桂枝", 8_500)
        try await dispensary.dispense(id, dispensary.weighings(("麻黄", 6_000), ("桂枝", 3_001)))
        let dispensed = try await Self.price(dispensary, id)
        #expect(dispensed["billNo"] == 2 && dispensed["missing"] == [])
        // 18 g at 85 yuan a kilogram are 1.53 yuan; 9.003 g are 0.765255.
        #expect(dispensed["pieces"]?.arrayValue?.map { $0["amountFen"] } == [153, 77])
        #expect(dispensed["totalFen"] == 230 && dispensed["dueFen"] == 230 && dispensed["feesFen"] == 0)

        try await dispensary.dispenser.call("decoction.prescription.return", ["prescriptionId": id, "reason": "未取药"])
        let back = try await Self.price(dispensary, id)
        #expect(back["returned"] == true && back["refundFen"] == 230 && back["dueFen"] == 0)
        try await dispensary.approve(id)
        let again = try await Self.price(dispensary, id)
        #expect(
            again["returned"] == false && again["billNo"] == 3 && again["totalFen"] == 95 && again["refundFen"] == nil)
        try await dispensary.dispense(id, dispensary.weighings(("麻黄", 6_000), ("桂枝", 3_001)))
        let handed = try await dispensary.dispenser.call("decoction.prescription.handOver", ["prescriptionId": id])
        #expect(handed["totalFen"] == 95 && handed["unpriced"] == nil)
        #expect(
            try dispensary.host.sql(
                """
                SELECT bill_no FROM decoction.bill_line GROUP BY bill_no HAVING sum(amount_fen) FILTER (WHERE kind = 'piece') IS NULL
                """
            ).isEmpty)
    }

    @Test(
        "the fees stand apart: by dose, and by piece and dose; they are charged where it is boiled here, and a missing one is said"
    )
    func fees() async throws {
        let dispensary = try await Dispensary.open()
        let pharmacist = dispensary.pharmacy.pharmacist
        _ = try await dispensary.pharmacy.stock(Pharmacy.mahuang, 1_000_000)
        try await Self.setPrice(dispensary, "麻黄", 8_500)
        func set(_ kind: String, _ fen: Int64, _ day: String? = nil) async throws {
            var params: [String: JSONValue] = [
                "kind": .string(kind), "feeFen": .integer(fen), "source": "省医疗服务价格项目", "reason": "登记",
            ]
            params["validFrom"] = day.map { .string($0) }
            try await pharmacist.call("decoction.fee.set", .object(params))
        }
        try await set("decoction", 250)
        let lines: JSONValue = [
            ["code": .string(Pharmacy.mahuang), "perDoseMg": 6_000, "cooking": "separate"]
        ]
        let id = try await dispensary.submit(Draft(dispensary.clinic).with("pieces", lines))
        let boiled = try await Self.price(dispensary, id, boiled: true)
        #expect(boiled["fees"]?.arrayValue?.map { $0["kind"] } == ["decoction", "separate"])
        #expect(boiled["fees"]?.arrayValue?.map { $0["times"] } == [3, 3])
        #expect(boiled["missing"] == [["kind": "separate", "nameZh": "另煎费"]] && boiled["totalFen"] == nil)
        #expect(try await Self.price(dispensary, id)["totalFen"] == 153)
        try await set("separate", 0)
        try await set("decoction", 900, "2026-11-25")
        try await dispensary.approve(id)
        let frozen = try await Self.price(dispensary, id, boiled: true)
        #expect(frozen["piecesFen"] == 153 && frozen["feesFen"] == 750 && frozen["totalFen"] == 903)
        try await dispensary.dispense(id, dispensary.weighings(("麻黄", 6_000)))
        let plain = try await dispensary.dispenser.call("decoction.label.get", ["prescriptionId": id, "kind": "bag"])
        #expect(plain["svg"]?.stringValue?.contains("费用：1.53 元<") == true)

        // What the decoction room takes over is charged for.
        let machine = try await pharmacist.call(
            "decoction.machine.create", ["code": "J1", "nameZh": "煎药机", "kind": "machine", "use": "internal"])
        try await pharmacist.call(
            "decoction.job.start", ["prescriptionId": id, "machineId": try #require(machine["machineId"])])
        #expect(try await Self.price(dispensary, id)["dueFen"] == 903)
        let label = try await dispensary.dispenser.call("decoction.label.get", ["prescriptionId": id, "kind": "bag"])
        #expect(label["svg"]?.stringValue?.contains("费用：9.03 元（含代煎费 7.50 元、另煎费 0.00 元）") == true)

        let listed = try await pharmacist.call("decoction.fee.list", ["asOf": "2026-11-25"])
        #expect(listed["fees"]?.arrayValue?.map { $0["feeFen"] } == [900, 0])
        let past = try await dispensary.pharmacy.refusal(
            "decoction.fee.set",
            ["kind": "melted", "feeFen": 1, "source": "测试", "reason": "登记", "validFrom": "2026-11-21"])
        #expect(past.reason == "host.invalidParams")
        let there = try await dispensary.host.client(role: .pharmacist, site: "t2")
        #expect(try await there.call("decoction.fee.list")["fees"] == [])
    }
}
