-- What is kept back for prescriptions: of what lies in the main store, and of what lies at a place. Nothing else can take it.
ALTER TABLE decoction.lot ADD COLUMN reserved_mg bigint NOT NULL DEFAULT 0;
ALTER TABLE decoction.lot ADD CONSTRAINT lot_reserved_within_free
    CHECK (reserved_mg BETWEEN 0 AND on_hand_mg - placed_mg);
ALTER TABLE decoction.holding ADD COLUMN reserved_mg bigint NOT NULL DEFAULT 0;
ALTER TABLE decoction.holding ADD CONSTRAINT holding_reserved_within_on_hand
    CHECK (reserved_mg BETWEEN 0 AND on_hand_mg);

-- The number of the latest review, and until when what it reserved is kept.
ALTER TABLE decoction.prescription ADD COLUMN review_no integer NOT NULL DEFAULT 0;
ALTER TABLE decoction.prescription ADD COLUMN reserved_until timestamptz;
CREATE INDEX prescription_by_lapse ON decoction.prescription (site_id, reserved_until)
    WHERE state IN ('approved', 'dispensing');

-- RX-13: every decision of a reviewing pharmacist. What was typed is sealed.
CREATE TABLE decoction.review (
    site_id         uuid        NOT NULL,
    review_id       uuid        NOT NULL,
    prescription_id uuid        NOT NULL,
    review_no       integer     NOT NULL,
    check_no        integer     NOT NULL,
    decision        text        NOT NULL,
    note            bytea,
    -- NULL where the account belongs to no member of staff.
    staff_id        uuid,
    -- NULL where the index of staff could not be asked.
    title           text,
    rule_version    text        NOT NULL,
    account_id      uuid        NOT NULL,
    at              timestamptz NOT NULL,
    CONSTRAINT review_key PRIMARY KEY (review_id),
    CONSTRAINT review_number_taken UNIQUE (site_id, prescription_id, review_no),
    CONSTRAINT review_of_prescription FOREIGN KEY (site_id, prescription_id)
        REFERENCES decoction.prescription (site_id, prescription_id),
    CONSTRAINT review_decision_known CHECK (decision IN ('approve', 'refuse')),
    CONSTRAINT review_refusal_has_note CHECK (decision = 'approve' OR note IS NOT NULL)
);

-- What a review kept back, lot by lot and place by place. The open ones of a place add up to its reserved_mg.
CREATE TABLE decoction.reservation (
    site_id         uuid        NOT NULL,
    seq             bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    prescription_id uuid        NOT NULL,
    review_no       integer     NOT NULL,
    piece_code      text        NOT NULL,
    lot_id          uuid        NOT NULL,
    -- The site's id is the main store.
    location_id     uuid        NOT NULL,
    quantity_mg     bigint      NOT NULL,
    reserved_at     timestamptz NOT NULL,
    -- NULL while it holds.
    released_at     timestamptz,
    release         text,
    CONSTRAINT reservation_key PRIMARY KEY (site_id, seq),
    CONSTRAINT reservation_for_prescription FOREIGN KEY (site_id, prescription_id)
        REFERENCES decoction.prescription (site_id, prescription_id),
    CONSTRAINT reservation_of_lot FOREIGN KEY (site_id, lot_id) REFERENCES decoction.lot,
    CONSTRAINT reservation_keeps_something CHECK (quantity_mg > 0),
    CONSTRAINT reservation_release_known CHECK (release IN ('dispensed', 'released', 'withdrawn', 'lapsed')),
    CONSTRAINT reservation_release_has_time CHECK ((release IS NULL) = (released_at IS NULL))
);

CREATE INDEX reservation_by_prescription ON decoction.reservation (site_id, prescription_id, seq);
CREATE INDEX reservation_open_by_lot ON decoction.reservation (site_id, lot_id, location_id) WHERE released_at IS NULL;

