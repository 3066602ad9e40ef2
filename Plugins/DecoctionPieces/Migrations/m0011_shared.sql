-- The sites that supply others. The rows are the same for every site: who orders has to find them.
CREATE TABLE decoction.shared_pharmacy (
    pharmacy_site_id uuid        NOT NULL,
    code             text        NOT NULL,
    name_zh          text        NOT NULL,
    licence          text        NOT NULL,
    is_open          boolean     NOT NULL,
    changed_at       timestamptz NOT NULL,
    changed_by       uuid        NOT NULL,
    CONSTRAINT shared_pharmacy_key PRIMARY KEY (pharmacy_site_id),
    CONSTRAINT shared_pharmacy_code_taken UNIQUE (code)
);

-- What a site orders from another (docs/adr/0020): the row has both sites, and the policies below say which of them reads, adds
-- and changes it. site_id is who orders.
CREATE TABLE decoction.supply_order (
    site_id          uuid        NOT NULL,
    supplier_site_id uuid        NOT NULL,
    order_id         uuid        NOT NULL,
    -- As they were called on that day.
    site_code        text        NOT NULL,
    site_name_zh     text        NOT NULL,
    supplier_code    text        NOT NULL,
    supplier_name_zh text        NOT NULL,
    licence          text        NOT NULL,
    state            text        NOT NULL,
    -- Empty where nothing was said.
    note             text        NOT NULL,
    refusal          text        NOT NULL,
    placed_at        timestamptz NOT NULL,
    placed_by        uuid        NOT NULL,
    decided_at       timestamptz,
    shipped_at       timestamptz,
    -- The sender's document of movements.
    document_id      uuid,
    -- By when it has to arrive, and by which version of the rule.
    due_on           date,
    rule_version     text,
    received_at      timestamptz,
    CONSTRAINT supply_order_key PRIMARY KEY (order_id),
    CONSTRAINT supply_order_between_two_sites CHECK (site_id <> supplier_site_id),
    CONSTRAINT supply_order_of_pharmacy FOREIGN KEY (supplier_site_id) REFERENCES decoction.shared_pharmacy,
    CONSTRAINT supply_order_state_known CHECK (state IN (
        'placed', 'cancelled', 'accepted', 'refused', 'shipped', 'received')),
    CONSTRAINT supply_order_refused_has_reason CHECK ((state IN ('cancelled', 'refused')) = (refusal <> '')),
    CONSTRAINT supply_order_shipped_is_dated CHECK ((state IN ('shipped', 'received'))
        = (shipped_at IS NOT NULL AND document_id IS NOT NULL AND due_on IS NOT NULL AND rule_version IS NOT NULL)),
    CONSTRAINT supply_order_received_is_dated CHECK (state <> 'received' OR received_at IS NOT NULL)
);

CREATE INDEX supply_order_by_site ON decoction.supply_order (site_id, order_id);
CREATE INDEX supply_order_by_supplier ON decoction.supply_order (supplier_site_id, order_id);

CREATE TABLE decoction.supply_order_line (
    site_id          uuid    NOT NULL,
    supplier_site_id uuid    NOT NULL,
    order_id         uuid    NOT NULL,
    line_no          integer NOT NULL,
    piece_code       text    NOT NULL,
    ordered_mg       bigint  NOT NULL,
    CONSTRAINT supply_order_line_key PRIMARY KEY (order_id, line_no),
    CONSTRAINT supply_order_line_piece_once UNIQUE (order_id, piece_code),
    CONSTRAINT supply_order_line_of_order FOREIGN KEY (order_id) REFERENCES decoction.supply_order,
    CONSTRAINT supply_order_line_piece_known FOREIGN KEY (piece_code) REFERENCES decoction.piece (code),
    CONSTRAINT supply_order_line_orders_something CHECK (ordered_mg > 0)
);

