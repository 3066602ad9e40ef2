-- Numbers and codes that rules judge by (domain rules, design principle): the shipped values of Data/rules.csv, and later ones
-- that the county's bureau records. A row is never changed; what is in effect on a day is the row with the latest valid_from.
CREATE TABLE decoction.rule (
    rule        text        NOT NULL,
    parameter   text        NOT NULL,
    -- The version of the shipped file, and behind it the county's revisions: 1.0, 1.1, …
    version     integer     NOT NULL,
    revision    integer     NOT NULL,
    value       text        NOT NULL,
    unit        text        NOT NULL,
    -- Which way is stricter: a national value may be tightened, never loosened.
    tighter     text        NOT NULL,
    is_national boolean     NOT NULL,
    source      text        NOT NULL,
    confidence  text        NOT NULL,
    reviewer    text        NOT NULL,
    valid_from  date        NOT NULL,
    -- NULL where no end is known.
    valid_to    date,
    summary_zh  text        NOT NULL,
    summary_en  text        NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    -- NULL where it was shipped.
    recorded_by uuid,
    CONSTRAINT rule_key PRIMARY KEY (rule, parameter, version, revision),
    CONSTRAINT rule_value_there CHECK (value <> ''),
    CONSTRAINT rule_tighter_known CHECK (tighter IN ('lower', 'higher', 'none')),
    CONSTRAINT rule_confidence_known CHECK (confidence IN ('H', 'M', 'L', 'prod')),
    CONSTRAINT rule_valid_in_order CHECK (valid_to >= valid_from),
    CONSTRAINT rule_revision_has_author CHECK ((revision = 0) = (recorded_by IS NULL))
);

-- A revision of a rule changes one value, so its number tells what was in effect.
CREATE UNIQUE INDEX rule_revision_taken ON decoction.rule (rule, version, revision) WHERE revision > 0;

-- What a site itself has tightened; the county's value stands where it is stricter.
CREATE TABLE decoction.site_rule (
    site_id     uuid        NOT NULL,
    rule        text        NOT NULL,
    parameter   text        NOT NULL,
    revision    integer     NOT NULL,
    value       text        NOT NULL,
    source      text        NOT NULL,
    reviewer    text        NOT NULL,
    valid_from  date        NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by uuid        NOT NULL,
    CONSTRAINT site_rule_revision_taken PRIMARY KEY (site_id, rule, revision),
    CONSTRAINT site_rule_value_there CHECK (value <> '')
);

ALTER TABLE decoction.site_rule ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.site_rule FORCE ROW LEVEL SECURITY;
CREATE POLICY site_rule_of_site ON decoction.site_rule
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

-- RX-05: which materials are incompatible, from Data/incompatibility_rules.csv. A side is every piece of its base materials
-- and its named pieces, but those without.
CREATE TABLE decoction.incompatibility_rule (
    rule_id     text   NOT NULL,
    song        text   NOT NULL,
    kind        text   NOT NULL,
    severity    text   NOT NULL,
    basis       text   NOT NULL,
    note        text   NOT NULL,
    a_materials text[] NOT NULL,
    a_pieces    text[] NOT NULL,
    a_without   text[] NOT NULL,
    b_materials text[] NOT NULL,
    b_pieces    text[] NOT NULL,
    b_without   text[] NOT NULL,
    CONSTRAINT incompatibility_rule_key PRIMARY KEY (rule_id),
    CONSTRAINT incompatibility_rule_severity_known CHECK (severity IN ('block', 'warn'))
);

-- The pairs of pieces that follow from it over the catalogue; never written by hand.
CREATE TABLE decoction.incompatibility (
    a_name_zh text NOT NULL,
    b_name_zh text NOT NULL,
    -- NULL where the catalogue leaves the piece out on purpose (犀角).
    a_code    text,
    b_code    text,
    rule_id   text NOT NULL,
    CONSTRAINT incompatibility_pair_once PRIMARY KEY (a_name_zh, b_name_zh),
    CONSTRAINT incompatibility_follows_from_rule FOREIGN KEY (rule_id) REFERENCES decoction.incompatibility_rule
);

CREATE INDEX incompatibility_by_code ON decoction.incompatibility (a_code, b_code);
