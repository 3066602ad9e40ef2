internal import XinglinKit

/// The SQL of what a site's own system calls the pieces.
enum LocalCodeStore {
    /// Ends the code that the piece has.
    static func end(_ piece: String, _ act: LotStore.Act) -> SQL {
        """
        UPDATE decoction.local_code SET ended_at = \(act.now), ended_by = \(act.account)
        WHERE site_id = \(act.site) AND piece_code = \(piece) AND ended_at IS NULL
        """
    }

    static func set(_ id: RecordID, _ local: String, of piece: String, _ act: LotStore.Act) -> SQL {
        """
        INSERT INTO decoction.local_code (site_id, code_id, piece_code, local_code, set_at, set_by)
        VALUES (\(act.site), \(id), \(piece), \(local), \(act.now), \(act.account))
        """
    }

    /// The same of many pieces.
    static func end(_ pieces: [String], _ act: LotStore.Act) -> SQL {
        """
        UPDATE decoction.local_code SET ended_at = \(act.now), ended_by = \(act.account)
        WHERE site_id = \(act.site) AND piece_code = ANY (\(pieces)::text[]) AND ended_at IS NULL
        """
    }

    static func set(_ ids: [RecordID], _ locals: [String], of pieces: [String], _ act: LotStore.Act) -> SQL {
        """
        INSERT INTO decoction.local_code (site_id, code_id, piece_code, local_code, set_at, set_by)
        SELECT \(act.site)::uuid, code_id, piece_code, local_code, \(act.now)::timestamptz, \(act.account)::uuid
        FROM unnest(\(ids)::uuid[], \(pieces)::text[], \(locals)::text[]) AS line (code_id, piece_code, local_code)
        """
    }

    /// Every code in use: piece and code.
    static func every(site: RecordID) -> SQL {
        "SELECT piece_code, local_code FROM decoction.local_code WHERE site_id = \(site) AND ended_at IS NULL"
    }

    /// The piece that has a local code now.
    static func owner(of local: String, site: RecordID) -> SQL {
        """
        SELECT piece_code FROM decoction.local_code
        WHERE site_id = \(site) AND local_code = \(local) AND ended_at IS NULL
        """
    }

    /// The codes in use, by piece.
    static func list(site: RecordID, after piece: String, limit: Int) -> SQL {
        """
        SELECT piece_code, name_zh, local_code, set_at, set_by
        FROM decoction.local_code JOIN decoction.piece ON piece.code = piece_code
        WHERE site_id = \(site) AND ended_at IS NULL AND piece_code > \(piece) ORDER BY piece_code LIMIT \(limit)
        """
    }

    static let columns: [JSONColumn] = [
        .string("pieceCode"), .string("nameZh"), .string("localCode"), .timestamp("setAt"), .string("accountId"),
    ]
}
