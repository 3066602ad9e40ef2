-- The catalogue, the same for every site. It is filled from Data/decoction_pieces.csv.
CREATE TABLE decoction.piece (
    code                text    NOT NULL,
    name_zh             text    NOT NULL,
    pinyin              text    NOT NULL,
    initials            text    NOT NULL,
    latin               text    NOT NULL,
    base_material       text    NOT NULL,
    category            text    NOT NULL,
    source_part         text    NOT NULL,
    processing          text    NOT NULL,
    nature_flavour      text    NOT NULL,
    meridian            text    NOT NULL,
    -- NULL where the piece has no oral dose (0 in the file).
    dose_min_mg         bigint,
    dose_max_mg         bigint,
    dose_route          text    NOT NULL,
    dose_route_zh       text    NOT NULL,
    toxicity            text    NOT NULL,
    toxicity_zh         text    NOT NULL,
    controlled_toxic_28 boolean NOT NULL,
    control_class       text    NOT NULL,
    control_class_zh    text    NOT NULL,
    pregnancy           text    NOT NULL,
    pregnancy_zh        text    NOT NULL,
    cooking             text    NOT NULL,
    cooking_zh          text    NOT NULL,
    storage_class       text    NOT NULL,
    storage_class_zh    text    NOT NULL,
    chp2020_listed      boolean NOT NULL,
    notes               text    NOT NULL,
    confidence          text    NOT NULL,
    CONSTRAINT piece_key PRIMARY KEY (code),
    CONSTRAINT piece_name_taken UNIQUE (name_zh),
    CONSTRAINT piece_dose_is_a_range CHECK (
        (dose_min_mg IS NULL AND dose_max_mg IS NULL)
        OR (dose_min_mg IS NOT NULL AND dose_max_mg IS NOT NULL AND 0 < dose_min_mg AND dose_min_mg <= dose_max_mg))
);

-- PC-01: who delivers, with the licence that allows it.
CREATE TABLE decoction.supplier (
    site_id     uuid        NOT NULL,
    supplier_id uuid        NOT NULL,
    name_zh     text        NOT NULL,
    licence     text        NOT NULL,
    created_at  timestamptz NOT NULL,
    created_by  uuid        NOT NULL,
    CONSTRAINT supplier_key PRIMARY KEY (site_id, supplier_id),
    CONSTRAINT supplier_exists UNIQUE (site_id, licence)
);

-- PC-03, PC-04: a batch as it was delivered, and what is left of it. The free space keeps the frequent change of
-- on_hand_mg away from the indexes.
CREATE TABLE decoction.lot (
    site_id              uuid        NOT NULL,
    lot_id               uuid        NOT NULL,
    piece_code           text        NOT NULL,
    supplier_id          uuid        NOT NULL,
    batch_number         text        NOT NULL,
    produced_on          date        NOT NULL,
    expires_on           date        NOT NULL,
    unit_cost_fen_per_kg bigint      NOT NULL,
    received_mg          bigint      NOT NULL,
    on_hand_mg           bigint      NOT NULL,
    state                text        NOT NULL,
    received_at          timestamptz NOT NULL,
    received_by          uuid        NOT NULL,
    CONSTRAINT lot_key PRIMARY KEY (site_id, lot_id),
    CONSTRAINT lot_piece_known FOREIGN KEY (piece_code) REFERENCES decoction.piece (code),
    CONSTRAINT lot_supplier_of_site FOREIGN KEY (site_id, supplier_id) REFERENCES decoction.supplier,
    CONSTRAINT lot_state_known CHECK (state IN ('quarantined', 'awaitingSecond', 'accepted', 'rejected')),
    CONSTRAINT lot_expires_after_production CHECK (expires_on > produced_on),
    CONSTRAINT lot_cost_not_negative CHECK (unit_cost_fen_per_kg >= 0),
    CONSTRAINT lot_received_something CHECK (received_mg > 0),
    CONSTRAINT lot_on_hand_not_negative CHECK (on_hand_mg >= 0),
    CONSTRAINT lot_on_hand_within_received CHECK (on_hand_mg <= received_mg)
) WITH (fillfactor = 85);

-- The order in which lots are issued (PC-03), and in which they are listed.
CREATE INDEX lot_first_expiry_first_out
    ON decoction.lot (site_id, piece_code, expires_on, received_at, lot_id);

-- PC-02: who accepted or rejected a lot. The key is the rule that two acceptances come from two persons.
CREATE TABLE decoction.decision (
    site_id    uuid        NOT NULL,
    lot_id     uuid        NOT NULL,
    decision   text        NOT NULL,
    account_id uuid        NOT NULL,
    reason     text        NOT NULL,
    at         timestamptz NOT NULL,
    CONSTRAINT decision_second_person_required PRIMARY KEY (site_id, lot_id, decision, account_id),
    CONSTRAINT decision_of_lot FOREIGN KEY (site_id, lot_id) REFERENCES decoction.lot,
    CONSTRAINT decision_known CHECK (decision IN ('accept', 'reject')),
    CONSTRAINT decision_reject_has_reason CHECK (decision = 'accept' OR reason <> '')
);

-- PC-04: every change of stock. A lot's on_hand_mg is always the sum of its movements.
CREATE TABLE decoction.movement (
    site_id     uuid        NOT NULL,
    seq         bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    document_id uuid        NOT NULL,
    line_no     integer     NOT NULL,
    lot_id      uuid        NOT NULL,
    piece_code  text        NOT NULL,
    kind        text        NOT NULL,
    -- Negative where stock leaves.
    quantity_mg bigint      NOT NULL,
    -- Empty for a receipt.
    reason      text        NOT NULL,
    at          timestamptz NOT NULL,
    account_id  uuid        NOT NULL,
    CONSTRAINT movement_key PRIMARY KEY (site_id, seq),
    CONSTRAINT movement_of_known_lot FOREIGN KEY (site_id, lot_id) REFERENCES decoction.lot,
    CONSTRAINT movement_kind_known CHECK (kind IN ('receipt', 'issue', 'disposal')),
    CONSTRAINT movement_moves_something CHECK (quantity_mg <> 0),
    CONSTRAINT movement_sign_fits_kind CHECK ((kind = 'receipt') = (quantity_mg > 0)),
    CONSTRAINT movement_out_has_reason CHECK (kind = 'receipt' OR reason <> '')
);

CREATE INDEX movement_by_lot ON decoction.movement (site_id, lot_id, seq);
CREATE INDEX movement_by_document ON decoction.movement (site_id, document_id, seq);

ALTER TABLE decoction.supplier ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.supplier FORCE ROW LEVEL SECURITY;
CREATE POLICY supplier_of_site ON decoction.supplier
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE decoction.lot ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.lot FORCE ROW LEVEL SECURITY;
CREATE POLICY lot_of_site ON decoction.lot
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE decoction.decision ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.decision FORCE ROW LEVEL SECURITY;
CREATE POLICY decision_of_site ON decoction.decision
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE decoction.movement ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.movement FORCE ROW LEVEL SECURITY;
CREATE POLICY movement_of_site ON decoction.movement
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());