-- 8.4: scales, and every record of their calibration. The latest one says whether a scale may be used.
CREATE TABLE decoction.scale (
    site_id    uuid        NOT NULL,
    scale_id   uuid        NOT NULL,
    code       text        NOT NULL,
    name_zh    text        NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid        NOT NULL,
    CONSTRAINT scale_key PRIMARY KEY (site_id, scale_id),
    CONSTRAINT scale_code_taken UNIQUE (site_id, code)
);

CREATE TABLE decoction.calibration (
    site_id            uuid        NOT NULL,
    seq                bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    scale_id           uuid        NOT NULL,
    calibrated_on      date        NOT NULL,
    valid_until        date        NOT NULL,
    has_passed         boolean     NOT NULL,
    certificate_number text        NOT NULL,
    at                 timestamptz NOT NULL,
    account_id         uuid        NOT NULL,
    CONSTRAINT calibration_key PRIMARY KEY (site_id, seq),
    CONSTRAINT calibration_of_scale FOREIGN KEY (site_id, scale_id) REFERENCES decoction.scale,
    CONSTRAINT calibration_valid_in_order CHECK (valid_until >= calibrated_on)
);

CREATE INDEX calibration_by_scale ON decoction.calibration (site_id, scale_id, calibrated_on, seq);

-- What a scale showed. A piece of a dose that is weighed again has a later row, which counts.
CREATE TABLE decoction.weighing (
    site_id         uuid        NOT NULL,
    seq             bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    prescription_id uuid        NOT NULL,
    review_no       integer     NOT NULL,
    dose            integer     NOT NULL,
    piece_code      text        NOT NULL,
    scale_id        uuid        NOT NULL,
    gross_mg        bigint      NOT NULL,
    tare_mg         bigint      NOT NULL,
    at              timestamptz NOT NULL,
    account_id      uuid        NOT NULL,
    CONSTRAINT weighing_key PRIMARY KEY (site_id, prescription_id, seq),
    CONSTRAINT weighing_for_prescription FOREIGN KEY (site_id, prescription_id)
        REFERENCES decoction.prescription (site_id, prescription_id),
    CONSTRAINT weighing_on_scale FOREIGN KEY (site_id, scale_id) REFERENCES decoction.scale,
    CONSTRAINT weighing_shows_something CHECK (tare_mg >= 0 AND gross_mg > tare_mg),
    CONSTRAINT weighing_of_dose CHECK (dose > 0)
);

-- Who dispensed and who checked, by which version of the rule.
CREATE TABLE decoction.dispensing (
    site_id            uuid        NOT NULL,
    document_id        uuid        NOT NULL,
    prescription_id    uuid        NOT NULL,
    review_no          integer     NOT NULL,
    -- NULL where the account belongs to no member of staff.
    dispenser_staff_id uuid,
    checker_staff_id   uuid        NOT NULL,
    prescribed_mg      bigint      NOT NULL,
    weighed_mg         bigint      NOT NULL,
    rule_version       text        NOT NULL,
    account_id         uuid        NOT NULL,
    at                 timestamptz NOT NULL,
    CONSTRAINT dispensing_key PRIMARY KEY (site_id, document_id),
    CONSTRAINT dispensing_once UNIQUE (site_id, prescription_id, review_no),
    CONSTRAINT dispensing_of_prescription FOREIGN KEY (site_id, prescription_id)
        REFERENCES decoction.prescription (site_id, prescription_id),
    CONSTRAINT dispensing_checked_by_another CHECK (dispenser_staff_id <> checker_staff_id)
);

