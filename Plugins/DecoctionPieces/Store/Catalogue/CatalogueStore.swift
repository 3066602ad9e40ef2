internal import XinglinKit

/// The SQL of the county's changes to the catalogue.
enum CatalogueStore {
    /// What of a row is no content: its keys, and the Chinese labels that follow from codes.
    static let apart: StaticString = """
        '{code,revision,is_county,county_columns,dose_route_zh,toxicity_zh,control_class_zh,pregnancy_zh,cooking_zh,\
        storage_class_zh}'::text[]
        """

    /// "xlca": one change of the catalogue at a time, so that its versions count on and a name is given once.
    static let own: SQL = "SELECT pg_advisory_xact_lock(2020369249)::text"

    /// Every field of the pieces that has a value, by code: code, revision, whether the county's, column, value.
    static func contents(_ codes: [String]) -> SQL {
        """
        SELECT code, piece.revision, is_county, entry.key, entry.value
        FROM decoction.piece, LATERAL jsonb_each_text(to_jsonb(piece) - \(literal: Self.apart)) AS entry
        WHERE code = ANY (\(codes)::text[]) AND entry.value IS NOT NULL
        ORDER BY code
        """
    }

    /// The same of a page of all pieces.
    static func contents(after code: String, limit: Int) -> SQL {
        """
        SELECT code, piece.revision, is_county, entry.key, entry.value
        FROM (SELECT * FROM decoction.piece WHERE code > \(code) ORDER BY code LIMIT \(limit)) AS piece,
            LATERAL jsonb_each_text(to_jsonb(piece) - \(literal: Self.apart)) AS entry
        WHERE entry.value IS NOT NULL
        ORDER BY code
        """
    }

    /// Reads the rows of `contents`, in the order of the codes.
    static func contents(_ rows: Rows) throws -> [PieceContent] {
        var contents: [PieceContent] = []
        var values: [String: String] = [:]
        var current: (code: String, revision: Int, isCounty: Bool)?
        func close() {
            guard let current else { return }
            contents.append(
                PieceContent(
                    code: current.code, revision: current.revision, isCounty: current.isCounty, values: values))
        }
        for row in try rows.decode(as: (String, Int, Bool, String, String).self) {
            if row.0 != current?.code {
                close()
                values = [:]
                current = (row.0, row.1, row.2)
            }
            if let field = PieceField.byColumn[row.3] { values[field.code] = row.4 }
        }
        close()
        return contents
    }

    /// Who changes the catalogue, and why.
    struct Author {
        let account: RecordID
        let now: Timestamp
        let reason: String
        let source: String
    }

    /// A change of a piece whose version it names.
    struct Change {
        let code: String
        let revision: Int
        let columns: [String: JSONValue]
    }

    /// Changes pieces, each with its next version; no row where it has another version by now. Gives the codes.
    static func change(_ changes: [Change], by author: Author) -> SQL {
        """
        WITH line AS (
            SELECT * FROM unnest(
                \(changes.map(\.code))::text[], \(changes.map(\.revision))::integer[],
                \(changes.map { JSONValue.object($0.columns).canonicalText })::jsonb[]) AS one (code, revision, columns)
        ), changed AS (
            UPDATE decoction.piece SET (
                pinyin, initials, latin, category, source_part, processing, nature_flavour, meridian, dose_min_mg,
                dose_max_mg, dose_route, dose_route_zh, toxicity, toxicity_zh, controlled_toxic_28, control_class,
                control_class_zh, pregnancy, pregnancy_zh, cooking, cooking_zh, storage_class, storage_class_zh,
                chp2020_listed, notes, confidence, nhsa_code, gbt31774, withdrawn_on, revision, county_columns
            ) = (
                next.pinyin, next.initials, next.latin, next.category, next.source_part, next.processing,
                next.nature_flavour, next.meridian, next.dose_min_mg, next.dose_max_mg, next.dose_route,
                next.dose_route_zh, next.toxicity, next.toxicity_zh, next.controlled_toxic_28, next.control_class,
                next.control_class_zh, next.pregnancy, next.pregnancy_zh, next.cooking, next.cooking_zh,
                next.storage_class, next.storage_class_zh, next.chp2020_listed, next.notes, next.confidence,
                next.nhsa_code, next.gbt31774, next.withdrawn_on, old.revision + 1,
                ARRAY(SELECT unnest(old.county_columns) UNION SELECT jsonb_object_keys(line.columns) ORDER BY 1)
            )
            FROM line, decoction.piece AS old, LATERAL jsonb_populate_record(old, line.columns) AS next
            WHERE old.code = line.code AND piece.code = line.code AND old.revision = line.revision
            RETURNING piece.*
        )
        INSERT INTO decoction.piece_revision (
            code, revision, content, origin, reason, source, valid_from, recorded_at, recorded_by)
        SELECT code, revision, to_jsonb(changed) - \(literal: Self.apart), 'county', \(author.reason)::text,
            \(author.source)::text, \(author.now.localDate)::date, \(author.now)::timestamptz, \(author.account)::uuid
        FROM changed ORDER BY code
        RETURNING code
        """
    }

