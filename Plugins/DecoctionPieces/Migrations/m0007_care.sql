-- A lot that was recalled, or that care has withheld, moves no more but for disposal.
ALTER TABLE decoction.lot DROP CONSTRAINT lot_state_known;
ALTER TABLE decoction.lot ADD CONSTRAINT lot_state_known
    CHECK (state IN ('quarantined', 'awaitingSecond', 'accepted', 'rejected', 'recalled', 'withheld'));
CREATE INDEX lot_by_batch ON decoction.lot (site_id, batch_number, piece_code, supplier_id);

-- PC-02: by which grade a lot was accepted; NULL where the account is nobody's of the staff, so that it was not judged.
ALTER TABLE decoction.decision ADD COLUMN staff_id uuid;
ALTER TABLE decoction.decision ADD COLUMN title text;
ALTER TABLE decoction.decision ADD COLUMN rule_version text;
-- One person with two accounts is one person.
CREATE UNIQUE INDEX decision_second_member_required ON decoction.decision (site_id, lot_id, decision, staff_id)
    NULLS NOT DISTINCT WHERE staff_id IS NOT NULL AND decision = 'accept';

-- Which document gave a prescription's pieces out: a recall finds the patients by it.
CREATE TABLE decoction.dispensed (
    site_id         uuid        NOT NULL,
    document_id     uuid        NOT NULL,
    prescription_id uuid        NOT NULL,
    at              timestamptz NOT NULL,
    account_id      uuid        NOT NULL,
    CONSTRAINT dispensed_key PRIMARY KEY (site_id, document_id),
    CONSTRAINT dispensed_prescription FOREIGN KEY (site_id, prescription_id)
        REFERENCES decoction.prescription (site_id, prescription_id)
);

CREATE INDEX dispensed_by_prescription ON decoction.dispensed (site_id, prescription_id);

-- Why and by whom a lot was recalled; the lots of one batch that were recalled in one call share the id.
CREATE TABLE decoction.recall (
    site_id    uuid        NOT NULL,
    recall_id  uuid        NOT NULL,
    lot_id     uuid        NOT NULL,
    reason     text        NOT NULL,
    at         timestamptz NOT NULL,
    account_id uuid        NOT NULL,
    CONSTRAINT recall_once PRIMARY KEY (site_id, lot_id),
    CONSTRAINT recall_of_lot FOREIGN KEY (site_id, lot_id) REFERENCES decoction.lot
);

CREATE INDEX recall_by_id ON decoction.recall (site_id, recall_id);

-- Domain rule 8.2: what was looked at, or counted, of a lot at a place. Nothing is overwritten.
CREATE TABLE decoction.inspection (
    site_id       uuid        NOT NULL,
    inspection_id uuid        NOT NULL,
    lot_id        uuid        NOT NULL,
    location_id   uuid        NOT NULL,
    kind          text        NOT NULL,
    finding       text        NOT NULL,
    note          text        NOT NULL,
    -- What a count found, and what the ledger had there.
    counted_mg    bigint,
    expected_mg   bigint,
    persons       integer     NOT NULL,
    rule_version  text        NOT NULL,
    inspected_on  date        NOT NULL,
    at            timestamptz NOT NULL,
    account_id    uuid        NOT NULL,
    CONSTRAINT inspection_key PRIMARY KEY (site_id, inspection_id),
    CONSTRAINT inspection_of_lot FOREIGN KEY (site_id, lot_id) REFERENCES decoction.lot,
    CONSTRAINT inspection_kind_known CHECK (kind IN ('inspection', 'count')),
    CONSTRAINT inspection_finding_known CHECK (finding IN ('good', 'treated', 'condemned')),
    CONSTRAINT inspection_treatment_noted CHECK (finding = 'good' OR note <> ''),
    CONSTRAINT inspection_count_counted CHECK (
        (kind = 'count') = (counted_mg IS NOT NULL) AND (kind = 'count') = (expected_mg IS NOT NULL))
);

