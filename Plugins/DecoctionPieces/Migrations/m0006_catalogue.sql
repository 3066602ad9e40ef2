-- The catalogue becomes the county's: the bureau revises it, and adds processing variants to what the data file ships.
ALTER TABLE decoction.piece ADD COLUMN nhsa_code text;
ALTER TABLE decoction.piece ADD COLUMN gbt31774 text;
-- From this day on it is neither received nor prescribed.
ALTER TABLE decoction.piece ADD COLUMN withdrawn_on date;
-- The columns that the county has revised: a later data file leaves them alone.
ALTER TABLE decoction.piece ADD COLUMN county_columns text[] NOT NULL DEFAULT '{}';
-- Whether the county has added it; then no data file has it.
ALTER TABLE decoction.piece ADD COLUMN is_county boolean NOT NULL DEFAULT false;
-- The latest of decoction.piece_revision.
ALTER TABLE decoction.piece ADD COLUMN revision integer NOT NULL DEFAULT 1;
ALTER TABLE decoction.piece ADD CONSTRAINT piece_gbt31774_has_17_digits CHECK (gbt31774 ~ '^[0-9]{17}$');
ALTER TABLE decoction.piece ADD CONSTRAINT piece_county_code_apart CHECK (is_county = (code >= 'XLYP9'));

-- Every version of a piece. A row is never changed: what a lot or a prescription meant on its day stands here.
CREATE TABLE decoction.piece_revision (
    code        text        NOT NULL,
    revision    integer     NOT NULL,
    -- The columns of decoction.piece by name, without keys and without Chinese labels that follow from codes.
    content     jsonb       NOT NULL,
    origin      text        NOT NULL,
    reason      text        NOT NULL,
    source      text        NOT NULL,
    valid_from  date        NOT NULL,
    recorded_at timestamptz NOT NULL,
    -- NULL where it was shipped.
    recorded_by uuid,
    CONSTRAINT piece_revision_taken PRIMARY KEY (code, revision),
    CONSTRAINT piece_revision_of_piece FOREIGN KEY (code) REFERENCES decoction.piece (code),
    CONSTRAINT piece_revision_origin_known CHECK (origin IN ('shipped', 'county')),
    CONSTRAINT piece_revision_has_author CHECK ((origin = 'shipped') = (recorded_by IS NULL)),
    CONSTRAINT piece_revision_has_reason CHECK (origin = 'shipped' OR reason <> '')
);

-- What the catalogue held until now is the first version, in force since the Pharmacopoeia of 2020 that it goes back to.
INSERT INTO decoction.piece_revision (code, revision, content, origin, reason, source, valid_from, recorded_at)
SELECT code, 1,
    to_jsonb(piece) - '{code,revision,is_county,county_columns,dose_route_zh,toxicity_zh,control_class_zh,pregnancy_zh,cooking_zh,storage_class_zh}'::text[],
    'shipped', '', 'decoction_pieces.csv', '2020-12-30', now()
FROM decoction.piece;

-- Other names by which people look for a piece. A row ends, and is never deleted.
CREATE TABLE decoction.piece_alias (
    alias_id       uuid        NOT NULL,
    code           text        NOT NULL,
    name_zh        text        NOT NULL,
    -- Empty where nobody has given them.
    pinyin         text        NOT NULL,
    initials       text        NOT NULL,
    reason         text        NOT NULL,
    added_at       timestamptz NOT NULL,
    added_by       uuid        NOT NULL,
    removed_at     timestamptz,
    removed_by     uuid,
    removed_reason text,
    CONSTRAINT piece_alias_key PRIMARY KEY (alias_id),
    CONSTRAINT piece_alias_of_piece FOREIGN KEY (code) REFERENCES decoction.piece (code),
    CONSTRAINT piece_alias_removed_whole CHECK (
        (removed_at IS NULL) = (removed_by IS NULL) AND (removed_at IS NULL) = (removed_reason IS NULL))
);

CREATE UNIQUE INDEX piece_alias_taken ON decoction.piece_alias (name_zh) WHERE removed_at IS NULL;
CREATE INDEX piece_alias_by_piece ON decoction.piece_alias (code, added_at);

-- What a site's own system (HIS) calls a piece. A row ends, and is never deleted.
CREATE TABLE decoction.local_code (
    site_id    uuid        NOT NULL,
    code_id    uuid        NOT NULL,
    piece_code text        NOT NULL,
    local_code text        NOT NULL,
    set_at     timestamptz NOT NULL,
    set_by     uuid        NOT NULL,
    ended_at   timestamptz,
    ended_by   uuid,
    CONSTRAINT local_code_key PRIMARY KEY (site_id, code_id),
    CONSTRAINT local_code_piece_known FOREIGN KEY (piece_code) REFERENCES decoction.piece (code),
    CONSTRAINT local_code_ended_by_somebody CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);

CREATE UNIQUE INDEX local_code_taken ON decoction.local_code (site_id, local_code) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX local_code_once_for_a_piece ON decoction.local_code (site_id, piece_code) WHERE ended_at IS NULL;

-- PC-04: what a site charges for a kilogram, with the cost and the rule by which it was judged.
CREATE TABLE decoction.price (
    site_id             uuid        NOT NULL,
    piece_code          text        NOT NULL,
    revision            integer     NOT NULL,
    price_fen_per_kg    bigint      NOT NULL,
    cost_fen_per_kg     bigint      NOT NULL,
    greatest_fen_per_kg bigint      NOT NULL,
    rule_version        text        NOT NULL,
    valid_from          date        NOT NULL,
    reason              text        NOT NULL,
    recorded_at         timestamptz NOT NULL,
    recorded_by         uuid        NOT NULL,
    CONSTRAINT price_revision_taken PRIMARY KEY (site_id, piece_code, revision),
    CONSTRAINT price_piece_known FOREIGN KEY (piece_code) REFERENCES decoction.piece (code),
    CONSTRAINT price_not_negative CHECK (price_fen_per_kg >= 0),
    CONSTRAINT price_within_mark_up CHECK (price_fen_per_kg <= greatest_fen_per_kg)
);

ALTER TABLE decoction.local_code ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.local_code FORCE ROW LEVEL SECURITY;
CREATE POLICY local_code_of_site ON decoction.local_code
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE decoction.price ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.price FORCE ROW LEVEL SECURITY;
CREATE POLICY price_of_site ON decoction.price
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());
