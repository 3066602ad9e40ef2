-- The pharmacy's indicators (C*), from Data/indicators.csv: what is divided by what, and where that comes from.
CREATE TABLE decoction.indicator (
    code           text NOT NULL,
    name_zh        text NOT NULL,
    name_en        text NOT NULL,
    numerator_zh   text NOT NULL,
    -- Empty where nothing is divided.
    denominator_zh text NOT NULL,
    formula        text NOT NULL,
    unit           text NOT NULL,
    period_zh      text NOT NULL,
    direction      text NOT NULL,
    basis          text NOT NULL,
    confidence     text NOT NULL,
    CONSTRAINT indicator_key PRIMARY KEY (code),
    CONSTRAINT indicator_formula_known CHECK (formula IN ('N', 'N/D*100')),
    CONSTRAINT indicator_divides_by_something CHECK ((formula = 'N') = (denominator_zh = '')),
    CONSTRAINT indicator_direction_known CHECK (direction IN ('up', 'down', 'info'))
);

-- What the pharmacy cannot count itself: the visits and prescriptions of a month, as a person has recorded them. A correction is a
-- later version.
CREATE TABLE decoction.outpatient_count (
    site_id                  uuid        NOT NULL,
    month                    date        NOT NULL,
    version                  integer     NOT NULL,
    -- NULL where nobody knows.
    outpatient_visits        bigint,
    tcm_visits               bigint,
    outpatient_prescriptions bigint,
    source                   text        NOT NULL,
    -- Why it replaces the version before; empty for the first.
    reason                   text        NOT NULL,
    recorded_at              timestamptz NOT NULL,
    recorded_by              uuid        NOT NULL,
    CONSTRAINT outpatient_count_version_taken PRIMARY KEY (site_id, month, version),
    CONSTRAINT outpatient_count_of_month CHECK (extract(day FROM month) = 1),
    CONSTRAINT outpatient_count_says_something
        CHECK (num_nonnulls(outpatient_visits, tcm_visits, outpatient_prescriptions) > 0),
    CONSTRAINT outpatient_count_not_negative
        CHECK (outpatient_visits >= 0 AND tcm_visits >= 0 AND outpatient_prescriptions >= 0),
    CONSTRAINT outpatient_count_tcm_within_all CHECK (tcm_visits <= outpatient_visits),
    CONSTRAINT outpatient_count_correction_has_reason CHECK ((version = 1) = (reason = '')),
    CONSTRAINT outpatient_count_has_source CHECK (source <> '')
);

ALTER TABLE decoction.outpatient_count ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.outpatient_count FORCE ROW LEVEL SECURITY;
CREATE POLICY outpatient_count_of_site ON decoction.outpatient_count
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

-- What reports look for by time.
CREATE INDEX prescription_by_creation ON decoction.prescription (site_id, created_at);
CREATE INDEX prescription_by_issue ON decoction.prescription (site_id, issued_on);
CREATE INDEX prescription_finding_by_day ON decoction.prescription_finding (site_id, checked_on);
CREATE INDEX prescription_signature_by_time ON decoction.prescription_signature (site_id, at);
CREATE INDEX review_by_time ON decoction.review (site_id, at);
CREATE INDEX spot_check_by_time ON decoction.spot_check (site_id, at);
CREATE INDEX returned_by_disposal ON decoction.returned (site_id, disposal_id);
