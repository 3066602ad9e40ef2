internal import XinglinKit

/// How strongly a finding, or an incompatibility, stands against a prescription.
enum Severity: String, CaseIterable, Codable, Sendable, Hashable, SQLBindable, SQLTextDecodable {
    /// Only a second signature with a reason, where the rule allows one, or a rewrite goes past it.
    case block
    /// The doctor confirms it with a signature and a reason.
    case confirm
    case warn
    case info

    static var codes: [String] { Self.allCases.map(\.rawValue) }

    /// Whether the prescription waits for somebody because of it.
    var holdsUp: Bool { self == .block || self == .confirm }
}

/// One side of an incompatibility: all pieces of these materials and these pieces, but for those without.
struct IncompatibleSide: Equatable {
    let materials: [String]
    let pieces: [String]
    let without: [String]
}

/// RX-05 on the level of base materials (domain rules 8.8), from which the pairs of pieces follow.
struct IncompatibilityRule: Equatable {
    let id: String
    /// 十八反 or 十九畏, with its part.
    let song: String
    let kind: String
    let severity: Severity
    let basis: String
    let note: String
    let a: IncompatibleSide
    let b: IncompatibleSide

    static let columns = [
        "rule_id", "song", "kind", "severity", "basis", "note", "a_materials", "a_pieces", "a_without", "b_materials",
        "b_pieces", "b_without",
    ]

    init(_ row: StrictRow) throws(DataFileRefused) {
        self.id = try row.text("rule_id")
        self.song = try row.text("song")
        self.kind = try row.text("kind")
        self.severity = try row.code("severity")
        self.basis = try row.text("basis")
        self.note = row.optionalText("note")
        self.a = try Self.side("a", row)
        self.b = try Self.side("b", row)
    }

    private static func side(_ name: String, _ row: StrictRow) throws(DataFileRefused) -> IncompatibleSide {
        let side = IncompatibleSide(
            materials: try row.names("\(name)_materials"), pieces: try row.names("\(name)_pieces"),
            without: try row.names("\(name)_without"))
        guard !side.materials.isEmpty || !side.pieces.isEmpty else { throw row.refused("\(name)_materials") }
        return side
    }

    /// Reads the file; every material and piece must be in the catalogue, or be one that it leaves out on purpose.
    /// - Throws: `DataFileRefused`.
    static func rules(parsing file: [UInt8], over pieces: [Piece], withdrawn: [String]) throws -> [IncompatibilityRule]
    {
        let table = try StrictTable(parsing: file, name: "incompatibility_rules.csv", columns: Self.columns)
        let materials = Set(pieces.map(\.baseMaterial))
        let names = Set(pieces.map(\.nameZh) + withdrawn)
        var ids: Set<String> = []
        return try table.rows.map { row in
            let rule = try IncompatibilityRule(row)
            guard ids.insert(rule.id).inserted else { throw row.refused("rule_id") }
            for (name, side) in [("a", rule.a), ("b", rule.b)] {
                guard side.materials.allSatisfy(materials.contains) else { throw row.refused("\(name)_materials") }
                guard side.pieces.allSatisfy(names.contains) else { throw row.refused("\(name)_pieces") }
                guard side.without.allSatisfy(names.contains) else { throw row.refused("\(name)_without") }
            }
            return rule
        }
    }
}
