-- The bands by which dues are reckoned, as Data/dues_bands.csv has them.
CREATE TABLE membership.dues_band (
    category          text    NOT NULL,
    -- The place of the band in its category, from 1.
    position          integer NOT NULL,
    name_zh           text    NOT NULL,
    basis_zh          text    NOT NULL,
    mode              text    NOT NULL,
    -- The base lies above this; NULL in fixed amounts.
    above_fen         bigint,
    -- And not above this; NULL where there is no end, and in fixed amounts.
    through_fen       bigint,
    -- Hundredths of a percent of the whole base; NULL in fixed amounts.
    rate_basis_points integer,
    least_fen         bigint,
    greatest_fen      bigint,
    is_rounded        boolean NOT NULL,
    note              text    NOT NULL,
    source            text    NOT NULL,
    confidence        text    NOT NULL,
    CONSTRAINT dues_band_key PRIMARY KEY (category, position),
    CONSTRAINT dues_band_mode_known CHECK (mode IN ('whole_amount', 'fixed_range', 'fixed', 'waiver')),
    CONSTRAINT dues_band_rate_of_base CHECK ((mode = 'whole_amount') = (rate_basis_points IS NOT NULL))
);

-- What a member's dues are reckoned from, and from which month on. Of several rows the one of the latest month holds, and of one month the
-- last version.
CREATE TABLE membership.dues_base (
    site_id     uuid        NOT NULL,
    member_id   uuid        NOT NULL,
    -- Counted through all rows of the member.
    version     integer     NOT NULL,
    -- The first day of the first month that it counts for.
    from_month  date        NOT NULL,
    category    text        NOT NULL,
    -- NULL where the category has a fixed amount.
    base_fen    bigint,
    -- What the branch has set within the category's range; NULL elsewhere.
    fixed_fen   bigint,
    reason      text        NOT NULL DEFAULT '',
    recorded_at timestamptz NOT NULL,
    recorded_by uuid        NOT NULL,
    CONSTRAINT dues_base_taken PRIMARY KEY (site_id, member_id, version),
    CONSTRAINT dues_base_of_member FOREIGN KEY (site_id, member_id) REFERENCES membership.member,
    CONSTRAINT dues_base_from_first_of_month CHECK (extract(day FROM from_month) = 1),
    CONSTRAINT dues_base_not_negative CHECK (base_fen >= 0 AND fixed_fen >= 0)
);

-- Reductions and waivers that the next higher committee has approved, always with an end.
CREATE TABLE membership.dues_exemption (
    site_id        uuid        NOT NULL,
    exemption_id   uuid        NOT NULL,
    member_id      uuid        NOT NULL,
    kind           text        NOT NULL,
    from_month     date        NOT NULL,
    -- The first day of the last month.
    until_month    date        NOT NULL,
    -- What is still to be paid a month; NULL of a waiver.
    reduced_fen    bigint,
    requested_on   date        NOT NULL,
    branch_on      date        NOT NULL,
    approved_on    date        NOT NULL,
    approved_by    uuid        NOT NULL,
    document_title text        NOT NULL DEFAULT '',
    document_file  uuid,
    document_sm3   text        NOT NULL DEFAULT '',
    recorded_at    timestamptz NOT NULL,
    recorded_by    uuid        NOT NULL,
    CONSTRAINT dues_exemption_key PRIMARY KEY (site_id, exemption_id),
    CONSTRAINT dues_exemption_of_member FOREIGN KEY (site_id, member_id) REFERENCES membership.member,
    CONSTRAINT dues_exemption_by_organization FOREIGN KEY (approved_by) REFERENCES membership.organization,
    CONSTRAINT dues_exemption_kind_known CHECK (kind IN ('waiver', 'reduction')),
    CONSTRAINT dues_exemption_reduces CHECK ((kind = 'reduction') = (reduced_fen IS NOT NULL) AND reduced_fen > 0),
    CONSTRAINT dues_exemption_ends CHECK (until_month >= from_month),
    CONSTRAINT dues_exemption_months CHECK (extract(day FROM from_month) = 1 AND extract(day FROM until_month) = 1),
    CONSTRAINT dues_exemption_in_order CHECK (requested_on <= branch_on AND branch_on <= approved_on)
);

CREATE INDEX dues_exemption_by_member ON membership.dues_exemption (site_id, member_id);

