internal import XinglinKit

/// The SQL that reads what the rules judge a prescription by.
enum CaseStore {
    /// The pieces with these codes, or with these names, or made of what is named.
    static func pieces(_ codes: [String], named names: [String]) -> SQL {
        """
        SELECT code, name_zh, base_material, dose_min_mg, dose_max_mg, dose_route, toxicity, controlled_toxic_28,
            control_class, pregnancy, cooking, revision
        FROM decoction.piece
        WHERE code = ANY (\(codes)::text[]) OR name_zh = ANY (\(names)::text[])
            OR (base_material = ANY (\(names)::text[]) AND withdrawn_on IS NULL)
            OR code IN (
                SELECT alias.code FROM decoction.piece_alias AS alias
                WHERE alias.removed_at IS NULL AND alias.name_zh = ANY (\(names)::text[]))
        ORDER BY code
        """
    }

    /// Reads the rows of `pieces`.
    static func prescribed(_ rows: Rows) throws -> [PrescribedPiece] {
        try rows.decode(
            as: (
                String, String, String, Int64?, Int64?, DoseRoute, Toxicity, Bool, ControlClass, Pregnancy, Cooking, Int
            ).self
        ).map { row in
            var dose: ClosedRange<Int64>?
            if let least = row.3, let greatest = row.4 { dose = least...greatest }
            return PrescribedPiece(
                code: row.0, nameZh: row.1, baseMaterial: row.2, dose: dose, doseRoute: row.5, toxicity: row.6,
                isToxic28: row.7, controlClass: row.8, pregnancy: row.9, cooking: row.10, revision: row.11)
        }
    }

    /// Which pieces have the names as aliases: name and code.
    static func aliased(_ names: [String]) -> SQL {
        "SELECT name_zh, code FROM decoction.piece_alias WHERE removed_at IS NULL AND name_zh = ANY (\(names)::text[])"
    }

    /// Reads the rows of `IncompatibilityStore.among`.
    static func pairs(_ rows: Rows) throws -> [PrescriptionCase.Pair] {
        try rows.decode(as: (String, String, Severity, String, String).self).map {
            PrescriptionCase.Pair(a: $0.0, b: $0.1, severity: $0.2, song: $0.3, basis: $0.4)
        }
    }

    /// Reads the rows of `StockStore.totals`.
    static func stock(_ rows: Rows) throws -> [String: IssueRefusal.Stock] {
        let totals = try rows.decode(as: (String, Int64, Int64, Int64).self)
        return Dictionary(
            uniqueKeysWithValues: totals.map {
                ($0.0, IssueRefusal.Stock(availableMg: $0.1, quarantinedMg: $0.2, expiredMg: $0.3))
            })
    }
}
