internal import XinglinKit

/// The SQL of `decoction.piece`, the catalogue.
enum PieceStore {
    /// Puts the shipped pieces into the catalogue, in one statement of one array per column. What the county has revised stays as
    /// it is, and so does a piece that the county has added before the file came to have one of that name.
    static func upsert(_ pieces: [Piece]) -> SQL {
        """
        INSERT INTO decoction.piece (
            code, name_zh, pinyin, initials, latin, base_material, category, source_part, processing, nature_flavour,
            meridian, dose_min_mg, dose_max_mg, dose_route, dose_route_zh, toxicity, toxicity_zh, controlled_toxic_28,
            control_class, control_class_zh, pregnancy, pregnancy_zh, cooking, cooking_zh, storage_class,
            storage_class_zh, chp2020_listed, notes, confidence)
        SELECT line.* FROM unnest(
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
            \(pieces.map(\.confidence))::text[]) AS line (
            code, name_zh, pinyin, initials, latin, base_material, category, source_part, processing, nature_flavour,
            meridian, dose_min_mg, dose_max_mg, dose_route, dose_route_zh, toxicity, toxicity_zh, controlled_toxic_28,
            control_class, control_class_zh, pregnancy, pregnancy_zh, cooking, cooking_zh, storage_class,
            storage_class_zh, chp2020_listed, notes, confidence)
        WHERE NOT EXISTS (
            SELECT FROM decoction.piece
            WHERE piece.is_county AND piece.name_zh = line.name_zh)
        ON CONFLICT (code) DO UPDATE SET name_zh = excluded.name_zh, base_material = excluded.base_material,
            pinyin = CASE WHEN 'pinyin' = ANY (piece.county_columns)
                THEN piece.pinyin ELSE excluded.pinyin END,
            initials = CASE WHEN 'initials' = ANY (piece.county_columns)
                THEN piece.initials ELSE excluded.initials END,
            latin = CASE WHEN 'latin' = ANY (piece.county_columns)
                THEN piece.latin ELSE excluded.latin END,
            category = CASE WHEN 'category' = ANY (piece.county_columns)
                THEN piece.category ELSE excluded.category END,
            source_part = CASE WHEN 'source_part' = ANY (piece.county_columns)
                THEN piece.source_part ELSE excluded.source_part END,
            processing = CASE WHEN 'processing' = ANY (piece.county_columns)
                THEN piece.processing ELSE excluded.processing END,
            nature_flavour = CASE WHEN 'nature_flavour' = ANY (piece.county_columns)
                THEN piece.nature_flavour ELSE excluded.nature_flavour END,
            meridian = CASE WHEN 'meridian' = ANY (piece.county_columns)
                THEN piece.meridian ELSE excluded.meridian END,
            dose_min_mg = CASE WHEN 'dose_min_mg' = ANY (piece.county_columns)
                THEN piece.dose_min_mg ELSE excluded.dose_min_mg END,
            dose_max_mg = CASE WHEN 'dose_max_mg' = ANY (piece.county_columns)
                THEN piece.dose_max_mg ELSE excluded.dose_max_mg END,
            dose_route = CASE WHEN 'dose_route' = ANY (piece.county_columns)
                THEN piece.dose_route ELSE excluded.dose_route END,
            dose_route_zh = CASE WHEN 'dose_route_zh' = ANY (piece.county_columns)
                THEN piece.dose_route_zh ELSE excluded.dose_route_zh END,
            toxicity = CASE WHEN 'toxicity' = ANY (piece.county_columns)
                THEN piece.toxicity ELSE excluded.toxicity END,
            toxicity_zh = CASE WHEN 'toxicity_zh' = ANY (piece.county_columns)
                THEN piece.toxicity_zh ELSE excluded.toxicity_zh END,
            controlled_toxic_28 = CASE WHEN 'controlled_toxic_28' = ANY (piece.county_columns)
                THEN piece.controlled_toxic_28 ELSE excluded.controlled_toxic_28 END,
            control_class = CASE WHEN 'control_class' = ANY (piece.county_columns)
                THEN piece.control_class ELSE excluded.control_class END,
            control_class_zh = CASE WHEN 'control_class_zh' = ANY (piece.county_columns)
                THEN piece.control_class_zh ELSE excluded.control_class_zh END,
            pregnancy = CASE WHEN 'pregnancy' = ANY (piece.county_columns)
                THEN piece.pregnancy ELSE excluded.pregnancy END,
            pregnancy_zh = CASE WHEN 'pregnancy_zh' = ANY (piece.county_columns)
                THEN piece.pregnancy_zh ELSE excluded.pregnancy_zh END,
            cooking = CASE WHEN 'cooking' = ANY (piece.county_columns)
                THEN piece.cooking ELSE excluded.cooking END,
            cooking_zh = CASE WHEN 'cooking_zh' = ANY (piece.county_columns)
                THEN piece.cooking_zh ELSE excluded.cooking_zh END,
            storage_class = CASE WHEN 'storage_class' = ANY (piece.county_columns)
                THEN piece.storage_class ELSE excluded.storage_class END,
            storage_class_zh = CASE WHEN 'storage_class_zh' = ANY (piece.county_columns)
                THEN piece.storage_class_zh ELSE excluded.storage_class_zh END,
            chp2020_listed = CASE WHEN 'chp2020_listed' = ANY (piece.county_columns)
                THEN piece.chp2020_listed ELSE excluded.chp2020_listed END,
            notes = CASE WHEN 'notes' = ANY (piece.county_columns)
                THEN piece.notes ELSE excluded.notes END,
            confidence = CASE WHEN 'confidence' = ANY (piece.county_columns)
                THEN piece.confidence ELSE excluded.confidence END
        """
    }

