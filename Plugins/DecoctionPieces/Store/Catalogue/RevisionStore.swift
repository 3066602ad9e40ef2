internal import XinglinKit

/// The SQL of the catalogue's versions.
enum RevisionStore {
    /// Writes a version of every piece that differs from its latest one: after a data file was loaded.
    static let recordShipped: SQL = """
        WITH latest AS (
            SELECT DISTINCT ON (code) code, revision, content FROM decoction.piece_revision ORDER BY code, revision DESC
        ), changed AS (
            SELECT piece.code, latest.revision AS former, coalesce(latest.revision, 0) + 1 AS revision, next.content
            FROM decoction.piece LEFT JOIN latest USING (code), LATERAL (
                SELECT to_jsonb(piece) - \(literal: CatalogueStore.apart) AS content) AS next
            WHERE next.content IS DISTINCT FROM latest.content
        ), counted AS (
            UPDATE decoction.piece SET revision = changed.revision FROM changed WHERE piece.code = changed.code
        )
        INSERT INTO decoction.piece_revision (code, revision, content, origin, reason, source, valid_from, recorded_at)
        SELECT code, revision, content, 'shipped', '', 'decoction_pieces.csv',
            CASE WHEN former IS NULL THEN '2020-12-30' ELSE (now() AT TIME ZONE 'Asia/Shanghai')::date END, now()
        FROM changed
        """

    /// The version in force on a day, or the latest: revision, origin, valid from, column, value.
    static func content(of code: String, on day: LocalDate?) -> SQL {
        """
        SELECT version.revision, version.valid_from, entry.key, entry.value
        FROM (
            SELECT revision, valid_from, content FROM decoction.piece_revision
            WHERE code = \(code) AND (\(day)::date IS NULL OR valid_from <= \(day)::date)
            ORDER BY revision DESC LIMIT 1
        ) AS version, LATERAL jsonb_each_text(version.content) AS entry
        WHERE entry.value IS NOT NULL
        """
    }

    /// The versions of a piece, the latest first.
    static func list(of code: String, before revision: Int, limit: Int) -> SQL {
        """
        SELECT revision, origin, valid_from, recorded_at, recorded_by, nullif(reason, ''), nullif(source, '')
        FROM decoction.piece_revision WHERE code = \(code) AND revision < \(revision)
        ORDER BY revision DESC LIMIT \(limit)
        """
    }

    /// What differs from version to version: revision, column, old, new.
    static func differences(of code: String, from first: Int, to last: Int) -> SQL {
        """
        SELECT version.revision, change.key, change.old_value, change.new_value
        FROM decoction.piece_revision AS version
        JOIN decoction.piece_revision AS former ON former.code = version.code AND former.revision = version.revision - 1,
        LATERAL (
            SELECT coalesce(was.key, becomes.key) AS key, was.value AS old_value, becomes.value AS new_value
            FROM jsonb_each_text(former.content) AS was
            FULL JOIN jsonb_each_text(version.content) AS becomes ON becomes.key = was.key
        ) AS change
        WHERE version.code = \(code) AND version.revision BETWEEN \(first) AND \(last)
            AND change.old_value IS DISTINCT FROM change.new_value
        ORDER BY version.revision DESC, 2
        """
    }
}
