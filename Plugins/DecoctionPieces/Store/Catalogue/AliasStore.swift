internal import XinglinKit

/// The SQL of the pieces' other names.
enum AliasStore {
    /// An alias to add.
    struct New {
        let id: RecordID
        let code: String
        let alias: PieceAlias
    }

    /// No row where the name is a piece's own; `piece_alias_taken` where it is another alias.
    static func add(_ aliases: [New], by author: CatalogueStore.Author) -> SQL {
        """
        INSERT INTO decoction.piece_alias (alias_id, code, name_zh, pinyin, initials, reason, added_at, added_by)
        SELECT alias_id, code, name_zh, pinyin, initials, \(author.reason)::text, \(author.now)::timestamptz,
            \(author.account)::uuid
        FROM unnest(
            \(aliases.map(\.id))::uuid[], \(aliases.map(\.code))::text[], \(aliases.map(\.alias.nameZh))::text[],
            \(aliases.map(\.alias.pinyin))::text[], \(aliases.map(\.alias.initials))::text[]
        ) AS line (alias_id, code, name_zh, pinyin, initials)
        WHERE NOT EXISTS (SELECT FROM decoction.piece WHERE piece.name_zh = line.name_zh)
        """
    }

    /// Ends aliases by their names; no row where the piece has none of that name.
    static func remove(_ names: [String], of codes: [String], by author: CatalogueStore.Author) -> SQL {
        """
        UPDATE decoction.piece_alias SET removed_at = \(author.now), removed_by = \(author.account),
            removed_reason = \(author.reason)
        FROM unnest(\(codes)::text[], \(names)::text[]) AS line (code, name_zh)
        WHERE piece_alias.code = line.code AND piece_alias.name_zh = line.name_zh AND removed_at IS NULL
        """
    }

    /// The aliases in use of the pieces: code, name, pinyin, initials.
    static func of(_ codes: [String]) -> SQL {
        """
        SELECT code, name_zh, pinyin, initials FROM decoction.piece_alias
        WHERE code = ANY (\(codes)::text[]) AND removed_at IS NULL ORDER BY code, name_zh
        """
    }

    /// Reads the rows of `of`.
    static func aliases(_ rows: Rows) throws -> [String: [PieceAlias]] {
        let found = try rows.decode(as: (String, String, String, String).self)
        return Dictionary(grouping: found, by: \.0).mapValues { rows in
            rows.map { PieceAlias(nameZh: $0.1, pinyin: $0.2, initials: $0.3) }
        }
    }

    /// Every alias that a piece has or had.
    static func list(of code: String) -> SQL {
        """
        SELECT name_zh, nullif(pinyin, ''), nullif(initials, ''), nullif(reason, ''), added_at, added_by, removed_at,
            removed_by, removed_reason
        FROM decoction.piece_alias WHERE code = \(code) ORDER BY added_at, name_zh LIMIT 500
        """
    }

    static let columns: [JSONColumn] = [
        .string("nameZh"), .string("pinyin"), .string("initials"), .string("reason"), .timestamp("addedAt"),
        .string("addedBy"), .timestamp("removedAt"), .string("removedBy"), .string("removedReason"),
    ]
}
