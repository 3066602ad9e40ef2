-- A prescription as it was handed in. What the patient suffers from, and what a person typed, is sealed.
CREATE TABLE decoction.prescription (
    site_id             uuid        NOT NULL,
    prescription_id     uuid        NOT NULL,
    patient_id          uuid        NOT NULL,
    -- NULL where none was named: RX-01 then holds it up.
    prescriber_staff_id uuid,
    issued_on           date        NOT NULL,
    kind                text        NOT NULL,
    -- NULL where it was not written (RX-04).
    usage               text,
    doses               integer     NOT NULL,
    doses_per_day       integer     NOT NULL,
    supply_days         integer     NOT NULL,
    sex                 text        NOT NULL,
    age_years           integer     NOT NULL,
    diagnosis           bytea       NOT NULL,
    syndrome            bytea       NOT NULL,
    -- NULL where nothing was said of it.
    kind_reason         bytea,
    allergies           bytea,
    pregnant            bytea,
    withdrawn_reason    bytea,
    state               text        NOT NULL,
    -- The latest check; its findings hold.
    check_no            integer     NOT NULL,
    keep_until          date        NOT NULL,
    -- The prescription that this one is written instead of, or anew from.
    rewrites            uuid,
    reuses              uuid,
    created_at          timestamptz NOT NULL,
    created_by          uuid        NOT NULL,
    CONSTRAINT prescription_key PRIMARY KEY (prescription_id),
    CONSTRAINT prescription_of_site UNIQUE (site_id, prescription_id),
    CONSTRAINT prescription_rewrites_known FOREIGN KEY (site_id, rewrites)
        REFERENCES decoction.prescription (site_id, prescription_id),
    CONSTRAINT prescription_reuses_known FOREIGN KEY (site_id, reuses)
        REFERENCES decoction.prescription (site_id, prescription_id),
    CONSTRAINT prescription_state_known CHECK (state IN (
        'submitted', 'awaitingSignature', 'readyForReview', 'approved', 'refused', 'dispensing', 'dispensed', 'handedOver',
        'withdrawn')),
    CONSTRAINT prescription_kind_known CHECK (kind IN ('ordinary', 'emergency', 'longTerm', 'narcotic')),
    CONSTRAINT prescription_usage_known CHECK (usage IN ('oral', 'external')),
    CONSTRAINT prescription_has_doses CHECK (doses > 0 AND doses_per_day > 0 AND supply_days > 0),
    CONSTRAINT prescription_withdrawn_has_reason CHECK (withdrawn_reason IS NULL OR state = 'withdrawn')
);

CREATE INDEX prescription_by_patient ON decoction.prescription (site_id, patient_id, prescription_id);
CREATE INDEX prescription_by_state ON decoction.prescription (site_id, state, prescription_id);
CREATE INDEX prescription_by_rewritten ON decoction.prescription (site_id, rewrites);

-- What one dose consists of, in the order of the doctor.
CREATE TABLE decoction.prescription_line (
    site_id         uuid    NOT NULL,
    prescription_id uuid    NOT NULL,
    line_no         integer NOT NULL,
    piece_code      text    NOT NULL,
    per_dose_mg     bigint  NOT NULL,
    -- NULL where none was written.
    cooking         text,
    substitute_for  text,
    CONSTRAINT prescription_line_key PRIMARY KEY (site_id, prescription_id, line_no),
    CONSTRAINT prescription_line_of_prescription FOREIGN KEY (site_id, prescription_id)
        REFERENCES decoction.prescription (site_id, prescription_id),
    CONSTRAINT prescription_line_piece_known FOREIGN KEY (piece_code) REFERENCES decoction.piece (code),
    CONSTRAINT prescription_line_weighs_something CHECK (per_dose_mg > 0)
);

-- What the rules found at each check, and by which version of a rule.
CREATE TABLE decoction.prescription_finding (
    site_id         uuid        NOT NULL,
    prescription_id uuid        NOT NULL,
    check_no        integer     NOT NULL,
    finding_no      integer     NOT NULL,
    checked_on      date        NOT NULL,
    rule            text        NOT NULL,
    severity        text        NOT NULL,
    pieces          text[]      NOT NULL,
    text_zh         text        NOT NULL,
    text_en         text        NOT NULL,
    resolution      text        NOT NULL,
    rule_version    text        NOT NULL,
    CONSTRAINT prescription_finding_key PRIMARY KEY (site_id, prescription_id, check_no, finding_no),
    CONSTRAINT prescription_finding_of_prescription FOREIGN KEY (site_id, prescription_id)
        REFERENCES decoction.prescription (site_id, prescription_id),
    CONSTRAINT prescription_finding_severity_known CHECK (severity IN ('block', 'confirm', 'warn', 'info'))
);

-- A second signature under a rule's findings. It covers the pieces that they were about.
CREATE TABLE decoction.prescription_signature (
    site_id         uuid        NOT NULL,
    signature_id    uuid        NOT NULL,
    prescription_id uuid        NOT NULL,
    check_no        integer     NOT NULL,
    rule            text        NOT NULL,
    rule_version    text        NOT NULL,
    pieces          text[]      NOT NULL,
    staff_id        uuid        NOT NULL,
    account_id      uuid        NOT NULL,
    -- Whether the account is known to be the signer's own.
    is_own_account  boolean     NOT NULL,
    reason          bytea       NOT NULL,
    at              timestamptz NOT NULL,
    CONSTRAINT prescription_signature_key PRIMARY KEY (signature_id),
    CONSTRAINT prescription_signature_once UNIQUE (site_id, prescription_id, check_no, rule, staff_id),
    CONSTRAINT prescription_signature_of_prescription FOREIGN KEY (site_id, prescription_id)
        REFERENCES decoction.prescription (site_id, prescription_id)
);

-- Every state that a prescription has been in.
CREATE TABLE decoction.prescription_change (
    site_id         uuid        NOT NULL,
    seq             bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    prescription_id uuid        NOT NULL,
    state           text        NOT NULL,
    at              timestamptz NOT NULL,
    account_id      uuid        NOT NULL,
    CONSTRAINT prescription_change_key PRIMARY KEY (site_id, prescription_id, seq),
    CONSTRAINT prescription_change_of_prescription FOREIGN KEY (site_id, prescription_id)
        REFERENCES decoction.prescription (site_id, prescription_id)
);

ALTER TABLE decoction.prescription ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.prescription FORCE ROW LEVEL SECURITY;
CREATE POLICY prescription_visible_at_site ON decoction.prescription
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE decoction.prescription_line ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.prescription_line FORCE ROW LEVEL SECURITY;
CREATE POLICY prescription_line_visible_at_site ON decoction.prescription_line
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE decoction.prescription_finding ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.prescription_finding FORCE ROW LEVEL SECURITY;
CREATE POLICY prescription_finding_visible_at_site ON decoction.prescription_finding
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE decoction.prescription_signature ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.prescription_signature FORCE ROW LEVEL SECURITY;
CREATE POLICY prescription_signature_visible_at_site ON decoction.prescription_signature
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE decoction.prescription_change ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.prescription_change FORCE ROW LEVEL SECURITY;
CREATE POLICY prescription_change_visible_at_site ON decoction.prescription_change
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());
