import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// PC-01: licences that end, firms designated for toxic pieces, and what a batch's papers say.
struct SupplierTests {
    private static func create(_ pharmacy: Pharmacy, _ licence: String, _ more: [String: JSONValue]) async throws
        -> JSONValue
    {
        let base: [String: JSONValue] = ["nameZh": "测试饮片厂", "licence": .string(licence)]
        return try await pharmacy.pharmacist.call(
            "decoction.supplier.create", .object(base.merging(more) { one, _ in one }))
    }

    private static func delivery(
        _ supplier: JSONValue, _ piece: String = Pharmacy.mahuang, _ more: [String: JSONValue] = [:]
    ) -> JSONValue {
        let base =
            Pharmacy.delivery(
                piece, 1000, supplier: supplier.stringValue ?? "", batch: "B1",
                expiresOn: Pharmacy.now.localDate.adding(days: 300)
            ).objectValue ?? [:]
        return .object(base.merging(more) { _, one in one })
    }

    private static func codes(_ reply: JSONValue) -> [String] {
        (reply["warnings"]?.arrayValue ?? []).compactMap { $0["code"]?.stringValue }
    }

    @Test(
        "PC-01: the last day of a licence is a day of it; from the day after nothing is received until a renewed one is recorded",
        arguments: [
            ("2026-11-21", "ended", nil), ("2026-11-22", "endsSoon", "licenceEndsSoon"),
            ("2027-01-21", "endsSoon", "licenceEndsSoon"), ("2027-01-22", "valid", ""),
        ] as [(String, String, String?)])
    func licenceEnd(end: String, state: String, warning: String?) async throws {
        let pharmacy = try await Pharmacy.open()
        let created = try await Self.create(pharmacy, "皖1", ["licenceKind": "production", "licenceEnds": .string(end)])
        #expect(created["licenceState"] == .string(state))
        let supplier = try #require(created["supplierId"])
        if let warning {
            let reply = try await pharmacy.pharmacist.call("decoction.lot.receive", Self.delivery(supplier))
            #expect(Self.codes(reply) == (warning.isEmpty ? [] : [warning]))
            #expect((reply["warnings"] == nil) == warning.isEmpty)
            return
        }
        let refused = try await pharmacy.refusal("decoction.lot.receive", Self.delivery(supplier))
        #expect(refused.reason == "decoction.supplierLicenceEnded" && refused.code == 1122)
        #expect(
            refused.details == [
                "rule": "PC-01", "supplierId": supplier, "on": "2026-11-22", "licenceEnds": .string(end),
                "resolution": "renewLicence", "ruleVersion": "1.0",
            ])
        // What came while it held may still be booked on its day.
        _ = try await pharmacy.pharmacist.call(
            "decoction.lot.receive", Self.delivery(supplier, Pharmacy.mahuang, ["bookedOn": .string(end)]))
        let renewed = try await pharmacy.pharmacist.call(
            "decoction.supplier.update",
            ["supplierId": supplier, "licence": "皖2", "licenceEnds": "2031-11-21", "reason": "换证"])
        #expect(renewed == ["supplierId": supplier, "version": 2, "licenceState": "valid"])
        _ = try await pharmacy.pharmacist.call("decoction.lot.receive", Self.delivery(supplier))
        try await pharmacy.expectSound()
    }

    @Test(
        "PC-01: toxic pieces only from designated firms; what nobody has recorded is warned of, and refused where the rules ask for it"
    )
    func designation() async throws {
        let pharmacy = try await Pharmacy.open()
        let (receive, ends) = ("decoction.lot.receive", ["licenceEnds": "2031-01-01"] as [String: JSONValue])
        let unknown = try #require(try await Self.create(pharmacy, "皖1", ends)["supplierId"])
        let warned = try await pharmacy.pharmacist.call(receive, Self.delivery(unknown, Pharmacy.chuanwu))
        #expect(Self.codes(warned) == ["designationUnknown"])
        let plain = try await pharmacy.pharmacist.call(receive, Self.delivery(unknown))
        #expect(plain["warnings"] == nil)

        let not = try #require(
            try await Self.create(pharmacy, "皖2", ends.merging(["designatedToxic": false]) { one, _ in one })[
                "supplierId"])
        let refused = try await pharmacy.refusal(receive, Self.delivery(not, Pharmacy.chuanwu))
        #expect(refused.reason == "decoction.supplierNotDesignated")
        #expect(
            refused.details?["pieceCode"] == .string(Pharmacy.chuanwu)
                && refused.details?["resolution"] == "designatedFirm")
        _ = try await pharmacy.pharmacist.call(receive, Self.delivery(not))
        let pointer = try await pharmacy.refusal(
            "decoction.supplier.update", ["supplierId": not, "designatedToxic": true, "reason": "取得指定"])
        #expect(pointer.reason == "host.invalidParams" && pointer.details?[0]?["pointer"] == "/designationNumber")
        _ = try await pharmacy.pharmacist.call(
            "decoction.supplier.update",
            ["supplierId": not, "designatedToxic": true, "designationNumber": "皖毒〔2026〕1号", "reason": "取得指定"])
        let lot = try await pharmacy.pharmacist.call(receive, Self.delivery(not, Pharmacy.chuanwu))
        #expect(lot["warnings"] == nil)

        // A site that is done with recording asks for it.
        let admin = try await pharmacy.host.client(role: .siteAdmin, site: "t1")
        for parameter in ["licenceEndRequired", "designationRecordRequired"] {
            try await admin.call(
                "decoction.rules.revise",
                [
                    "rule": "PC-01", "parameter": .string(parameter), "value": "1", "validFrom": "2026-11-23",
                    "source": "院内规定", "reviewer": "主任中药师",
                ])
        }
        let tomorrow = try await pharmacy.later(Timestamp(microseconds: Pharmacy.now.microseconds + 86_400_000_000))
        let bare = try await tomorrow.refusal(receive, Self.delivery(.string(pharmacy.supplier)))
        #expect(bare.reason == "decoction.supplierRecordIncomplete" && bare.details?["missing"] == "licenceEnds")
        let toxic = try await tomorrow.refusal(receive, Self.delivery(unknown, Pharmacy.chuanwu))
        #expect(toxic.details?["missing"] == "designatedToxic" && toxic.details?["ruleVersion"] == "1.0-s2")
    }

    @Test(
        "a change keeps what was before, with who, when and why; a withdrawn supplier delivers nothing until it is restored"
    )
    func versions() async throws {
        let pharmacy = try await Pharmacy.open()
        let supplier = JSONValue.string(pharmacy.supplier)
        let change: JSONValue = [
            "supplierId": supplier, "version": 1, "licenceKind": "operation", "licenceEnds": "2027-01-01",
            "reason": "补登",
        ]
        #expect(try await pharmacy.pharmacist.call("decoction.supplier.update", change)["version"] == 2)
        #expect(try await pharmacy.refusal("decoction.supplier.update", change).reason == "host.conflict")
        _ = try await Self.create(pharmacy, "皖9", [:])
        let taken = try await pharmacy.refusal(
            "decoction.supplier.update", ["supplierId": supplier, "licence": " 皖９", "reason": "更正"])
        #expect(taken.reason == "decoction.supplierExists")

        let stop: JSONValue = ["supplierId": supplier, "reason": "许可证被吊销"]
        let stopped = try await pharmacy.pharmacist.call("decoction.supplier.withdraw", stop)
        #expect(stopped == ["supplierId": supplier, "version": 3, "withdrawnOn": "2026-11-22"])
        #expect(try await pharmacy.refusal("decoction.supplier.withdraw", stop).reason == "decoction.supplierWithdrawn")
        #expect(try await pharmacy.refusal("decoction.supplier.update", change).reason == "decoction.supplierWithdrawn")
        let refused = try await pharmacy.refusal("decoction.lot.receive", Self.delivery(supplier))
        #expect(refused.reason == "decoction.supplierWithdrawn" && refused.details?["withdrawnOn"] == "2026-11-22")
        let within: JSONValue = ["endingWithinDays": 60]
        let none = try await pharmacy.pharmacist.call("decoction.supplier.list", within)
        #expect(none["suppliers"] == [])
        _ = try await pharmacy.pharmacist.call("decoction.supplier.restore", stop)
        #expect(try await pharmacy.refusal("decoction.supplier.restore", stop).reason == "decoction.supplierWithdrawn")
        let ending = try await pharmacy.pharmacist.call("decoction.supplier.list", within)
        #expect(ending["suppliers"]?.arrayValue?.count == 1 && ending["suppliers"]?[0]?["licenceStateZh"] == "即将到期")

        let shown = try await pharmacy.pharmacist.call("decoction.supplier.get", ["supplierId": supplier])
        #expect(shown["supplier"]?[0]?["version"] == 4)
        let versions = shown["versions"]?.arrayValue ?? []
        #expect(versions.map { $0["version"] } == [3, 2, 1])
        #expect(versions.map { $0["reason"] } == ["许可证被吊销", "许可证被吊销", "补登"])
        #expect(versions[2]["licenceEnds"] == nil && versions[1]["licenceEnds"] == "2027-01-01")
        #expect(versions[0]["withdrawnOn"] == "2026-11-22")
        let there = try await pharmacy.host.client(role: .pharmacist, site: "t2")
        let foreign = try await pharmacy.refusal("decoction.supplier.withdraw", stop, by: there)
        #expect(foreign.reason == "host.notFound")
        let job = try pharmacy.host.sql(
            "SELECT count(*) FROM decoction.supplier WHERE licence_ends IS NULL")
        #expect(job == [["1"]])
    }

    @Test(
        "PC-01: what the papers of a batch say stands in the trace and in the stock list, beside the supplier's version"
    )
    func papers() async throws {
        let pharmacy = try await Pharmacy.open()
        let papers: [String: JSONValue] = [
            "spec": "段", "origin": "内蒙古", "maker": "测试饮片厂", "certificateNumber": "JY 01",
        ]
        let lot = try await pharmacy.pharmacist.call(
            "decoction.lot.receive", Self.delivery(.string(pharmacy.supplier), Pharmacy.mahuang, papers))
        #expect(Self.codes(lot) == ["licenceEndUnknown"])
        let trace = try await pharmacy.pharmacist.call("decoction.lot.trace", ["lotId": try #require(lot["lotId"])])
        #expect(trace["spec"] == "段" && trace["origin"] == "内蒙古" && trace["maker"] == "测试饮片厂")
        #expect(trace["certificateNumber"] == "JY01" && trace["supplierVersion"] == 1)
        let listed = try await pharmacy.pharmacist.call(
            "decoction.stock.list", ["pieceCode": .string(Pharmacy.mahuang)])
        #expect(listed["lots"]?[0]?["origin"] == "内蒙古" && listed["lots"]?[0]?["certificateNumber"] == "JY01")
        #expect(try pharmacy.host.sql("SELECT purchase_rule_version FROM decoction.lot") == [["1.0"]])
    }

    @Test("of 20 changes of one version of a supplier at once one is made, and the others are told")
    func race() async throws {
        let pharmacy = try await Pharmacy.open()
        var clients: [TestClient] = []
        for _ in 0..<5 { clients.append(try await pharmacy.host.client(role: .pharmacist, site: "t1")) }
        let all = clients
        let outcomes = await Racing.aside(20) {
            try all[Int.random(in: 0..<all.count)].callAndWait(
                "decoction.supplier.update",
                ["supplierId": .string(pharmacy.supplier), "version": 1, "licenceEnds": "2031-01-01", "reason": "换证"])
        }
        #expect(outcomes.filter { (try? $0.get()) != nil }.count == 1)
        let versions = try pharmacy.host.sql("SELECT count(*), max(version) FROM decoction.supplier_version")
        #expect(versions == [["1", "1"]])
    }
}
