import Testing
import XinglinKit

@testable import Membership

/// Months, settlements and arrears, without a database.
struct DuesDomainTests {
    private static func month(_ code: String) throws -> CalendarMonth { try #require(CalendarMonth(code: code)) }

    @Test("a month is read from YYYY-MM alone")
    func months() throws {
        #expect(CalendarMonth(code: "2026-11")?.description == "2026-11")
        for code in ["2026-13", "2026-00", "26-11-1", "2026-1", "2026.11", "2026-11-01", ""] {
            #expect(CalendarMonth(code: code) == nil, "\(code)")
        }
        let february = try Self.month("2028-02")
        #expect(february.last.description == "2028-02-29")
        #expect(february.adding(-2).description == "2027-12")
        #expect(try Self.month("2027-11").months(to: february) == 3)
        #expect(CalendarMonth(of: try #require(LocalDate("2026-01-31"))).adding(1).description == "2026-02")
    }

    @Test("a payment settles the oldest months first, never more than is owed of any")
    func settlement() throws {
        let open: [Settlement.Open] = [
            .init(month: try Self.month("2026-03"), fen: 500), .init(month: try Self.month("2026-01"), fen: 300),
            .init(month: try Self.month("2026-02"), fen: 0), .init(month: try Self.month("2026-04"), fen: -20),
        ]
        let part = Settlement(400, over: open)
        #expect(part.parts.map(\.fen) == [300, 100])
        #expect(part.parts.map(\.month.description) == ["2026-01", "2026-03"])
        #expect(part.restFen == 0)
        #expect(part.openFen == 800)
        #expect(Settlement(900, over: open).restFen == 100)
        #expect(Settlement(1, over: []).restFen == 1)
    }

    @Test("dues are normally paid at most six months in arrear")
    func late() throws {
        let day = try #require(LocalDate("2026-08-31"))
        let settled = Settlement(
            3,
            over: [
                .init(month: try Self.month("2026-01"), fen: 1), .init(month: try Self.month("2026-02"), fen: 1),
                .init(month: try Self.month("2026-08"), fen: 1),
            ])
        #expect(settled.late(on: day, after: 6).map(\.description) == ["2026-01"])
    }

    /// One letter per month from 2026-01: u unpaid, p paid, w waived, e excused, - not assessed.
    private static func arrears(_ months: String) throws -> Arrears {
        let first = try Self.month("2026-01")
        return Arrears(
            months.enumerated().compactMap { index, kind -> Arrears.Month? in
                guard kind != "-" else { return nil }
                return Arrears.Month(
                    month: first.adding(index), payableFen: kind == "w" ? 0 : 100,
                    openFen: kind == "u" || kind == "e" ? 100 : 0, isExcused: kind == "e")
            })
    }

    @Test(
        "the run of months of arrears, and its stage",
        arguments: [
            ("", 0, nil), ("p", 0, nil), ("u", 1, .notice), ("uu", 2, .notice), ("uuu", 3, .talk), ("uuuuu", 5, .talk),
            ("uuuuuu", 6, .lapse), ("uuuuup", 5, .talk), ("uuupuuu", 3, .talk), ("uuuwuuu", 6, .lapse),
            ("wwwwww", 0, nil),
            ("uuuwwuuup", 6, .lapse), ("uuueuuu", 3, .talk), ("eeeeee", 0, nil), ("uuu-uuu", 3, .talk),
            ("uuuuuupp", 6, .lapse),
        ] as [(String, Int, ArrearsStage?)])
    func stages(months: String, run: Int, stage: ArrearsStage?) throws {
        let arrears = try Self.arrears(months)
        #expect(arrears.run.count == run)
        #expect(ArrearsRule(notice: 1, talk: 3, lapse: 6).stage(of: arrears.run.count) == stage)
        #expect(arrears.openFen == Int64(months.count { $0 == "u" || $0 == "e" }) * 100)
        #expect(arrears.excused.count == months.count { $0 == "e" })
    }

    @Test("the evidence is the months themselves, the latest of two equal runs")
    func evidence() throws {
        #expect(try Self.arrears("uupuu").run.map(\.description) == ["2026-04", "2026-05"])
        #expect(try Self.arrears("uwu").run.map(\.description) == ["2026-01", "2026-03"])
    }

    @Test("a reduction waives what is above it, and never more than is due")
    func exemptions() {
        let id = RecordID(high: 0, low: 1)
        #expect(DuesExemption(id: id, reducedFen: nil).waived(of: 5000) == 5000)
        #expect(DuesExemption(id: id, reducedFen: 200).waived(of: 5000) == 4800)
        #expect(DuesExemption(id: id, reducedFen: 200).waived(of: 20) == 0)
    }
}
