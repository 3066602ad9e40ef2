-- PC-01: until when a supplier's licence holds, what it allows, and whether the firm is designated for toxic pieces. NULL where
-- nobody has recorded it: what was recorded before has a number alone.
ALTER TABLE decoction.supplier ADD COLUMN version integer NOT NULL DEFAULT 1;
ALTER TABLE decoction.supplier ADD COLUMN licence_kind text;
-- The last day.
ALTER TABLE decoction.supplier ADD COLUMN licence_ends date;
ALTER TABLE decoction.supplier ADD COLUMN designated_toxic boolean;
-- The document by which it is designated.
ALTER TABLE decoction.supplier ADD COLUMN designation_number text;
-- From this day on nothing is received from it.
ALTER TABLE decoction.supplier ADD COLUMN withdrawn_on date;
ALTER TABLE decoction.supplier ADD CONSTRAINT supplier_licence_kind_known
    CHECK (licence_kind IN ('production', 'operation'));
ALTER TABLE decoction.supplier ADD CONSTRAINT supplier_designation_has_document
    CHECK ((designated_toxic IS TRUE) = (designation_number IS NOT NULL));

-- What a supplier was until a change, and who made the change, when and why. A row is never changed.
CREATE TABLE decoction.supplier_version (
    site_id            uuid        NOT NULL,
    supplier_id        uuid        NOT NULL,
    version            integer     NOT NULL,
    name_zh            text        NOT NULL,
    licence            text        NOT NULL,
    licence_kind       text,
    licence_ends       date,
    designated_toxic   boolean,
    designation_number text,
    withdrawn_on       date,
    ended_at           timestamptz NOT NULL,
    ended_by           uuid        NOT NULL,
    reason             text        NOT NULL,
    CONSTRAINT supplier_version_taken PRIMARY KEY (site_id, supplier_id, version),
    CONSTRAINT supplier_version_of_supplier FOREIGN KEY (site_id, supplier_id) REFERENCES decoction.supplier,
    CONSTRAINT supplier_version_has_reason CHECK (reason <> '')
);

ALTER TABLE decoction.supplier_version ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.supplier_version FORCE ROW LEVEL SECURITY;
CREATE POLICY supplier_version_of_site ON decoction.supplier_version
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

-- PC-01: what else the label and the papers of a batch say. NULL where nobody has recorded it.
ALTER TABLE decoction.lot ADD COLUMN spec text;
ALTER TABLE decoction.lot ADD COLUMN origin text;
ALTER TABLE decoction.lot ADD COLUMN maker_name_zh text;
ALTER TABLE decoction.lot ADD COLUMN certificate_number text;
-- By which version of the supplier and of PC-01 the receipt was judged; NULL where it was not.
ALTER TABLE decoction.lot ADD COLUMN supplier_version integer;
ALTER TABLE decoction.lot ADD COLUMN purchase_rule_version text;

-- What the doctor wrote where a piece was named, how it was resolved, and under which version of the catalogue's piece.
ALTER TABLE decoction.prescription_line ADD COLUMN written text;
ALTER TABLE decoction.prescription_line ADD COLUMN naming text NOT NULL DEFAULT 'code';
-- NULL where it was handed in before versions were kept.
ALTER TABLE decoction.prescription_line ADD COLUMN piece_revision integer;
ALTER TABLE decoction.prescription_line ADD CONSTRAINT prescription_line_naming_known
    CHECK (naming IN ('code', 'name', 'alias', 'material', 'processed'));
ALTER TABLE decoction.prescription_line ADD CONSTRAINT prescription_line_named_as_written
    CHECK ((naming = 'code') = (written IS NULL));

-- A recall lets go of what was reserved of its lots.
ALTER TABLE decoction.reservation DROP CONSTRAINT reservation_release_known;
ALTER TABLE decoction.reservation ADD CONSTRAINT reservation_release_known
    CHECK (release IN ('dispensed', 'released', 'withdrawn', 'lapsed', 'recalled'));
