import Foundation
import XinglinKit

@testable import DecoctionPieces

/// The files that the module ships, and the pairs that its rules have to give.
enum DataFilesOfTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static func shipped(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: Self.root.appendingPathComponent("Plugins/DecoctionPieces/Data/\(name)")))
    }

    static func rules() throws -> [RuleLine] {
        try RuleFile(parsing: Self.shipped("rules.csv"), bounds: PharmacyRules.bounds).lines
    }

    static func pieces() throws -> [Piece] { try Catalogue(parsing: CatalogueTests.file()).pieces }

    /// What is in effect on a day by the shipped file alone.
    static func book(on day: LocalDate = Pharmacy.now.localDate) throws -> RuleBook {
        PharmacyRules.book(
            try Self.rules().filter { $0.validFrom <= day && ($0.validTo ?? day) >= day }.map {
                RuleBook.Entry(
                    key: $0.key, value: $0.value, tighter: $0.tighter, validFrom: $0.validFrom,
                    version: $0.version, revision: 0, siteRevision: 0)
            })
    }

    /// A pair of the domain reviewers' list.
    struct Pair: Hashable, Sendable, CustomStringConvertible {
        let a: String
        let b: String
        let rule: String
        let kind: String
        let severity: String
        let basis: String
        let note: String
        let isInCatalogue: Bool

        var description: String { "\(self.a)–\(self.b)" }
    }

    /// The 212 pairs of domain rule 8.8.
    static let pairs: [Pair] = {
        let url = Self.root.appendingPathComponent("Tests/DecoctionPiecesTests/Data/incompatibilities.csv")
        guard let data = try? Data(contentsOf: url), let table = try? DelimitedTable(parsing: [UInt8](data)) else {
            return []
        }
        return table.rows.map { row in
            Pair(
                a: row["a"] ?? "", b: row["b"] ?? "", rule: row["rule"] ?? "", kind: row["kind"] ?? "",
                severity: row["severity"] ?? "", basis: row["basis"] ?? "", note: row["note"] ?? "",
                isInCatalogue: row["a_in_catalog"] == "1" && row["b_in_catalog"] == "1")
        }
    }()
}