-- That an exemption ended before its time.
CREATE TABLE membership.dues_exemption_end (
    site_id      uuid        NOT NULL,
    exemption_id uuid        NOT NULL,
    -- The first month that it does not hold for any more.
    from_month   date        NOT NULL,
    reason       text        NOT NULL,
    recorded_at  timestamptz NOT NULL,
    recorded_by  uuid        NOT NULL,
    CONSTRAINT dues_exemption_ended PRIMARY KEY (site_id, exemption_id),
    CONSTRAINT dues_exemption_end_of_exemption FOREIGN KEY (site_id, exemption_id) REFERENCES membership.dues_exemption
);

-- Good reasons for months in which dues were not paid: what is owed stays owed, and does not count towards 自行脱党.
CREATE TABLE membership.dues_excuse (
    site_id        uuid        NOT NULL,
    excuse_id      uuid        NOT NULL,
    member_id      uuid        NOT NULL,
    from_month     date        NOT NULL,
    until_month    date        NOT NULL,
    reason         text        NOT NULL,
    document_title text        NOT NULL DEFAULT '',
    document_file  uuid,
    document_sm3   text        NOT NULL DEFAULT '',
    recorded_at    timestamptz NOT NULL,
    recorded_by    uuid        NOT NULL,
    CONSTRAINT dues_excuse_key PRIMARY KEY (site_id, excuse_id),
    CONSTRAINT dues_excuse_of_member FOREIGN KEY (site_id, member_id) REFERENCES membership.member,
    CONSTRAINT dues_excuse_ends CHECK (until_month >= from_month)
);

CREATE INDEX dues_excuse_by_member ON membership.dues_excuse (site_id, member_id);

-- The months that a branch collects dues for. A month is closed by its row in dues_closing and by nothing else; this one is there to be
-- locked: whoever assesses or closes a month waits for whoever pays in it.
CREATE TABLE membership.dues_month (
    site_id         uuid        NOT NULL,
    organization_id uuid        NOT NULL,
    month           date        NOT NULL,
    opened_at       timestamptz NOT NULL,
    opened_by       uuid        NOT NULL,
    CONSTRAINT dues_month_taken PRIMARY KEY (site_id, organization_id, month),
    CONSTRAINT dues_month_of_organization FOREIGN KEY (organization_id) REFERENCES membership.organization,
    CONSTRAINT dues_month_first_day CHECK (extract(day FROM month) = 1)
);

-- What each member owes for a month, in versions until the month is closed: the last one holds. The key has no branch, so nobody is
-- assessed for one month in two.
CREATE TABLE membership.dues_line (
    site_id           uuid        NOT NULL,
    month             date        NOT NULL,
    member_id         uuid        NOT NULL,
    version           integer     NOT NULL,
    organization_id   uuid        NOT NULL,
    -- The member did not belong to the branch after all: nothing is owed.
    is_void           boolean     NOT NULL,
    -- Came when the month was closed: for who was admitted, or told the base, too late.
    is_supplement     boolean     NOT NULL,
    category          text        NOT NULL,
    base_fen          bigint,
    -- Of the row of dues_base that it was reckoned from.
    base_version      integer     NOT NULL,
    rate_basis_points integer,
    -- Whole fen of base times rate; what is left of a fen is dropped here and counts in the rounding.
    unrounded_fen     bigint      NOT NULL,
    due_fen           bigint      NOT NULL,
    waived_fen        bigint      NOT NULL,
    exemption_id      uuid,
    rule_version      text        NOT NULL,
    recorded_at       timestamptz NOT NULL,
    recorded_by       uuid        NOT NULL,
    -- The version of the supplement that this row takes back, and why; of a counter-entry alone.
    voids             integer,
    reason            text        NOT NULL DEFAULT '',
    CONSTRAINT dues_line_taken PRIMARY KEY (site_id, month, member_id, version),
    CONSTRAINT dues_line_voids_a_line FOREIGN KEY (site_id, month, member_id, voids) REFERENCES membership.dues_line,
    CONSTRAINT dues_line_counter_entry_says_why CHECK (
        (is_void AND is_supplement) = (voids IS NOT NULL) AND (voids IS NULL) = (reason = '') AND voids = version - 1),
    CONSTRAINT dues_line_of_month FOREIGN KEY (site_id, organization_id, month) REFERENCES membership.dues_month,
    CONSTRAINT dues_line_waives_what_is_due CHECK (waived_fen BETWEEN 0 AND due_fen),
    CONSTRAINT dues_line_void_owes_nothing CHECK (NOT is_void OR due_fen = 0)
);

CREATE INDEX dues_line_by_member ON membership.dues_line (site_id, member_id, month);
CREATE INDEX dues_line_by_organization ON membership.dues_line (site_id, organization_id, month);

