-- Places other than the main store. The main store is a site's own: its id is the site's, and it has no row here.
CREATE TABLE decoction.location (
    site_id     uuid        NOT NULL,
    location_id uuid        NOT NULL,
    code        text        NOT NULL,
    name_zh     text        NOT NULL,
    kind        text        NOT NULL,
    -- PC-03: a drawer holds one piece, and its label says which.
    piece_code  text,
    created_at  timestamptz NOT NULL,
    created_by  uuid        NOT NULL,
    closed_at   timestamptz,
    CONSTRAINT location_key PRIMARY KEY (site_id, location_id),
    CONSTRAINT location_code_taken UNIQUE (site_id, code),
    CONSTRAINT location_kind_known CHECK (kind IN ('drawer', 'toxicCupboard', 'outreachBox')),
    CONSTRAINT location_drawer_has_piece CHECK ((kind = 'drawer') = (piece_code IS NOT NULL)),
    CONSTRAINT location_piece_known FOREIGN KEY (piece_code) REFERENCES decoction.piece (code)
);

-- What of a lot lies elsewhere than in the main store.
CREATE TABLE decoction.holding (
    site_id     uuid   NOT NULL,
    lot_id      uuid   NOT NULL,
    location_id uuid   NOT NULL,
    on_hand_mg  bigint NOT NULL,
    CONSTRAINT holding_key PRIMARY KEY (site_id, lot_id, location_id),
    CONSTRAINT holding_of_lot FOREIGN KEY (site_id, lot_id) REFERENCES decoction.lot,
    CONSTRAINT holding_at_location FOREIGN KEY (site_id, location_id) REFERENCES decoction.location,
    CONSTRAINT holding_not_negative CHECK (on_hand_mg >= 0)
) WITH (fillfactor = 85);

CREATE INDEX holding_by_location ON decoction.holding (site_id, location_id, lot_id);

-- on_hand_mg stays what the site has of the lot; placed_mg is the part of it that lies elsewhere than in the main store.
ALTER TABLE decoction.lot ADD COLUMN placed_mg bigint NOT NULL DEFAULT 0;
ALTER TABLE decoction.lot ADD CONSTRAINT lot_placed_within_on_hand CHECK (placed_mg BETWEEN 0 AND on_hand_mg);

-- The day on which the receipt is booked: nothing of the lot can be booked before.
ALTER TABLE decoction.lot
    ADD COLUMN received_on date GENERATED ALWAYS AS ((received_at AT TIME ZONE 'Asia/Shanghai')::date) STORED;
ALTER TABLE decoction.lot ALTER COLUMN received_on DROP EXPRESSION;
ALTER TABLE decoction.lot ALTER COLUMN received_on SET NOT NULL;

-- Where a movement took place, on which day it is booked, and which movement it takes back. The expressions fill what is there
-- already, whatever row-level security would hide from an UPDATE.
ALTER TABLE decoction.movement ADD COLUMN location_id uuid GENERATED ALWAYS AS (site_id) STORED;
ALTER TABLE decoction.movement ALTER COLUMN location_id DROP EXPRESSION;
ALTER TABLE decoction.movement ALTER COLUMN location_id SET NOT NULL;
ALTER TABLE decoction.movement
    ADD COLUMN booked_on date GENERATED ALWAYS AS ((at AT TIME ZONE 'Asia/Shanghai')::date) STORED;
ALTER TABLE decoction.movement ALTER COLUMN booked_on DROP EXPRESSION;
ALTER TABLE decoction.movement ALTER COLUMN booked_on SET NOT NULL;
ALTER TABLE decoction.movement ADD COLUMN reverses_seq bigint;

ALTER TABLE decoction.movement DROP CONSTRAINT movement_kind_known;
ALTER TABLE decoction.movement ADD CONSTRAINT movement_kind_known
    CHECK (kind IN ('opening', 'receipt', 'issue', 'disposal', 'transfer', 'reversal'));
ALTER TABLE decoction.movement DROP CONSTRAINT movement_sign_fits_kind;
ALTER TABLE decoction.movement ADD CONSTRAINT movement_sign_fits_kind
    CHECK (kind IN ('transfer', 'reversal') OR (kind IN ('opening', 'receipt')) = (quantity_mg > 0));
ALTER TABLE decoction.movement DROP CONSTRAINT movement_out_has_reason;
ALTER TABLE decoction.movement ADD CONSTRAINT movement_out_has_reason
    CHECK (kind IN ('opening', 'receipt', 'transfer') OR reason <> '');
ALTER TABLE decoction.movement ADD CONSTRAINT movement_reversal_names_another
    CHECK ((kind = 'reversal') = (reverses_seq IS NOT NULL) AND reverses_seq <> seq);
CREATE UNIQUE INDEX movement_reversed_once ON decoction.movement (site_id, reverses_seq) NULLS NOT DISTINCT
    WHERE reverses_seq IS NOT NULL;
-- What was booked by a day: values and use.
CREATE INDEX movement_by_day ON decoction.movement (site_id, booked_on, piece_code);

-- A month that is closed takes no more documents; what lay where at its end stands in period_balance.
CREATE TABLE decoction.period (
    site_id   uuid        NOT NULL,
    month     date        NOT NULL,
    closed_at timestamptz NOT NULL,
    closed_by uuid        NOT NULL,
    CONSTRAINT period_closed_once PRIMARY KEY (site_id, month),
    CONSTRAINT period_begins_a_month CHECK (extract(day FROM month) = 1)
);

CREATE TABLE decoction.period_balance (
    site_id     uuid   NOT NULL,
    month       date   NOT NULL,
    lot_id      uuid   NOT NULL,
    location_id uuid   NOT NULL,
    on_hand_mg  bigint NOT NULL,
    value_fen   bigint NOT NULL,
    CONSTRAINT period_balance_key PRIMARY KEY (site_id, month, lot_id, location_id),
    CONSTRAINT period_balance_of_period FOREIGN KEY (site_id, month) REFERENCES decoction.period,
    CONSTRAINT period_balance_of_lot FOREIGN KEY (site_id, lot_id) REFERENCES decoction.lot
);

ALTER TABLE decoction.location ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.location FORCE ROW LEVEL SECURITY;
CREATE POLICY location_of_site ON decoction.location
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE decoction.holding ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.holding FORCE ROW LEVEL SECURITY;
CREATE POLICY holding_of_site ON decoction.holding
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE decoction.period ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.period FORCE ROW LEVEL SECURITY;
CREATE POLICY period_of_site ON decoction.period
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE decoction.period_balance ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.period_balance FORCE ROW LEVEL SECURITY;
CREATE POLICY period_balance_of_site ON decoction.period_balance
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());
