internal import XinglinKit

/// The SQL of `decoction.piece`, the catalogue.
enum PieceStore {
    /// Puts all pieces into the catalogue, in one statement of one array per column.
    static func upsert(_ pieces: [Piece]) -> SQL {
        """
        INSERT INTO decoction.piece (
            code, name_zh, pinyin, initials, latin, base_material, category, source_part, processing, nature_flavour,
            meridian, dose_min_mg, dose_max_mg, dose_route, dose_route_zh, toxicity, toxicity_zh, controlled_toxic_28,
            control_class, control_class_zh, pregnancy, pregnancy_zh, cooking, cooking_zh, storage_class,
            storage_class_zh, chp2020_listed, notes, confidence)
        SELECT * FROM unnest(
            \(pieces.map(\.code))::text[], \(pieces.map(\.nameZh))::text[], \(pieces.map(\.pinyin))::text[],
            \(pieces.map(\.initials))::text[], \(pieces.map(\.latin))::text[], \(pieces.map(\.baseMaterial))::text[],
            \(pieces.map(\.category))::text[], \(pieces.map(\.sourcePart))::text[], \(pieces.map(\.processing))::text[],
            \(pieces.map(\.natureFlavour))::text[], \(pieces.map(\.meridian))::text[],
            \(pieces.map(\.dose?.lowerBound))::bigint[], \(pieces.map(\.dose?.upperBound))::bigint[],
            \(pieces.map(\.doseRoute))::text[], \(pieces.map(\.doseRoute.labelZh))::text[],
            \(pieces.map(\.toxicity))::text[], \(pieces.map(\.toxicity.labelZh))::text[],
            \(pieces.map(\.isControlledToxic28))::boolean[],
            \(pieces.map(\.controlClass))::text[], \(pieces.map(\.controlClass.labelZh))::text[],
            \(pieces.map(\.pregnancy))::text[], \(pieces.map(\.pregnancy.labelZh))::text[],
            \(pieces.map(\.cooking))::text[], \(pieces.map(\.cooking.labelZh))::text[],
            \(pieces.map(\.storageClass))::text[], \(pieces.map(\.storageClass.labelZh))::text[],
            \(pieces.map(\.isChP2020Listed))::boolean[], \(pieces.map(\.notes))::text[],
            \(pieces.map(\.confidence))::text[])
        ON CONFLICT (code) DO UPDATE SET
            name_zh = excluded.name_zh, pinyin = excluded.pinyin, initials = excluded.initials, latin = excluded.latin,
            base_material = excluded.base_material, category = excluded.category, source_part = excluded.source_part,
            processing = excluded.processing, nature_flavour = excluded.nature_flavour, meridian = excluded.meridian,
            dose_min_mg = excluded.dose_min_mg, dose_max_mg = excluded.dose_max_mg, dose_route = excluded.dose_route,
            dose_route_zh = excluded.dose_route_zh, toxicity = excluded.toxicity, toxicity_zh = excluded.toxicity_zh,
            controlled_toxic_28 = excluded.controlled_toxic_28, control_class = excluded.control_class,
            control_class_zh = excluded.control_class_zh, pregnancy = excluded.pregnancy,
            pregnancy_zh = excluded.pregnancy_zh, cooking = excluded.cooking, cooking_zh = excluded.cooking_zh,
            storage_class = excluded.storage_class, storage_class_zh = excluded.storage_class_zh,
            chp2020_listed = excluded.chp2020_listed, notes = excluded.notes, confidence = excluded.confidence
        """
    }

    /// The pieces that a query finds, the nearest first: the whole name, pinyin, initials or code; then what begins so;
    /// then names that contain it. `starts_with` and `strpos` have no wildcards, so `%` and `_` mean themselves.
    static func search(_ query: SearchQuery, after code: String, limit: Int) -> SQL {
        """
        WITH hit AS (
            SELECT piece.*, char_length(name_zh) AS length,
                CASE WHEN name_zh = \(query.name) OR pinyin = \(query.pinyin) OR initials = \(query.capitals)
                          OR code = \(query.capitals) THEN 0
                     WHEN starts_with(name_zh, \(query.name)) OR starts_with(pinyin, \(query.pinyin))
                          OR starts_with(initials, \(query.capitals)) THEN 1
                     ELSE 2 END AS distance
            FROM decoction.piece
            WHERE strpos(name_zh, \(query.name)) > 0 OR starts_with(pinyin, \(query.pinyin))
                OR starts_with(initials, \(query.capitals)) OR code = \(query.capitals)
        )
        SELECT code, name_zh, pinyin, initials, category, base_material, processing, dose_min_mg, dose_max_mg,
            dose_route, dose_route_zh, toxicity, toxicity_zh, control_class, control_class_zh, pregnancy, pregnancy_zh,
            storage_class, storage_class_zh, cooking, cooking_zh, nullif(notes, '')
        FROM hit
        WHERE \(code) = '' OR (distance, length, code)
            > (SELECT last.distance, last.length, last.code FROM hit AS last WHERE last.code = \(code))
        ORDER BY distance, length, code
        LIMIT \(limit)
        """
    }

    /// The columns of `search`, as members of the reply; the first is the cursor.
    static let columns: [JSONColumn] = [
        .string("code"), .string("nameZh"), .string("pinyin"), .string("initials"), .string("categoryZh"),
        .string("baseMaterialZh"), .string("processingZh"), .integer("doseMinMg"), .integer("doseMaxMg"),
        .string("doseRoute"), .string("doseRouteZh"), .string("toxicity"), .string("toxicityZh"),
        .string("controlClass"), .string("controlClassZh"), .string("pregnancy"), .string("pregnancyZh"),
        .string("storageClass"), .string("storageClassZh"), .string("cooking"), .string("cookingZh"),
        .string("notesZh"),
    ]

    /// Which of the codes the catalogue has.
    static func known(_ codes: [String]) -> SQL {
        "SELECT code FROM decoction.piece WHERE code = ANY (\(codes)::text[])"
    }

    /// Under whose control a piece is.
    static func control(_ code: String) -> SQL {
        "SELECT control_class FROM decoction.piece WHERE code = \(code)"
    }

    /// The names of pieces by code.
    static func names(_ codes: [String]) -> SQL {
        "SELECT code, name_zh FROM decoction.piece WHERE code = ANY (\(codes)::text[])"
    }
}