-- What of a lot went out on an order, with what the receiver has to know of the lot: it cannot read the sender's. Nothing of it
-- disappears (shipment_line_adds_up).
CREATE TABLE decoction.shipment_line (
    site_id              uuid   NOT NULL,
    supplier_site_id     uuid   NOT NULL,
    order_id             uuid   NOT NULL,
    lot_id               uuid   NOT NULL,
    line_no              integer NOT NULL,
    piece_code           text   NOT NULL,
    batch_number         text   NOT NULL,
    produced_on          date   NOT NULL,
    expires_on           date   NOT NULL,
    unit_cost_fen_per_kg bigint NOT NULL,
    -- Who delivered it to the sender.
    maker_name_zh        text   NOT NULL,
    maker_licence        text   NOT NULL,
    shipped_mg           bigint NOT NULL,
    received_mg          bigint NOT NULL,
    -- Missing when it came, and not sent again.
    claimed_mg           bigint NOT NULL,
    in_transit_mg        bigint NOT NULL,
    CONSTRAINT shipment_line_key PRIMARY KEY (order_id, lot_id),
    CONSTRAINT shipment_line_of_order_line FOREIGN KEY (order_id, line_no) REFERENCES decoction.supply_order_line,
    CONSTRAINT shipment_line_of_lot FOREIGN KEY (supplier_site_id, lot_id) REFERENCES decoction.lot (site_id, lot_id),
    CONSTRAINT shipment_line_sends_something CHECK (shipped_mg > 0),
    CONSTRAINT shipment_line_not_negative CHECK (received_mg >= 0 AND claimed_mg >= 0 AND in_transit_mg >= 0),
    CONSTRAINT shipment_line_adds_up CHECK (shipped_mg = received_mg + claimed_mg + in_transit_mg)
);

CREATE INDEX shipment_line_to_site ON decoction.shipment_line (site_id, order_id, lot_id) WHERE in_transit_mg > 0;
CREATE INDEX shipment_line_from_site ON decoction.shipment_line (supplier_site_id, order_id, lot_id)
    WHERE in_transit_mg > 0;
-- Where a lot of the sender went: a recall asks.
CREATE INDEX shipment_line_by_lot ON decoction.shipment_line (supplier_site_id, lot_id);

-- Which lot of the receiver came of which lot of the sender.
CREATE TABLE decoction.shipment_receipt (
    site_id          uuid        NOT NULL,
    supplier_site_id uuid        NOT NULL,
    order_id         uuid        NOT NULL,
    sent_lot_id      uuid        NOT NULL,
    lot_id           uuid        NOT NULL,
    quantity_mg      bigint      NOT NULL,
    at               timestamptz NOT NULL,
    account_id       uuid        NOT NULL,
    CONSTRAINT shipment_receipt_key PRIMARY KEY (site_id, lot_id),
    CONSTRAINT shipment_receipt_of_line FOREIGN KEY (order_id, sent_lot_id)
        REFERENCES decoction.shipment_line (order_id, lot_id),
    CONSTRAINT shipment_receipt_of_lot FOREIGN KEY (site_id, lot_id) REFERENCES decoction.lot,
    CONSTRAINT shipment_receipt_brings_something CHECK (quantity_mg > 0)
);

CREATE INDEX shipment_receipt_by_order ON decoction.shipment_receipt (order_id, sent_lot_id);

-- What was missing when a shipment came. The receiver opens a claim by counting; the sender alone settles it.
CREATE TABLE decoction.shipment_claim (
    site_id          uuid        NOT NULL,
    supplier_site_id uuid        NOT NULL,
    claim_id         uuid        NOT NULL,
    order_id         uuid        NOT NULL,
    lot_id           uuid        NOT NULL,
    quantity_mg      bigint      NOT NULL,
    state            text        NOT NULL,
    -- Empty while it is open.
    reason           text        NOT NULL,
    opened_at        timestamptz NOT NULL,
    opened_by        uuid        NOT NULL,
    settled_at       timestamptz,
    settled_by       uuid,
    -- The sender's document, where the settlement moves stock.
    document_id      uuid,
    CONSTRAINT shipment_claim_key PRIMARY KEY (claim_id),
    CONSTRAINT shipment_claim_of_line FOREIGN KEY (order_id, lot_id) REFERENCES decoction.shipment_line (order_id, lot_id),
    CONSTRAINT shipment_claim_state_known CHECK (state IN ('open', 'resent', 'writtenOff', 'found')),
    CONSTRAINT shipment_claim_misses_something CHECK (quantity_mg > 0),
    CONSTRAINT shipment_claim_settled_has_reason CHECK ((state = 'open') = (reason = '')
        AND (state = 'open') = (settled_at IS NULL) AND (state = 'open') = (settled_by IS NULL)),
    CONSTRAINT shipment_claim_document_fits CHECK ((state IN ('writtenOff', 'found')) = (document_id IS NOT NULL))
);

