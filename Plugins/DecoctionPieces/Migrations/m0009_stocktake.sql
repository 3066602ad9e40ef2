-- A count of what lies at a place. The main store is named by the site's own id.
CREATE TABLE decoction.stocktake (
    site_id      uuid        NOT NULL,
    stocktake_id uuid        NOT NULL,
    location_id  uuid        NOT NULL,
    scope        text        NOT NULL,
    state        text        NOT NULL,
    -- Of the values of STOCKTAKE by which it is judged.
    rule_version text        NOT NULL,
    started_at   timestamptz NOT NULL,
    started_by   uuid        NOT NULL,
    -- NULL while it is counted, or until it is approved or cancelled.
    finished_at  timestamptz,
    ended_at     timestamptz,
    ended_by     uuid,
    -- Why the differences are as they are, or why it was cancelled; empty where there is nothing to say.
    reason       text        NOT NULL DEFAULT '',
    loss_reason  text        NOT NULL DEFAULT '',
    -- NULL where there was no difference to book.
    document_id  uuid,
    loss_fen     bigint      NOT NULL DEFAULT 0,
    gain_fen     bigint      NOT NULL DEFAULT 0,
    CONSTRAINT stocktake_key PRIMARY KEY (site_id, stocktake_id),
    CONSTRAINT stocktake_scope_known CHECK (scope IN ('all', 'toxic', 'precious')),
    CONSTRAINT stocktake_state_known CHECK (state IN ('counting', 'awaitingApproval', 'approved', 'cancelled')),
    CONSTRAINT stocktake_ended_by_someone CHECK ((ended_at IS NULL) = (state IN ('counting', 'awaitingApproval')))
);

-- Two counts of one place at once would book one difference twice.
CREATE UNIQUE INDEX stocktake_place_is_counted ON decoction.stocktake (site_id, location_id)
    WHERE state IN ('counting', 'awaitingApproval');
CREATE INDEX stocktake_by_place ON decoction.stocktake (site_id, location_id, ended_at);

-- Where a lot of a count stands, by the counts that hold.
CREATE TABLE decoction.stocktake_line (
    site_id       uuid        NOT NULL,
    stocktake_id  uuid        NOT NULL,
    lot_id        uuid        NOT NULL,
    piece_code    text        NOT NULL,
    status        text        NOT NULL,
    -- How often it was counted; the first void_rounds of it hold no more.
    rounds        integer     NOT NULL,
    void_rounds   integer     NOT NULL,
    -- Of the last count: what the ledger said in that moment, and what was found.
    book_mg       bigint      NOT NULL,
    counted_mg    bigint      NOT NULL,
    counted_at    timestamptz NOT NULL,
    reason        text        NOT NULL DEFAULT '',
    CONSTRAINT stocktake_line_key PRIMARY KEY (site_id, stocktake_id, lot_id),
    CONSTRAINT stocktake_line_of_stocktake FOREIGN KEY (site_id, stocktake_id) REFERENCES decoction.stocktake,
    CONSTRAINT stocktake_line_of_lot FOREIGN KEY (site_id, lot_id) REFERENCES decoction.lot,
    CONSTRAINT stocktake_line_status_known CHECK (status IN ('recount', 'counted'))
);

-- Every count, whoever made it.
CREATE TABLE decoction.stocktake_count (
    site_id      uuid        NOT NULL,
    stocktake_id uuid        NOT NULL,
    lot_id       uuid        NOT NULL,
    round        integer     NOT NULL,
    counted_mg   bigint      NOT NULL,
    book_mg      bigint      NOT NULL,
    at           timestamptz NOT NULL,
    account_id   uuid        NOT NULL,
    CONSTRAINT stocktake_count_key PRIMARY KEY (site_id, stocktake_id, lot_id, round),
    CONSTRAINT stocktake_count_of_stocktake FOREIGN KEY (site_id, stocktake_id) REFERENCES decoction.stocktake,
    CONSTRAINT stocktake_count_not_negative CHECK (counted_mg >= 0)
);

-- What a count found too much or too little is booked like anything else.
ALTER TABLE decoction.movement DROP CONSTRAINT movement_kind_known;
ALTER TABLE decoction.movement ADD CONSTRAINT movement_kind_known
    CHECK (kind IN ('opening', 'receipt', 'issue', 'disposal', 'transfer', 'reversal', 'stocktake'));
ALTER TABLE decoction.movement DROP CONSTRAINT movement_sign_fits_kind;
ALTER TABLE decoction.movement ADD CONSTRAINT movement_sign_fits_kind
    CHECK (kind IN ('transfer', 'reversal', 'stocktake') OR (kind IN ('opening', 'receipt')) = (quantity_mg > 0));

ALTER TABLE decoction.stocktake ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.stocktake FORCE ROW LEVEL SECURITY;
CREATE POLICY stocktake_of_site ON decoction.stocktake
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE decoction.stocktake_line ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.stocktake_line FORCE ROW LEVEL SECURITY;
CREATE POLICY stocktake_line_of_site ON decoction.stocktake_line
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE decoction.stocktake_count ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.stocktake_count FORCE ROW LEVEL SECURITY;
CREATE POLICY stocktake_count_of_site ON decoction.stocktake_count
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());