    /// The pieces that a query finds, the nearest first: the whole name, pinyin, initials or code; then what begins so;
    /// then names that contain it; by its own name or by an alias. A withdrawn piece is found by its code alone. `starts_with` and `strpos` have no wildcards, so `%` and `_` mean themselves.
    static func search(_ query: SearchQuery, after code: String, limit: Int) -> SQL {
        """
        WITH name AS (
            SELECT code, name_zh, pinyin, initials, NULL AS alias_zh FROM decoction.piece
            UNION ALL
            SELECT code, name_zh, pinyin, initials, name_zh FROM decoction.piece_alias WHERE removed_at IS NULL
        ), hit AS (
            SELECT DISTINCT ON (code) * FROM (
                SELECT code, alias_zh, char_length(name_zh) AS length,
                    CASE WHEN name_zh = \(query.name) OR pinyin = \(query.pinyin) OR initials = \(query.capitals)
                              OR code = \(query.capitals) THEN 0
                         WHEN starts_with(name_zh, \(query.name)) OR starts_with(pinyin, \(query.pinyin))
                              OR starts_with(initials, \(query.capitals)) THEN 1
                         ELSE 2 END AS distance
                FROM name
                WHERE strpos(name_zh, \(query.name)) > 0 OR starts_with(pinyin, \(query.pinyin))
                    OR starts_with(initials, \(query.capitals)) OR code = \(query.capitals)
            ) AS every
            ORDER BY code, distance, length, alias_zh NULLS FIRST
        )
        SELECT code, name_zh, pinyin, initials, category, base_material, processing, dose_min_mg, dose_max_mg,
            dose_route, dose_route_zh, toxicity, toxicity_zh, control_class, control_class_zh, pregnancy, pregnancy_zh,
            storage_class, storage_class_zh, cooking, cooking_zh, nullif(notes, ''), alias_zh, withdrawn_on
        FROM hit JOIN decoction.piece USING (code)
        WHERE (withdrawn_on IS NULL OR code = \(query.capitals)) AND (\(code) = '' OR (distance, length, code)
            > (SELECT last.distance, last.length, last.code FROM hit AS last WHERE last.code = \(code)))
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
        .string("notesZh"), .string("aliasZh"), .string("withdrawnOn"),
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
