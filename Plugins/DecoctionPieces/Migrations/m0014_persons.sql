-- Two persons are two people, not two accounts: who counted, looked, confirmed, released and weighed is kept with the member of staff
-- that the account belonged to; NULL where it was nobody's.
ALTER TABLE decoction.stocktake_count ADD COLUMN staff_id uuid;
ALTER TABLE decoction.inspection ADD COLUMN staff_id uuid;
ALTER TABLE decoction.inspection_witness ADD COLUMN staff_id uuid;
ALTER TABLE decoction.release ADD COLUMN staff_id uuid;
ALTER TABLE decoction.weighing ADD COLUMN staff_id uuid;

-- RX-06: what the patient answered; sealed, and NULL where the signature is no answer, or one in words alone.
ALTER TABLE decoction.prescription_signature ADD COLUMN answer bytea;

-- 8.4: toxic and narcotic pieces that leave without a prescription take two persons; a document stands here until the second has
-- confirmed it.
CREATE TABLE decoction.toxic_document (
    site_id     uuid        NOT NULL,
    document_id uuid        NOT NULL,
    kind        text        NOT NULL,
    booked_on   date        NOT NULL,
    at          timestamptz NOT NULL,
    account_id  uuid        NOT NULL,
    -- NULL where the account is nobody's.
    staff_id    uuid,
    CONSTRAINT toxic_document_key PRIMARY KEY (site_id, document_id),
    CONSTRAINT toxic_document_kind_known CHECK (kind IN ('issue', 'disposal', 'shipment'))
);

CREATE TABLE decoction.toxic_confirmation (
    site_id      uuid        NOT NULL,
    document_id  uuid        NOT NULL,
    at           timestamptz NOT NULL,
    -- The account that said so, and the member of staff who was the second person.
    account_id   uuid        NOT NULL,
    staff_id     uuid,
    -- Whether the second person confirmed by the own account; else the first has named them.
    is_own_account boolean   NOT NULL,
    rule_version text        NOT NULL,
    CONSTRAINT toxic_confirmed_once PRIMARY KEY (site_id, document_id),
    CONSTRAINT toxic_confirmation_of_document FOREIGN KEY (site_id, document_id) REFERENCES decoction.toxic_document
);

ALTER TABLE decoction.toxic_document ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.toxic_document FORCE ROW LEVEL SECURITY;
CREATE POLICY toxic_document_of_site ON decoction.toxic_document
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE decoction.toxic_confirmation ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.toxic_confirmation FORCE ROW LEVEL SECURITY;
CREATE POLICY toxic_confirmation_of_site ON decoction.toxic_confirmation
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());
