import Foundation
import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// What the tests of reports ask of a pharmacy.
extension Pharmacy {
    /// Receives and accepts a lot at a cost; gives its id.
    func stock(
        _ piece: String, _ quantity: Int64, costing fenPerKg: Int64, expiresIn days: Int = 700, on today: LocalDate
    ) async throws -> String {
        var delivery =
            Self.delivery(
                piece, quantity, supplier: self.supplier, batch: RecordID.make(at: HostClock.system.now).description,
                expiresOn: today.adding(days: days), producedOn: today.adding(days: -30)
            ).objectValue ?? [:]
        delivery["unitCostFenPerKg"] = .integer(fenPerKg)
        let reply = try await self.pharmacist.call("decoction.lot.receive", .object(delivery))
        let lot = try #require(reply["lotId"]?.stringValue)
        try await self.pharmacist.call("decoction.lot.accept", ["lotId": .string(lot)])
        return lot
    }

    func report(_ name: String, _ params: JSONValue = [:], by client: TestClient? = nil) async throws -> JSONValue {
        try await (client ?? self.pharmacist).call("decoction.report.\(name)", params)
    }

    /// Every line of a figure, page by page: how many there are, milligrams, fen.
    func lines(_ figure: String, _ params: [String: JSONValue] = [:], limit: Int64 = 7) async throws -> LineSum {
        var asked = params
        asked["figure"] = .string(figure)
        asked["limit"] = .integer(limit)
        var sum = LineSum()
        var told: LineSum?
        while true {
            let reply = try await self.report("lines", .object(asked))
            for line in reply["lines"]?.arrayValue ?? [] {
                sum.count += line["count"]?.integerValue ?? 0
                sum.mg += line["quantityMg"]?.integerValue ?? 0
                sum.fen += line["valueFen"]?.integerValue ?? 0
            }
            let total = reply["total"]
            let page = LineSum(
                count: total?["count"]?.integerValue ?? -1, mg: total?["quantityMg"]?.integerValue ?? 0,
                fen: total?["valueFen"]?.integerValue ?? 0)
            #expect(told == nil || told == page)
            told = page
            guard let next = reply["next"] else { break }
            asked["after"] = next
        }
        #expect(told == sum, "\(figure)")
        return sum
    }

    /// Every line of one side of an indicator: how many, and what they add up to.
    func indicatorLines(_ code: String, _ part: String, _ period: String) async throws -> LineSum {
        var asked: [String: JSONValue] = [
            "code": .string(code), "part": .string(part), "period": .string(period), "limit": 3,
        ]
        var sum = LineSum()
        while true {
            let reply = try await self.pharmacist.call("decoction.indicator.lines", .object(asked))
            for line in reply["lines"]?.arrayValue ?? [] {
                sum.count += 1
                sum.fen += line["amount"]?.integerValue ?? 0
            }
            guard let next = reply["next"] else {
                #expect(reply["amount"]?.integerValue ?? 0 == sum.fen, "\(code) \(part)")
                return sum
            }
            asked["after"] = next
        }
    }

    /// The indicators of a month, by code.
    func indicators(_ period: String) async throws -> [String: JSONValue] {
        let reply = try await self.pharmacist.call("decoction.indicator.list", ["period": .string(period)])
        let found = reply["indicators"]?.arrayValue ?? []
        return Dictionary(uniqueKeysWithValues: found.map { ($0["code"]?.stringValue ?? "", $0) })
    }

    /// A file as it is exported: its lines by the codes of its columns.
    func export(_ kind: String, _ params: JSONValue = [:]) async throws -> [[String: String]] {
        let client = self.pharmacist
        let begun = try await client.call("exports.begin", ["kind": .string(kind), "params": params])
        let id = try #require(begun["exportId"])
        let end = ContinuousClock.now + .seconds(120)
        while ContinuousClock.now < end {
            let state = try await client.call("exports.get", ["exportId": id])
            guard state["state"] == "done", let file = state["fileId"] else {
                #expect(state["state"] == "running", "\(state)")
                try await Task.sleep(for: .milliseconds(20))
                continue
            }
            let text = try #require(
                try await client.call("files.read", ["fileId": file, "offset": 0, "length": 500_000])["base64"]?
                    .stringValue)
            let bytes = [UInt8](try #require(Data(base64Encoded: text)))
            #expect(bytes.starts(with: [0xEF, 0xBB, 0xBF]))
            let columns = ReportPart.exports.first { type(of: $0).kind == kind }.map { type(of: $0).columns } ?? []
            let codes = Dictionary(columns.flatMap { [($0.name.zh, $0.code), ($0.name.en, $0.code)] }) { one, _ in one }
            return try DelimitedTable(parsing: bytes).rows.map { row in
                Dictionary(uniqueKeysWithValues: row.map { (codes[$0.key] ?? $0.key, $0.value) })
            }
        }
        throw NeverEnded()
    }

    struct NeverEnded: Error {}
}

/// What lines add up to.
struct LineSum: Equatable {
    var count: Int64 = 0
    var mg: Int64 = 0
    var fen: Int64 = 0
}

/// The sum of a column of a file, in thousandths or hundredths.
func columnSum(_ rows: [[String: String]], _ column: String, decimals: Int) -> Int64 {
    rows.reduce(0) { sum, row in
        let cell = row[column] ?? ""
        let value = DecimalText.parse(cell.hasPrefix("-") ? String(cell.dropFirst()) : cell, decimals: decimals) ?? 0
        return sum + (cell.hasPrefix("-") ? -value : value)
    }
}
