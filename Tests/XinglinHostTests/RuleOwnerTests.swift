import Testing
import XinglinKit

/// The rule table as a second module has it.
struct RuleOwnerTests {
    private enum Tariff: RuleOwner {
        static let table = RuleTable(schema: "tariff")
        static let bounds = RuleBounds(
            numbers: [from: 1...30, to: 1...60], codes: [payer: ["site", "county"]],
            pairs: [.init(least: from, greatest: to)])
        static let unusable = FaultKind(
            "tariff.ruleUnusable", code: 9820, message: .init(zh: "数值不可用", en: "Unusable"),
            hint: .init(zh: "请改正", en: "Correct it"))
        static let loosened = FaultKind(
            "tariff.ruleLoosened", code: 9821, message: .init(zh: "只能收紧", en: "Only tightened"),
            hint: .init(zh: "请收紧", en: "Tighten it"))
        static let readers = Access.authenticated
        static let listSummary = "Lists the values of tariffs."
        static let from = RuleKey("TARIFF", "from")
        static let to = RuleKey("TARIFF", "to")
        static let payer = RuleKey("TARIFF", "payer")

        static var example: RuleExample {
            let day = LocalDate(daysSince1970: 20_000)
            return RuleExample(
                line: RuleLine(
                    from, value: "7", unit: "days", tighter: .lower, isNational: true, source: "条例", confidence: .high,
                    reviewer: "待复核", validFrom: day, summary: .init(zh: "起", en: "From")),
                asOf: day,
                revision: RuleTable.Revision(key: from, value: "5", validFrom: day, source: "决议", reviewer: "主任"))
        }

        static func entry(_ key: RuleKey, _ value: String, site: Int = 0) -> RuleBook.Entry {
            RuleBook.Entry(
                key: key, value: value, tighter: .lower, validFrom: LocalDate(daysSince1970: 20_000),
                version: site == 0 ? 1 : 0, revision: 0, siteRevision: site)
        }
    }

    @Test("its statements name its own schema alone, and its methods are called after it")
    func schema() {
        for sql in Tariff.ruleSamples {
            #expect(sql.text.contains("tariff.") || sql.values == ["tariff.rule"], "\(sql.text)")
            #expect(!sql.text.contains("decoction"))
        }
        #expect(Tariff.ruleMethods.map { type(of: $0).name } == ["tariff.rules.list", "tariff.rules.revise"])
        #expect(ListRules<Tariff>.access == .authenticated && ReviseRule<Tariff>.access == .roles([.siteAdmin]))
        #expect(ReviseRule<Tariff>.faults == [Tariff.loosened])
        #expect(Tariff.ruleTables == [.county("rule"), .ledger("site_rule")])
    }

    @Test("a value that is missing, out of bounds or at odds with its pair refuses with its own reason")
    func unusable() throws {
        #expect(throws: Tariff.unusable(Tariff.from, .missing)) { try Tariff.book([]).number(Tariff.from) }
        #expect(throws: Tariff.unusable(Tariff.from, .outOfBounds(.number(1...30)))) {
            try Tariff.book([Tariff.entry(Tariff.from, "31")]).number(Tariff.from)
        }
        #expect(throws: Tariff.unusable(Tariff.payer, .outOfBounds(nil))) {
            try Tariff.book([Tariff.entry(Tariff.payer, "nobody")]).text(Tariff.payer)
        }
        let inverted = Tariff.book([Tariff.entry(Tariff.from, "8"), Tariff.entry(Tariff.to, "7")])
        #expect(throws: Tariff.unusable(Tariff.to, .pairInverted(Tariff.from))) { try inverted.number(Tariff.to) }
        let fault = #expect(throws: Fault.self) { try inverted.number(Tariff.from) }
        #expect(fault?.kind == Tariff.unusable && fault?.details?["other"]?["parameter"] == "to")
    }

    @Test("a site's stricter value holds, a laxer one does not")
    func stricter() throws {
        let county = Tariff.entry(Tariff.to, "20")
        #expect(try Tariff.book([county, Tariff.entry(Tariff.to, "10", site: 1)]).number(Tariff.to) == 10)
        let laxer = Tariff.book([county, Tariff.entry(Tariff.to, "30", site: 1)])
        #expect(try laxer.number(Tariff.to) == 20)
        #expect(laxer.version(of: "TARIFF") == "1.0-s1")
    }

    @Test("jsonb stands in a reply as the database wrote it, and NULL leaves it out")
    func rawColumn() {
        let rows = Rows(OneColumn([#"{"a": [1, null], "b": "\u4e2d\n"}"#, nil]))
        let json = String(decoding: rows.json([.json("paper")]), as: UTF8.self)
        #expect(json == #"[{"paper":{"a": [1, null], "b": "\u4e2d\n"}},{}]"#)
    }
}

/// A result of one column.
private final class OneColumn: RowSource {
    private let cells: [String?]

    init(_ cells: [String?]) {
        self.cells = cells
    }

    var rowCount: Int { self.cells.count }
    var columnCount: Int { 1 }
    var affectedRows: Int { self.cells.count }

    func withCell<Value>(row: Int, column: Int, _ body: (UnsafeRawBufferPointer?) throws -> Value) rethrows -> Value {
        guard let cell = self.cells[row] else { return try body(nil) }
        return try Array(cell.utf8).withUnsafeBytes { try body($0) }
    }
}