CREATE INDEX shipment_claim_by_site ON decoction.shipment_claim (site_id, claim_id);
CREATE INDEX shipment_claim_by_supplier ON decoction.shipment_claim (supplier_site_id, claim_id);
CREATE INDEX shipment_claim_by_order ON decoction.shipment_claim (order_id, claim_id);

-- What leaves for another site, comes from one, and comes back because it never arrived.
ALTER TABLE decoction.movement DROP CONSTRAINT movement_kind_known;
ALTER TABLE decoction.movement ADD CONSTRAINT movement_kind_known
    CHECK (kind IN ('opening', 'receipt', 'issue', 'disposal', 'transfer', 'reversal', 'stocktake', 'shipment', 'arrival',
        'shipmentReturn'));
ALTER TABLE decoction.movement DROP CONSTRAINT movement_sign_fits_kind;
ALTER TABLE decoction.movement ADD CONSTRAINT movement_sign_fits_kind
    CHECK (kind IN ('transfer', 'reversal', 'stocktake')
        OR (kind IN ('opening', 'receipt', 'arrival', 'shipmentReturn')) = (quantity_mg > 0));

-- Decoctions and pieces on their way to a village, and who took them. Names and villages are sealed.
CREATE TABLE decoction.delivery (
    site_id         uuid        NOT NULL,
    delivery_id     uuid        NOT NULL,
    -- One of the two: a patient's prescription, or a document of stock.
    prescription_id uuid,
    document_id     uuid,
    village         bytea       NOT NULL,
    carrier         bytea       NOT NULL,
    state           text        NOT NULL,
    due_on          date        NOT NULL,
    rule_version    text        NOT NULL,
    created_at      timestamptz NOT NULL,
    created_by      uuid        NOT NULL,
    received_by     bytea,
    relation        text,
    received_at     timestamptz,
    -- The picture of the signature.
    file_id         uuid,
    -- Why it came back.
    return_reason   bytea,
    closed_at       timestamptz,
    closed_by       uuid,
    CONSTRAINT delivery_key PRIMARY KEY (delivery_id),
    CONSTRAINT delivery_of_one_thing CHECK ((prescription_id IS NULL) <> (document_id IS NULL)),
    CONSTRAINT delivery_of_prescription FOREIGN KEY (site_id, prescription_id)
        REFERENCES decoction.prescription (site_id, prescription_id),
    CONSTRAINT delivery_state_known CHECK (state IN ('onTheWay', 'handedOver', 'broughtBack')),
    CONSTRAINT delivery_relation_known CHECK (relation IN ('self', 'family', 'villageDoctor', 'neighbour', 'other')),
    CONSTRAINT delivery_handed_over_is_signed CHECK ((state = 'handedOver')
        = (received_by IS NOT NULL AND relation IS NOT NULL AND received_at IS NOT NULL)),
    CONSTRAINT delivery_brought_back_has_reason CHECK ((state = 'broughtBack') = (return_reason IS NOT NULL)),
    CONSTRAINT delivery_end_is_dated CHECK ((state = 'onTheWay') = (closed_at IS NULL)
        AND (state = 'onTheWay') = (closed_by IS NULL)),
    CONSTRAINT delivery_signature_of_hand_over CHECK (file_id IS NULL OR state = 'handedOver')
);

