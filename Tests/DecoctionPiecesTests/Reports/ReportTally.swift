import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// The figures of reports worked out in another way: from every row of the ledger since its beginning, in Swift.
struct ReportTally {
    struct Entry {
        let lot: String
        let piece: String
        let location: String
        let kind: String
        let cause: String
        let takes: Bool
        let reason: String
        let mg: Int64
        let on: String
        var fen: Int64 = 0
    }

    let entries: [Entry]

    /// Reads the ledger of `t1`.
    init(_ host: TestHost) throws {
        let rows = try host.sql(
            """
            SELECT m.lot_id, m.piece_code, m.location_id, m.kind, coalesce(o.kind, m.kind),
                coalesce(o.quantity_mg, m.quantity_mg) < 0, coalesce(o.reason, m.reason), m.quantity_mg, m.booked_on,
                lot.unit_cost_fen_per_kg
            FROM decoction.movement m JOIN decoction.lot USING (site_id, lot_id)
                LEFT JOIN decoction.movement o ON o.site_id = m.site_id AND o.seq = m.reverses_seq
            WHERE m.site_id = (SELECT site_id FROM host.site WHERE code = 't1') ORDER BY m.booked_on, m.seq
            """)
        var left: [String: Int64] = [:]
        self.entries = rows.map { row in
            let cell = row.map { $0 ?? "" }
            let (mg, cost) = (Int64(cell[7]) ?? 0, Int64(cell[9]) ?? 0)
            let before = left[cell[0], default: 0]
            left[cell[0]] = before + mg
            return Entry(
                lot: cell[0], piece: cell[1], location: cell[2], kind: cell[3], cause: cell[4], takes: cell[5] == "t",
                reason: cell[6], mg: mg, on: cell[8],
                fen: Self.fen(before + mg, cost) - Self.fen(before, cost))
        }
    }

    /// What a weight costs, rounded to the fen, half away from zero.
    static func fen(_ mg: Int64, _ cost: Int64) -> Int64 {
        let exact = Int128(mg.magnitude) * Int128(cost)
        let rounded = Int64((exact * 2 + 1_000_000) / 2_000_000)
        return mg < 0 ? -rounded : rounded
    }

    private func sum(_ sign: Int64 = 1, _ isMeant: (Entry) -> Bool) -> LineSum {
        self.entries.filter(isMeant).reduce(into: LineSum()) { sum, entry in
            sum.count += 1
            sum.mg += sign * entry.mg
            sum.fen += sign * entry.fen
        }
    }

    /// What there was when a day began.
    func opening(_ day: LocalDate, _ isMeant: (Entry) -> Bool = { _ in true }) -> LineSum {
        self.sum { $0.on < day.description && isMeant($0) }
    }

    func figure(_ name: String, _ from: LocalDate, _ to: LocalDate, _ isMeant: (Entry) -> Bool = { _ in true })
        -> LineSum
    {
        self.sum(name == "in" || name == "surplus" ? 1 : -1) { entry in
            guard (from.description...to.description).contains(entry.on), isMeant(entry) else { return false }
            switch name {
            case "in": return entry.mg > 0
            case "out": return entry.mg < 0
            case "issued": return ["issue", "shipment", "shipmentReturn"].contains(entry.cause)
            case "shortage": return entry.cause == "stocktake" && entry.takes
            case "surplus": return entry.cause == "stocktake" && !entry.takes
            case "writeOff": return entry.cause == "disposal"
            default: return entry.cause == "disposal" || entry.cause == "stocktake" && entry.takes
            }
        }
    }
}