-- Money that members gave for their dues.
CREATE TABLE membership.dues_payment (
    site_id     uuid        NOT NULL,
    payment_id  uuid        NOT NULL,
    member_id   uuid        NOT NULL,
    on_date     date        NOT NULL,
    -- All that was handed over, with what went into the voluntary ledger.
    amount_fen  bigint      NOT NULL,
    how         text        NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by uuid        NOT NULL,
    CONSTRAINT dues_payment_key PRIMARY KEY (site_id, payment_id),
    CONSTRAINT dues_payment_of_member FOREIGN KEY (site_id, member_id) REFERENCES membership.member,
    CONSTRAINT dues_payment_positive CHECK (amount_fen > 0),
    CONSTRAINT dues_payment_how_known CHECK (how IN ('cash', 'transfer', 'quarter', 'proxy'))
);

CREATE INDEX dues_payment_by_member ON membership.dues_payment (site_id, member_id, on_date);

-- Which months a payment settles.
CREATE TABLE membership.dues_part (
    site_id    uuid    NOT NULL,
    payment_id uuid    NOT NULL,
    month      date    NOT NULL,
    member_id  uuid    NOT NULL,
    amount_fen bigint  NOT NULL,
    -- The month was closed then: arrears paid later, which the closed line does not show.
    is_back    boolean NOT NULL,
    CONSTRAINT dues_part_key PRIMARY KEY (site_id, payment_id, month),
    CONSTRAINT dues_part_of_payment FOREIGN KEY (site_id, payment_id) REFERENCES membership.dues_payment,
    CONSTRAINT dues_part_positive CHECK (amount_fen > 0)
);

CREATE INDEX dues_part_by_line ON membership.dues_part (site_id, month, member_id);

-- What members gave beyond their dues, in a ledger of its own; what goes to the centre goes there in full.
CREATE TABLE membership.voluntary_payment (
    site_id         uuid        NOT NULL,
    voluntary_id    uuid        NOT NULL,
    member_id       uuid        NOT NULL,
    -- The member's branch or group on the day.
    organization_id uuid        NOT NULL,
    on_date         date        NOT NULL,
    amount_fen      bigint      NOT NULL,
    for_centre      boolean     NOT NULL,
    -- The payment that it was the rest of; NULL where it was given by itself.
    payment_id      uuid,
    note            text        NOT NULL DEFAULT '',
    rule_version    text        NOT NULL,
    recorded_at     timestamptz NOT NULL,
    recorded_by     uuid        NOT NULL,
    CONSTRAINT voluntary_payment_key PRIMARY KEY (site_id, voluntary_id),
    CONSTRAINT voluntary_payment_of_member FOREIGN KEY (site_id, member_id) REFERENCES membership.member,
    CONSTRAINT voluntary_payment_in_organization FOREIGN KEY (organization_id) REFERENCES membership.organization,
    CONSTRAINT voluntary_payment_rest_of FOREIGN KEY (site_id, payment_id) REFERENCES membership.dues_payment,
    CONSTRAINT voluntary_payment_positive CHECK (amount_fen > 0)
);

CREATE INDEX voluntary_payment_by_organization ON membership.voluntary_payment (site_id, organization_id, on_date);

-- That a payment, a voluntary one or a notice was recorded in error: with this row it counts no more.
CREATE TABLE membership.dues_reversal (
    site_id     uuid        NOT NULL,
    -- The payment, the voluntary payment that was given by itself, or the notice.
    record_id   uuid        NOT NULL,
    reason      text        NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by uuid        NOT NULL,
    CONSTRAINT dues_reversal_taken PRIMARY KEY (site_id, record_id)
);

-- That a month is closed, with its sums.
CREATE TABLE membership.dues_closing (
    site_id         uuid        NOT NULL,
    organization_id uuid        NOT NULL,
    month           date        NOT NULL,
    lines           integer     NOT NULL,
    unassessed      integer     NOT NULL,
    due_fen         bigint      NOT NULL,
    paid_fen        bigint      NOT NULL,
    waived_fen      bigint      NOT NULL,
    arrears_fen     bigint      NOT NULL,
    closed_at       timestamptz NOT NULL,
    closed_by       uuid        NOT NULL,
    CONSTRAINT dues_closing_taken PRIMARY KEY (site_id, organization_id, month),
    CONSTRAINT dues_closing_of_month FOREIGN KEY (site_id, organization_id, month) REFERENCES membership.dues_month,
    CONSTRAINT dues_closing_adds_up CHECK (due_fen = paid_fen + waived_fen + arrears_fen AND arrears_fen >= 0)
);