    /// Adds pieces of the county's own, each with all its columns and its first version.
    static func add(_ pieces: [Change], by author: Author) -> SQL {
        """
        WITH added AS (
            INSERT INTO decoction.piece
            SELECT next.* FROM unnest(
                \(pieces.map(\.code))::text[],
                \(pieces.map { JSONValue.object($0.columns).canonicalText })::jsonb[]) AS one (code, columns),
                LATERAL jsonb_populate_record(NULL::decoction.piece, columns || jsonb_build_object(
                    'code', code, 'revision', 1, 'is_county', true, 'county_columns', '[]'::jsonb)) AS next
            ORDER BY one.code
            RETURNING *
        )
        INSERT INTO decoction.piece_revision (
            code, revision, content, origin, reason, source, valid_from, recorded_at, recorded_by)
        SELECT code, revision, to_jsonb(added) - \(literal: Self.apart), 'county', \(author.reason)::text,
            \(author.source)::text, \(author.now.localDate)::date, \(author.now)::timestamptz, \(author.account)::uuid
        FROM added ORDER BY code
        RETURNING code
        """
    }

    /// The code that the county's next piece gets.
    static let nextCode: SQL = """
        SELECT 'XLYP' || coalesce(max(substr(code, 5)::integer) + 1, 9001) FROM decoction.piece WHERE is_county
        """

    /// Which piece has a name, as its own or as an alias: name and code.
    static func named(_ names: [String]) -> SQL {
        """
        SELECT name_zh, code FROM decoction.piece WHERE name_zh = ANY (\(names)::text[])
        UNION ALL
        SELECT name_zh, code FROM decoction.piece_alias WHERE removed_at IS NULL AND name_zh = ANY (\(names)::text[])
        """
    }

    /// The pieces that are made of a material.
    static func made(of material: String) -> SQL {
        "SELECT code FROM decoction.piece WHERE base_material = \(material) ORDER BY code"
    }

    /// Which of the pieces, by code, by name or by alias, are withdrawn: code, name, since when.
    static func withdrawn(_ codes: [String], named names: [String]) -> SQL {
        """
        SELECT code, name_zh, withdrawn_on FROM decoction.piece
        WHERE withdrawn_on IS NOT NULL AND (code = ANY (\(codes)::text[]) OR name_zh = ANY (\(names)::text[]) OR code IN (
            SELECT alias.code FROM decoction.piece_alias AS alias
            WHERE alias.removed_at IS NULL AND alias.name_zh = ANY (\(names)::text[])))
        ORDER BY code
        """
    }

    /// How many pairs of incompatible pieces a piece stands in.
    static func pairs(of code: String) -> SQL {
        "SELECT count(*) FROM decoction.incompatibility WHERE a_code = \(code) OR b_code = \(code)"
    }
}
