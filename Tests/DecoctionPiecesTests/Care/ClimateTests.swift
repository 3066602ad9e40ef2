import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// Domain rule 8.2: temperature and humidity, twice a day, within limits.
struct ClimateTests {
    @Test(
        "the limits are by what the place is kept at, and themselves within",
        arguments: [
            (StoreClimate.normal, 100, 350, true), (.normal, 300, 750, true), (.normal, 99, 500, false),
            (.normal, 301, 500, false), (.normal, 200, 349, false), (.normal, 200, 751, false), (.cool, -50, 500, true),
            (.cool, 200, 500, true), (.cool, 201, 500, false), (.cold, 20, 500, true), (.cold, 19, 500, false),
            (.cold, 101, 500, false),
        ])
    func limits(climate: StoreClimate, celsius: Int, humidity: Int, within: Bool) throws {
        let limits = try ClimateLimits(climate, DataFilesOfTests.book())
        #expect(limits.contain(celsius: celsius, humidity: humidity) == within)
    }

    private static func reading(
        _ celsius: Int64, _ humidity: Int64 = 500, at instant: String? = nil, place: String? = nil,
        action: String? = nil
    ) -> JSONValue {
        var params: [String: JSONValue] = ["celsiusTenths": .integer(celsius), "humidityTenths": .integer(humidity)]
        params["readAt"] = instant.map { .string($0) }
        params["locationId"] = place.map { .string($0) }
        params["action"] = action.map { .string($0) }
        return .object(params)
    }

    @Test("a reading outside the limits says what was done, and is published; another place has its own limits")
    func outside() async throws {
        let pharmacy = try await Pharmacy.open()
        let method = "decoction.climate.record"
        #expect(try await pharmacy.pharmacist.call(method, Self.reading(205))["outside"] == false)
        let refused = try await pharmacy.refusal(method, Self.reading(301, at: "2026-11-22T09:00:00+08:00"))
        #expect(refused.reason == "decoction.climateActionRequired" && refused.details?["celsiusMaxTenths"] == 300)
        let done = try await pharmacy.pharmacist.call(
            method, Self.reading(301, at: "2026-11-22T09:00:00+08:00", action: "开启空调"))
        #expect(done["outside"] == true)
        try await pharmacy.host.expect(
            "SELECT count(*) FROM host.event WHERE topic = 'decoction.climate.outside'", [["1"]])
        let box = try await pharmacy.place("BX", "outreachBox")
        #expect(try await pharmacy.refusal(method, Self.reading(205, place: box)).reason == "host.notFound")
        try await pharmacy.pharmacist.call(
            "decoction.climate.watch", ["locationId": .string(box), "climate": "cool"])
        #expect(
            try await pharmacy.refusal(method, Self.reading(205, place: box)).reason
                == "decoction.climateActionRequired")
        #expect(try await pharmacy.pharmacist.call(method, Self.reading(195, place: box))["outside"] == false)
        for instant in ["2026-11-22T14:31:00+08:00", "2026-11-15T14:29:00+08:00"] {
            #expect(try await pharmacy.refusal(method, Self.reading(200, at: instant)).reason == "host.invalidParams")
        }
        let list = try await pharmacy.pharmacist.call("decoction.climate.list", ["outsideOnly": true])
        #expect(list["readings"]?.arrayValue?.count == 1 && list["readings"]?[0]?["action"] == "开启空调")
        #expect(try await pharmacy.pharmacist.call("decoction.climate.list", ["limit": 1])["next"] != nil)
    }

    @Test("a day lacks a reading where one of its halves has none, at every watched place; the job counts yesterday's")
    func missing() async throws {
        let pharmacy = try await Pharmacy.open()
        for instant in ["20T08:00", "20T11:59", "21T08:30", "21T12:00", "22T08:00"] {
            try await pharmacy.pharmacist.call(
                "decoction.climate.record", Self.reading(200, at: "2026-11-\(instant):00+08:00"))
        }
        func gaps(_ pharmacy: Pharmacy) async throws -> [String] {
            let reply = try await pharmacy.pharmacist.call(
                "decoction.climate.missing", ["from": "2026-11-18", "to": "2026-11-22"])
            return (reply["missing"]?.arrayValue ?? []).map {
                "\($0["day"]?.stringValue ?? "") \($0["missing"]?.integerValue ?? 0)"
            }.sorted()
        }
        // Two in one half are one; nothing is wanted of the days before the first reading.
        #expect(try await gaps(pharmacy) == ["2026-11-20 1", "2026-11-22 1"])
        let box = try await pharmacy.place("BX", "outreachBox")
        try await pharmacy.pharmacist.call("decoction.climate.watch", ["locationId": .string(box), "climate": "cool"])
        #expect(try await gaps(pharmacy) == ["2026-11-20 1", "2026-11-22 1", "2026-11-22 2"])
        try await pharmacy.pharmacist.call("decoction.climate.watch", ["locationId": .string(box), "climate": "none"])
        #expect(try await gaps(pharmacy) == ["2026-11-20 1", "2026-11-22 1"])
        // A later value of the rule wants nothing more of the days before it.
        let bureau = try await pharmacy.host.client(role: .siteAdmin, site: "county")
        try await bureau.call(
            "decoction.rules.revise",
            [
                "rule": "STORAGE", "parameter": "logsPerDay", "value": "4", "validFrom": "2026-11-25",
                "source": "县卫健委通知",
                "reviewer": "主任中药师",
            ])
        #expect(try await gaps(pharmacy) == ["2026-11-20 1", "2026-11-22 1"])
        pharmacy.host.setClock(Pharmacy.now.adding(seconds: 86_400))
        let admin = try await pharmacy.host.client(role: .siteAdmin, site: "t1")
        try await admin.call("jobs.run", ["job": "decoction.careWatch", "site": "t1"])
        try pharmacy.host.doJobs()
        let run = try await admin.call("jobs.history", ["job": "decoction.careWatch", "site": "t1"])["runs"]?[0]
        #expect(
            run?["counts"] == [
                ["name": "dueCare", "count": 0], ["name": "missingReadings", "count": 1],
                ["name": "unconfirmedToxic", "count": 0],
            ])
        // Each half of a day has one band, whatever the minute.
        let parts = try pharmacy.host.sql("SELECT DISTINCT part FROM decoction.climate_reading ORDER BY 1")
        #expect(parts == [["0"], ["1"]])
    }
}
