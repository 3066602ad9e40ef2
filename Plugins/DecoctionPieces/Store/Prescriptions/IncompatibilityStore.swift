internal import XinglinKit

/// The SQL of incompatibilities (RX-05): the rules on base materials, and the pairs of pieces that follow from them.
enum IncompatibilityStore {
    /// Takes the rules and their pairs away, before those of the file come in.
    static let forget: [SQL] = ["DELETE FROM decoction.incompatibility", "DELETE FROM decoction.incompatibility_rule"]

    /// Puts the rules of the file in.
    static func add(_ rules: [IncompatibilityRule]) -> SQL {
        """
        INSERT INTO decoction.incompatibility_rule (
            rule_id, song, kind, severity, basis, note, a_materials, a_pieces, a_without, b_materials, b_pieces, b_without)
        SELECT rule_id, song, kind, severity, basis, note,
            string_to_array(a_materials, ';'), string_to_array(a_pieces, ';'), string_to_array(a_without, ';'),
            string_to_array(b_materials, ';'), string_to_array(b_pieces, ';'), string_to_array(b_without, ';')
        FROM unnest(
            \(rules.map(\.id))::text[], \(rules.map(\.song))::text[], \(rules.map(\.kind))::text[],
            \(rules.map(\.severity))::text[], \(rules.map(\.basis))::text[], \(rules.map(\.note))::text[],
            \(rules.map { Self.joined($0.a.materials) })::text[], \(rules.map { Self.joined($0.a.pieces) })::text[],
            \(rules.map { Self.joined($0.a.without) })::text[], \(rules.map { Self.joined($0.b.materials) })::text[],
            \(rules.map { Self.joined($0.b.pieces) })::text[], \(rules.map { Self.joined($0.b.without) })::text[]
        ) AS line (
            rule_id, song, kind, severity, basis, note, a_materials, a_pieces, a_without, b_materials, b_pieces, b_without)
        """
    }

    private static func joined(_ names: [String]) -> String { names.joined(separator: ";") }

    /// Adds the pairs that follow from the rules over the catalogue and are not there yet: after the rules were loaded, and
    /// whenever a piece came into the catalogue. A named piece that the catalogue leaves out stands with its name alone.
    static let expand: SQL = """
        INSERT INTO decoction.incompatibility (a_name_zh, b_name_zh, a_code, b_code, rule_id)
        SELECT a.name_zh, b.name_zh, a.code, b.code, rule.rule_id
        FROM decoction.incompatibility_rule AS rule,
        LATERAL (
            SELECT code, name_zh FROM decoction.piece
            WHERE (base_material = ANY (rule.a_materials) OR name_zh = ANY (rule.a_pieces))
                AND name_zh <> ALL (rule.a_without)
            UNION ALL
            SELECT NULL, named FROM unnest(rule.a_pieces) AS named
            WHERE NOT EXISTS (SELECT FROM decoction.piece WHERE name_zh = named)
        ) AS a,
        LATERAL (
            SELECT code, name_zh FROM decoction.piece
            WHERE (base_material = ANY (rule.b_materials) OR name_zh = ANY (rule.b_pieces))
                AND name_zh <> ALL (rule.b_without)
            UNION ALL
            SELECT NULL, named FROM unnest(rule.b_pieces) AS named
            WHERE NOT EXISTS (SELECT FROM decoction.piece WHERE name_zh = named)
        ) AS b
        ORDER BY rule.rule_id
        ON CONFLICT ON CONSTRAINT incompatibility_pair_once DO NOTHING
        """

    /// The pairs that stand within a set of pieces: both codes, severity, song and basis.
    static func among(_ codes: [String]) -> SQL {
        """
        SELECT a_code, b_code, severity, song, basis
        FROM decoction.incompatibility JOIN decoction.incompatibility_rule USING (rule_id)
        WHERE a_code = ANY (\(codes)::text[]) AND b_code = ANY (\(codes)::text[])
        ORDER BY a_code, b_code
        """
    }
}
