import Testing
import XinglinKit

@Suite("Dates, instants and ids")
struct ValueTests {
    @Test(
        "instants are read exactly or not at all",
        arguments: [
            ("2026-11-22T06:30:00Z", "2026-11-22T14:30:00+08:00"),
            ("2026-11-22T14:30:00.123456+08:00", "2026-11-22T14:30:00.123456+08:00"),
            ("1969-12-31T23:59:59.5-00:00", "1970-01-01T07:59:59.500+08:00"),
            ("0001-01-01T00:00:00+23:59", nil), ("9999-12-31T23:59:59-23:59", nil), ("2026-02-29T00:00:00Z", nil),
            ("2026-11-22T24:00:00Z", nil), ("2026-11-22T06:30:00", nil), ("2026-11-22", nil), ("", nil),
        ] as [(String, String?)])
    func instants(_ text: String, _ expected: String?) {
        #expect(Timestamp(text)?.description == expected)
    }

    @Test("every date of 400 years comes back from its text, one day after the one before")
    func dates() throws {
        let first = try #require(LocalDate("1900-01-01"))
        for day in 0..<146_097 {
            let date = first.adding(days: day)
            guard LocalDate(date.description) == date else {
                Issue.record("\(date) does not come back")
                return
            }
        }
        #expect(first.adding(days: 146_097).description == "2300-01-01")
    }

    @Test(
        "impossible dates are refused",
        arguments: ["2026-02-30", "2100-02-29", "0000-01-01", "2026-1-1", "2026-13-01", "२०२६-01-01"])
    func impossibleDates(_ text: String) {
        #expect(LocalDate(text) == nil)
    }

    @Test("ids sort by the time they were made, and come back from their text")
    func ids() throws {
        let start = Timestamp(microseconds: 1_795_000_000_000_000)
        var last = RecordID.make(at: start)
        for step in 1...2_000 {
            let next = RecordID.make(at: Timestamp(microseconds: start.microseconds + Int64(step) * 250))
            #expect(next > last)
            #expect(RecordID(next.description.uppercased()) == next)
            #expect(Array(next.description)[14] == "7")
            last = next
        }
    }
}
