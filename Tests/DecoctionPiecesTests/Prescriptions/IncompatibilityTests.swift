import Testing
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// RX-05's pairs, which follow from rules on base materials.
struct IncompatibilityTests {
    private static let everyPair = """
        SELECT a_name_zh, b_name_zh, song, kind, severity, basis, note, (a_code IS NOT NULL AND b_code IS NOT NULL)::text
        FROM decoction.incompatibility JOIN decoction.incompatibility_rule USING (rule_id)
        """

    @Test("RX-05: the expansion over the catalogue is the reviewers' list of 212 pairs, with every member of a line")
    func expansion() async throws {
        #expect(DataFilesOfTests.pairs.count == 212)
        let pharmacy = try await Pharmacy.open()
        let found = try pharmacy.host.sql(Self.everyPair).map { row in
            DataFilesOfTests.Pair(
                a: row[0] ?? "", b: row[1] ?? "", rule: row[2] ?? "", kind: row[3] ?? "", severity: row[4] ?? "",
                basis: row[5] ?? "", note: row[6] ?? "", isInCatalogue: row[7] == "true")
        }
        #expect(found.count == 212)
        #expect(Set(found) == Set(DataFilesOfTests.pairs))
        // 犀角 alone is left out of the catalogue; it stands by its name.
        #expect(found.filter { !$0.isInCatalogue }.allSatisfy { $0.b == "犀角" })
        #expect(found.filter { !$0.isInCatalogue }.count == 4)
    }

    @Test("RX-05: a processing variant that comes into the catalogue adds its pairs, and only its own")
    func aVariantAddsItsPairs() async throws {
        let pharmacy = try await Pharmacy.open()
        // 竹沥半夏 is another processed 半夏: all nine pieces of 川乌, 草乌 and 附子 stand against it.
        try pharmacy.host.script(
            """
            INSERT INTO decoction.piece
            SELECT (jsonb_populate_record(piece, '{"code": "XLYP0900", "name_zh": "竹沥半夏"}')).*
            FROM decoction.piece WHERE name_zh = '姜半夏'
            """)
        try pharmacy.host.script(IncompatibilityStore.expand.text)
        #expect(try pharmacy.host.sql("SELECT count(*) FROM decoction.incompatibility") == [["221"]])
        let added = try pharmacy.host.sql(
            "SELECT count(*) FROM decoction.incompatibility WHERE b_code = 'XLYP0900' AND b_name_zh = '竹沥半夏'")
        #expect(added == [["9"]])
        try pharmacy.host.script(IncompatibilityStore.expand.text)
        #expect(try pharmacy.host.sql("SELECT count(*) FROM decoction.incompatibility") == [["221"]])
    }

    @Test(
        "a rule with an unknown material, piece, severity or side refuses the file with its line",
        arguments: [
            ("川乌;草乌;附子", "川乌;草乌;附字"), ("川乌;草乌;附子", "川乌;;附子"), ("川乌;草乌;附子", "川乌;川乌"), ("川乌;草乌;附子", ""),
            (",block,", ",stop,"), ("IN-01", ""), ("十八反-乌头", ""), (",半夏;", ",\"半夏;"), (",,,半夏", ",,半夏"),
            ("IN-02", "IN-01"),
        ])
    func refused(good: String, bad: String) throws {
        let text = String(decoding: try DataFilesOfTests.shipped("incompatibility_rules.csv"), as: UTF8.self)
        let spoilt = text.replacing(good, with: bad, maxReplacements: 1)
        #expect(spoilt != text)
        let pieces = try DataFilesOfTests.pieces()
        let error = #expect(throws: DataFileRefused.self) {
            try IncompatibilityRule.rules(parsing: Array(spoilt.utf8), over: pieces, withdrawn: ["犀角"])
        }
        #expect(error?.line == (good == "IN-02" ? 3 : 2))
        // 犀角 is known only because the rule table names it as withdrawn.
        #expect(throws: DataFileRefused.self) {
            try IncompatibilityRule.rules(parsing: Array(text.utf8), over: pieces, withdrawn: [])
        }
    }
}