-- The lines of a closed month as they stood then.
CREATE TABLE membership.dues_closed_line (
    site_id         uuid    NOT NULL,
    organization_id uuid    NOT NULL,
    month           date    NOT NULL,
    member_id       uuid    NOT NULL,
    version         integer NOT NULL,
    due_fen         bigint  NOT NULL,
    paid_fen        bigint  NOT NULL,
    waived_fen      bigint  NOT NULL,
    arrears_fen     bigint  NOT NULL,
    CONSTRAINT dues_closed_line_key PRIMARY KEY (site_id, month, member_id),
    CONSTRAINT dues_closed_line_of_line FOREIGN KEY (site_id, month, member_id, version) REFERENCES membership.dues_line,
    CONSTRAINT dues_closed_line_of_closing FOREIGN KEY (site_id, organization_id, month) REFERENCES membership.dues_closing,
    CONSTRAINT dues_closed_line_adds_up CHECK (due_fen = paid_fen + waived_fen + arrears_fen AND arrears_fen >= 0)
);

-- Who owed for a month and had no line when it was closed, such as for want of a base. They are asked for until they have one.
CREATE TABLE membership.dues_unassessed (
    site_id         uuid NOT NULL,
    organization_id uuid NOT NULL,
    month           date NOT NULL,
    member_id       uuid NOT NULL,
    reason          text NOT NULL,
    CONSTRAINT dues_unassessed_key PRIMARY KEY (site_id, organization_id, month, member_id),
    CONSTRAINT dues_unassessed_of_closing FOREIGN KEY (site_id, organization_id, month) REFERENCES membership.dues_closing,
    CONSTRAINT dues_unassessed_of_member FOREIGN KEY (site_id, member_id) REFERENCES membership.member,
    CONSTRAINT dues_unassessed_reason_known CHECK (reason IN ('noBase', 'baseUnfit', 'assessedElsewhere'))
);

-- That somebody who is in arrears was told so, or talked with. The procedure of lapse ends in membership.standing.
CREATE TABLE membership.arrears_notice (
    site_id        uuid        NOT NULL,
    notice_id      uuid        NOT NULL,
    member_id      uuid        NOT NULL,
    stage          text        NOT NULL,
    on_date        date        NOT NULL,
    -- The months that were not paid on the day: the first, the last, and how many.
    from_month     date        NOT NULL,
    until_month    date        NOT NULL,
    months         integer     NOT NULL,
    note           text        NOT NULL DEFAULT '',
    document_title text        NOT NULL DEFAULT '',
    document_file  uuid,
    document_sm3   text        NOT NULL DEFAULT '',
    recorded_at    timestamptz NOT NULL,
    recorded_by    uuid        NOT NULL,
    CONSTRAINT arrears_notice_key PRIMARY KEY (site_id, notice_id),
    CONSTRAINT arrears_notice_of_member FOREIGN KEY (site_id, member_id) REFERENCES membership.member,
    CONSTRAINT arrears_notice_stage_known CHECK (stage IN ('notice', 'talk')),
    CONSTRAINT arrears_notice_of_months CHECK (from_month <= until_month AND until_month < on_date AND months > 0)
);

CREATE INDEX arrears_notice_by_member ON membership.arrears_notice (site_id, member_id, on_date);

-- What a branch has shown its members of a year's dues, with the sums as they stood.
CREATE TABLE membership.dues_publication (
    site_id         uuid        NOT NULL,
    organization_id uuid        NOT NULL,
    year            integer     NOT NULL,
    version         integer     NOT NULL,
    on_date         date        NOT NULL,
    due_fen         bigint      NOT NULL,
    paid_fen        bigint      NOT NULL,
    waived_fen      bigint      NOT NULL,
    arrears_fen     bigint      NOT NULL,
    voluntary_fen   bigint      NOT NULL,
    for_centre_fen  bigint      NOT NULL,
    document_title  text        NOT NULL DEFAULT '',
    document_file   uuid,
    document_sm3    text        NOT NULL DEFAULT '',
    recorded_at     timestamptz NOT NULL,
    recorded_by     uuid        NOT NULL,
    CONSTRAINT dues_publication_taken PRIMARY KEY (site_id, organization_id, year, version),
    CONSTRAINT dues_publication_of_organization FOREIGN KEY (organization_id) REFERENCES membership.organization
);