CREATE INDEX delivery_by_state ON decoction.delivery (site_id, state, delivery_id);
-- What was not brought back is delivered once.
CREATE UNIQUE INDEX delivery_prescription_once ON decoction.delivery (site_id, prescription_id) NULLS NOT DISTINCT
    WHERE prescription_id IS NOT NULL AND state <> 'broughtBack';
CREATE UNIQUE INDEX delivery_document_once ON decoction.delivery (site_id, document_id) NULLS NOT DISTINCT
    WHERE document_id IS NOT NULL AND state <> 'broughtBack';

ALTER TABLE decoction.supply_order ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.supply_order FORCE ROW LEVEL SECURITY;
CREATE POLICY supply_order_read_by_both_sites ON decoction.supply_order FOR SELECT
    USING (site_id = ANY (host.readable_sites()) OR supplier_site_id = ANY (host.readable_sites()));
CREATE POLICY supply_order_written_by_its_side ON decoction.supply_order FOR INSERT
    WITH CHECK (site_id = host.acting_site());
CREATE POLICY supply_order_changed_by_both_sites ON decoction.supply_order FOR UPDATE
    USING (site_id = host.acting_site() OR supplier_site_id = host.acting_site())
    WITH CHECK (site_id = host.acting_site() OR supplier_site_id = host.acting_site());

ALTER TABLE decoction.supply_order_line ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.supply_order_line FORCE ROW LEVEL SECURITY;
CREATE POLICY supply_order_line_read_by_both_sites ON decoction.supply_order_line FOR SELECT
    USING (site_id = ANY (host.readable_sites()) OR supplier_site_id = ANY (host.readable_sites()));
CREATE POLICY supply_order_line_written_by_its_side ON decoction.supply_order_line FOR INSERT
    WITH CHECK (site_id = host.acting_site());

ALTER TABLE decoction.shipment_line ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.shipment_line FORCE ROW LEVEL SECURITY;
CREATE POLICY shipment_line_read_by_both_sites ON decoction.shipment_line FOR SELECT
    USING (site_id = ANY (host.readable_sites()) OR supplier_site_id = ANY (host.readable_sites()));
CREATE POLICY shipment_line_written_by_its_side ON decoction.shipment_line FOR INSERT
    WITH CHECK (supplier_site_id = host.acting_site());
CREATE POLICY shipment_line_changed_by_both_sites ON decoction.shipment_line FOR UPDATE
    USING (site_id = host.acting_site() OR supplier_site_id = host.acting_site())
    WITH CHECK (site_id = host.acting_site() OR supplier_site_id = host.acting_site());

ALTER TABLE decoction.shipment_receipt ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.shipment_receipt FORCE ROW LEVEL SECURITY;
CREATE POLICY shipment_receipt_read_by_both_sites ON decoction.shipment_receipt FOR SELECT
    USING (site_id = ANY (host.readable_sites()) OR supplier_site_id = ANY (host.readable_sites()));
CREATE POLICY shipment_receipt_written_by_its_side ON decoction.shipment_receipt FOR INSERT
    WITH CHECK (site_id = host.acting_site());

ALTER TABLE decoction.shipment_claim ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.shipment_claim FORCE ROW LEVEL SECURITY;
CREATE POLICY shipment_claim_read_by_both_sites ON decoction.shipment_claim FOR SELECT
    USING (site_id = ANY (host.readable_sites()) OR supplier_site_id = ANY (host.readable_sites()));
CREATE POLICY shipment_claim_written_by_its_side ON decoction.shipment_claim FOR INSERT
    WITH CHECK (site_id = host.acting_site());
CREATE POLICY shipment_claim_changed_by_the_supplier ON decoction.shipment_claim FOR UPDATE
    USING (supplier_site_id = host.acting_site()) WITH CHECK (supplier_site_id = host.acting_site());

ALTER TABLE decoction.delivery ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.delivery FORCE ROW LEVEL SECURITY;
CREATE POLICY delivery_of_site ON decoction.delivery
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());