-- A dispensing that was taken back before it was handed over, and what of it was destroyed.
CREATE TABLE decoction.returned (
    site_id            uuid        NOT NULL,
    -- The document that takes it back.
    document_id        uuid        NOT NULL,
    dispensing_id      uuid        NOT NULL,
    -- NULL where all of it went back to its place.
    disposal_id        uuid,
    prescription_id    uuid        NOT NULL,
    reason             bytea       NOT NULL,
    -- NULL where nothing had to be destroyed before two persons.
    checker_staff_id   uuid,
    account_id         uuid        NOT NULL,
    at                 timestamptz NOT NULL,
    CONSTRAINT returned_key PRIMARY KEY (document_id),
    CONSTRAINT returned_once UNIQUE (site_id, dispensing_id),
    CONSTRAINT returned_dispensing FOREIGN KEY (site_id, dispensing_id) REFERENCES decoction.dispensing
);

-- Who took it, and what they were told. Names and texts are sealed.
CREATE TABLE decoction.hand_over (
    site_id         uuid        NOT NULL,
    hand_over_id    uuid        NOT NULL,
    prescription_id uuid        NOT NULL,
    received_by     text        NOT NULL,
    receiver_name   bytea,
    counselling     bytea,
    staff_id        uuid,
    account_id      uuid        NOT NULL,
    at              timestamptz NOT NULL,
    CONSTRAINT hand_over_key PRIMARY KEY (hand_over_id),
    CONSTRAINT hand_over_once UNIQUE (site_id, prescription_id),
    CONSTRAINT hand_over_of_prescription FOREIGN KEY (site_id, prescription_id)
        REFERENCES decoction.prescription (site_id, prescription_id),
    CONSTRAINT hand_over_receiver_known CHECK (received_by IN ('patient', 'family', 'staff', 'courier'))
);

-- The monthly spot-check of what was dispensed.
CREATE TABLE decoction.spot_check (
    site_id         uuid        NOT NULL,
    spot_check_id   uuid        NOT NULL,
    document_id     uuid        NOT NULL,
    has_passed      boolean     NOT NULL,
    reweighed_mg    bigint,
    note            bytea,
    rule_version    text        NOT NULL,
    account_id      uuid        NOT NULL,
    at              timestamptz NOT NULL,
    CONSTRAINT spot_check_key PRIMARY KEY (spot_check_id),
    CONSTRAINT spot_check_once UNIQUE (site_id, document_id),
    CONSTRAINT spot_check_of_dispensing FOREIGN KEY (site_id, document_id) REFERENCES decoction.dispensing,
    CONSTRAINT spot_check_weighs_something CHECK (reweighed_mg > 0),
    CONSTRAINT spot_check_failure_has_note CHECK (has_passed OR note IS NOT NULL)
);

CREATE INDEX dispensing_by_time ON decoction.dispensing (site_id, at);
CREATE INDEX prescription_change_by_time ON decoction.prescription_change (site_id, at);

ALTER TABLE decoction.review ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.review FORCE ROW LEVEL SECURITY;
CREATE POLICY review_visible_at_site ON decoction.review
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE decoction.reservation ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.reservation FORCE ROW LEVEL SECURITY;
CREATE POLICY reservation_visible_at_site ON decoction.reservation
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE decoction.scale ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.scale FORCE ROW LEVEL SECURITY;
CREATE POLICY scale_visible_at_site ON decoction.scale
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE decoction.calibration ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.calibration FORCE ROW LEVEL SECURITY;
CREATE POLICY calibration_visible_at_site ON decoction.calibration
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE decoction.weighing ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.weighing FORCE ROW LEVEL SECURITY;
CREATE POLICY weighing_visible_at_site ON decoction.weighing
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE decoction.dispensing ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.dispensing FORCE ROW LEVEL SECURITY;
CREATE POLICY dispensing_visible_at_site ON decoction.dispensing
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE decoction.returned ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.returned FORCE ROW LEVEL SECURITY;
CREATE POLICY returned_visible_at_site ON decoction.returned
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE decoction.hand_over ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.hand_over FORCE ROW LEVEL SECURITY;
CREATE POLICY hand_over_visible_at_site ON decoction.hand_over
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE decoction.spot_check ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.spot_check FORCE ROW LEVEL SECURITY;
CREATE POLICY spot_check_visible_at_site ON decoction.spot_check
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());