-- The organisations whose months count in a tree: those that stood in it on the first of the month, and those that came to be during it.
CREATE FUNCTION membership.dues_scope(root uuid, month date) RETURNS TABLE (organization_id uuid)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT tree.organization_id FROM membership.tree_on(root, month) AS tree
    UNION
    SELECT tree.organization_id
    FROM membership.tree_on(root, (month + interval '1 month' - interval '1 day')::date) AS tree
    WHERE NOT EXISTS (
        SELECT FROM membership.organizations_on(month) AS one
        WHERE one.organization_id = tree.organization_id AND NOT one.is_ended)
$$;

-- Facts that were recorded when a month had been closed are found by it.
CREATE INDEX standing_by_recording ON membership.standing (site_id, recorded_at);

-- Whatever is written: a line of a closed month is one that it lacked, and no line that was closed gets another version. A supplement gets
-- one alone: its counter-entry, behind which another supplement may come.
CREATE FUNCTION membership.keep_closed_month() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM membership.dues_closing AS closing
        WHERE closing.site_id = NEW.site_id AND closing.organization_id = NEW.organization_id
            AND closing.month = NEW.month) IS DISTINCT FROM NEW.is_supplement
        OR EXISTS (
            SELECT FROM membership.dues_closed_line AS closed
            WHERE closed.site_id = NEW.site_id AND closed.month = NEW.month AND closed.member_id = NEW.member_id)
        OR coalesce((
            SELECT last.is_supplement AND NOT last.is_void FROM membership.dues_line AS last
            WHERE last.site_id = NEW.site_id AND last.month = NEW.month AND last.member_id = NEW.member_id
            ORDER BY last.version DESC LIMIT 1), false) IS DISTINCT FROM (NEW.voids IS NOT NULL)
    THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'dues_line_month_closed',
            MESSAGE = 'the month is closed';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER dues_line_keeps_closed_month BEFORE INSERT ON membership.dues_line
    FOR EACH ROW EXECUTE FUNCTION membership.keep_closed_month();

ALTER TABLE membership.dues_base ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership.dues_base FORCE ROW LEVEL SECURITY;
CREATE POLICY dues_base_of_site ON membership.dues_base
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE membership.dues_exemption ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership.dues_exemption FORCE ROW LEVEL SECURITY;
CREATE POLICY dues_exemption_of_site ON membership.dues_exemption
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE membership.dues_exemption_end ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership.dues_exemption_end FORCE ROW LEVEL SECURITY;
CREATE POLICY dues_exemption_end_of_site ON membership.dues_exemption_end
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE membership.dues_excuse ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership.dues_excuse FORCE ROW LEVEL SECURITY;
CREATE POLICY dues_excuse_of_site ON membership.dues_excuse
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE membership.dues_month ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership.dues_month FORCE ROW LEVEL SECURITY;
CREATE POLICY dues_month_of_site ON membership.dues_month
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE membership.dues_line ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership.dues_line FORCE ROW LEVEL SECURITY;
CREATE POLICY dues_line_of_site ON membership.dues_line
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE membership.dues_payment ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership.dues_payment FORCE ROW LEVEL SECURITY;
CREATE POLICY dues_payment_of_site ON membership.dues_payment
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE membership.dues_part ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership.dues_part FORCE ROW LEVEL SECURITY;
CREATE POLICY dues_part_of_site ON membership.dues_part
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE membership.voluntary_payment ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership.voluntary_payment FORCE ROW LEVEL SECURITY;
CREATE POLICY voluntary_payment_of_site ON membership.voluntary_payment
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE membership.dues_reversal ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership.dues_reversal FORCE ROW LEVEL SECURITY;
CREATE POLICY dues_reversal_of_site ON membership.dues_reversal
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE membership.dues_closing ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership.dues_closing FORCE ROW LEVEL SECURITY;
CREATE POLICY dues_closing_of_site ON membership.dues_closing
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE membership.dues_closed_line ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership.dues_closed_line FORCE ROW LEVEL SECURITY;
CREATE POLICY dues_closed_line_of_site ON membership.dues_closed_line
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE membership.dues_unassessed ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership.dues_unassessed FORCE ROW LEVEL SECURITY;
CREATE POLICY dues_unassessed_of_site ON membership.dues_unassessed
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE membership.arrears_notice ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership.arrears_notice FORCE ROW LEVEL SECURITY;
CREATE POLICY arrears_notice_of_site ON membership.arrears_notice
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE membership.dues_publication ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership.dues_publication FORCE ROW LEVEL SECURITY;
CREATE POLICY dues_publication_of_site ON membership.dues_publication
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());
