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

-- What a site charges beside the pieces (8.4), with where it comes from. A row is never changed.
CREATE TABLE decoction.fee (
    site_id     uuid        NOT NULL,
    kind        text        NOT NULL,
    revision    integer     NOT NULL,
    fee_fen     bigint      NOT NULL,
    source      text        NOT NULL,
    valid_from  date        NOT NULL,
    reason      text        NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by uuid        NOT NULL,
    CONSTRAINT fee_revision_taken PRIMARY KEY (site_id, kind, revision),
    CONSTRAINT fee_kind_known CHECK (kind IN ('decoction', 'separate', 'melted')),
    CONSTRAINT fee_not_negative CHECK (fee_fen >= 0),
    CONSTRAINT fee_has_source CHECK (source <> '')
);

-- What a prescription costs by the prices of a day, frozen when it was approved, or dispensed where a price was missing before.
CREATE TABLE decoction.bill (
    site_id         uuid        NOT NULL,
    prescription_id uuid        NOT NULL,
    bill_no         integer     NOT NULL,
    review_no       integer     NOT NULL,
    priced_on       date        NOT NULL,
    at              timestamptz NOT NULL,
    account_id      uuid        NOT NULL,
    CONSTRAINT bill_number_taken PRIMARY KEY (site_id, prescription_id, bill_no),
    CONSTRAINT bill_of_prescription FOREIGN KEY (site_id, prescription_id)
        REFERENCES decoction.prescription (site_id, prescription_id)
);

CREATE TABLE decoction.bill_line (
    site_id         uuid    NOT NULL,
    prescription_id uuid    NOT NULL,
    bill_no         integer NOT NULL,
    line_no         integer NOT NULL,
    kind            text    NOT NULL,
    -- Of a piece; NULL for a fee.
    piece_code      text,
    -- Milligrams of a piece; how often a fee is charged.
    quantity        bigint  NOT NULL,
    -- Fen a kilogram, or a fee; NULL where the site has no price: it is never taken as 0.
    unit_fen        bigint,
    revision        integer,
    amount_fen      bigint,
    CONSTRAINT bill_line_key PRIMARY KEY (site_id, prescription_id, bill_no, line_no),
    CONSTRAINT bill_line_of_bill FOREIGN KEY (site_id, prescription_id, bill_no) REFERENCES decoction.bill,
    CONSTRAINT bill_line_kind_known CHECK (kind IN ('piece', 'decoction', 'separate', 'melted')),
    CONSTRAINT bill_line_names_its_piece CHECK ((kind = 'piece') = (piece_code IS NOT NULL)),
    CONSTRAINT bill_line_priced_whole CHECK (
        (unit_fen IS NULL) = (amount_fen IS NULL) AND (unit_fen IS NULL) = (revision IS NULL))
);

ALTER TABLE decoction.fee ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.fee FORCE ROW LEVEL SECURITY;
CREATE POLICY fee_of_site ON decoction.fee
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE decoction.bill ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.bill FORCE ROW LEVEL SECURITY;
CREATE POLICY bill_of_site ON decoction.bill
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE decoction.bill_line ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.bill_line FORCE ROW LEVEL SECURITY;
CREATE POLICY bill_line_of_site ON decoction.bill_line
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());