CREATE INDEX inspection_by_place ON decoction.inspection (site_id, lot_id, location_id, kind, inspected_on);

-- Who took a lot into use again that an inspection had withheld, and why.
CREATE TABLE decoction.release (
    site_id    uuid        NOT NULL,
    release_id uuid        NOT NULL,
    lot_id     uuid        NOT NULL,
    reason     text        NOT NULL,
    at         timestamptz NOT NULL,
    account_id uuid        NOT NULL,
    CONSTRAINT release_key PRIMARY KEY (site_id, release_id),
    CONSTRAINT release_of_lot FOREIGN KEY (site_id, lot_id) REFERENCES decoction.lot
);

-- The second person of a count.
CREATE TABLE decoction.inspection_witness (
    site_id       uuid        NOT NULL,
    inspection_id uuid        NOT NULL,
    at            timestamptz NOT NULL,
    account_id    uuid        NOT NULL,
    CONSTRAINT inspection_witnessed_once PRIMARY KEY (site_id, inspection_id),
    CONSTRAINT inspection_witness_of_inspection FOREIGN KEY (site_id, inspection_id) REFERENCES decoction.inspection
);

-- Which climate a place is kept at; the main store is kept at normal unless told.
CREATE TABLE decoction.climate_place (
    site_id     uuid        NOT NULL,
    location_id uuid        NOT NULL,
    climate     text        NOT NULL,
    since       date        NOT NULL,
    set_at      timestamptz NOT NULL,
    set_by      uuid        NOT NULL,
    CONSTRAINT climate_place_key PRIMARY KEY (site_id, location_id),
    CONSTRAINT climate_place_known CHECK (climate IN ('normal', 'cool', 'cold', 'none'))
);

-- Temperature in tenths of a degree, relative humidity in tenths of a percent.
CREATE TABLE decoction.climate_reading (
    site_id         uuid        NOT NULL,
    reading_id      uuid        NOT NULL,
    location_id     uuid        NOT NULL,
    climate         text        NOT NULL,
    celsius_tenths  integer     NOT NULL,
    humidity_tenths integer     NOT NULL,
    is_outside      boolean     NOT NULL,
    -- What was done; empty where nothing had to be.
    action          text        NOT NULL,
    rule_version    text        NOT NULL,
    read_on         date        NOT NULL,
    -- Which part of the day: two readings a day are one in each half.
    part            integer     NOT NULL,
    read_at         timestamptz NOT NULL,
    recorded_at     timestamptz NOT NULL,
    account_id      uuid        NOT NULL,
    CONSTRAINT climate_reading_key PRIMARY KEY (site_id, reading_id),
    CONSTRAINT climate_reading_once UNIQUE (site_id, location_id, read_at),
    CONSTRAINT climate_action_when_outside CHECK (NOT is_outside OR action <> '')
);

CREATE INDEX climate_reading_by_day ON decoction.climate_reading (site_id, location_id, read_on, part);

ALTER TABLE decoction.dispensed ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.dispensed FORCE ROW LEVEL SECURITY;
CREATE POLICY dispensed_of_site ON decoction.dispensed
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE decoction.recall ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.recall FORCE ROW LEVEL SECURITY;
CREATE POLICY recall_of_site ON decoction.recall
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE decoction.inspection ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.inspection FORCE ROW LEVEL SECURITY;
CREATE POLICY inspection_of_site ON decoction.inspection
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE decoction.inspection_witness ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.inspection_witness FORCE ROW LEVEL SECURITY;
CREATE POLICY inspection_witness_of_site ON decoction.inspection_witness
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE decoction.climate_place ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.climate_place FORCE ROW LEVEL SECURITY;
CREATE POLICY climate_place_of_site ON decoction.climate_place
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE decoction.climate_reading ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.climate_reading FORCE ROW LEVEL SECURITY;
CREATE POLICY climate_reading_of_site ON decoction.climate_reading
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE decoction.release ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.release FORCE ROW LEVEL SECURITY;
CREATE POLICY release_of_site ON decoction.release
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());
