-- Transfers of members and candidates between sites (domain rules 2.1, DV-08; docs/adr/0023), and members who are away for a while.
-- This is not the national register: a letter here is its number, its dates and a scan.

-- Of a row that came along with a transfer: which site recorded it. NULL where it was recorded here. A copied fact tells the history of
-- the person; where they were counted says the site that recorded it.
ALTER TABLE membership.member ADD COLUMN from_site_id uuid;
ALTER TABLE membership.standing ADD COLUMN from_site_id uuid;
ALTER TABLE membership.candidate ADD COLUMN from_site_id uuid;
ALTER TABLE membership.development_entry ADD COLUMN from_site_id uuid;

-- One row of two sites: site_id gives, receiving_site_id takes. Names and what people typed are sealed.
CREATE TABLE membership.transfer (
    site_id              uuid        NOT NULL,
    receiving_site_id    uuid        NOT NULL,
    transfer_id          uuid        NOT NULL,
    -- As both sites' registers have them.
    person_id            uuid        NOT NULL,
    -- NULL of somebody who is no member yet.
    member_id            uuid,
    -- The development that goes along; NULL where there is none.
    candidate_id         uuid,
    from_organization_id uuid        NOT NULL,
    to_organization_id   uuid        NOT NULL,
    state                text        NOT NULL,
    -- What the receiving site cannot ask the index for before it has the person.
    person_name          bytea       NOT NULL,
    reason               bytea       NOT NULL,
    requested_on         date        NOT NULL,
    requested_at         timestamptz NOT NULL,
    requested_by         uuid        NOT NULL,
    -- How many letters there were; membership.transfer_letter has them.
    letter_no            integer     NOT NULL DEFAULT 0,
    first_letter_on      date,
    letter_on            date,
    -- The last day of the latest letter.
    expires_on           date,
    expired_at           timestamptz,
    withdrawn_at         timestamptz,
    returned_at          timestamptz,
    return_reason        bytea,
    received_on          date,
    received_at          timestamptz,
    received_by          uuid,
    into_organization_id uuid,
    -- The rows that the receipt writes at either side.
    end_id               uuid,
    begin_id             uuid,
    CONSTRAINT transfer_key PRIMARY KEY (transfer_id),
    CONSTRAINT transfer_between_two_sites CHECK (site_id <> receiving_site_id),
    CONSTRAINT transfer_of_somebody CHECK (member_id IS NOT NULL OR candidate_id IS NOT NULL),
    CONSTRAINT transfer_of_member FOREIGN KEY (site_id, member_id) REFERENCES membership.member,
    CONSTRAINT transfer_of_candidate FOREIGN KEY (site_id, candidate_id) REFERENCES membership.candidate,
    CONSTRAINT transfer_from_organization FOREIGN KEY (from_organization_id) REFERENCES membership.organization,
    CONSTRAINT transfer_to_organization FOREIGN KEY (to_organization_id) REFERENCES membership.organization,
    CONSTRAINT transfer_into_organization FOREIGN KEY (into_organization_id) REFERENCES membership.organization,
    CONSTRAINT transfer_state_known
        CHECK (state IN ('requested', 'letterIssued', 'received', 'expired', 'returned', 'withdrawn')),
    CONSTRAINT transfer_letter_is_dated CHECK ((letter_no > 0) = (letter_on IS NOT NULL)
        AND (letter_on IS NULL) = (expires_on IS NULL) AND (letter_on IS NULL) = (first_letter_on IS NULL)
        AND expires_on > letter_on AND (letter_no > 0 OR state IN ('requested', 'withdrawn'))),
    CONSTRAINT transfer_expired_is_dated CHECK (state <> 'expired' OR expired_at IS NOT NULL),
    CONSTRAINT transfer_withdrawn_is_dated CHECK ((state = 'withdrawn') = (withdrawn_at IS NOT NULL)),
    CONSTRAINT transfer_returned_has_reason CHECK ((state = 'returned') = (returned_at IS NOT NULL)
        AND (state = 'returned') = (return_reason IS NOT NULL)),
    CONSTRAINT transfer_received_whole CHECK ((state = 'received') = (received_on IS NOT NULL)
        AND (state = 'received') = (received_at IS NOT NULL AND received_by IS NOT NULL AND into_organization_id IS NOT NULL
            AND end_id IS NOT NULL AND begin_id IS NOT NULL)),
    CONSTRAINT transfer_received_in_time CHECK (received_on BETWEEN letter_on AND expires_on)
);

-- A person is on one way at a time.
CREATE UNIQUE INDEX transfer_under_way_once ON membership.transfer (person_id)
    WHERE state IN ('requested', 'letterIssued', 'expired');
CREATE INDEX transfer_by_site ON membership.transfer (site_id, transfer_id);
CREATE INDEX transfer_by_receiver ON membership.transfer (receiving_site_id, transfer_id);
CREATE INDEX transfer_by_candidate ON membership.transfer (site_id, candidate_id) WHERE state = 'letterIssued';

-- Every letter: an overdue one is followed by another.
CREATE TABLE membership.transfer_letter (
    site_id           uuid        NOT NULL,
    receiving_site_id uuid        NOT NULL,
    transfer_id       uuid        NOT NULL,
    letter_no         integer     NOT NULL,
    -- The number that the national register gave it; empty where it is not known yet.
    letter_number     text        NOT NULL DEFAULT '',
    letter_on         date        NOT NULL,
    expires_on        date        NOT NULL,
    rule_version      text        NOT NULL,
    document_title    text        NOT NULL DEFAULT '',
    -- NULL where only the title was given.
    document_file     uuid,
    document_sm3      text        NOT NULL DEFAULT '',
    recorded_at       timestamptz NOT NULL,
    recorded_by       uuid        NOT NULL,
    CONSTRAINT transfer_letter_key PRIMARY KEY (transfer_id, letter_no),
    CONSTRAINT transfer_letter_of_transfer FOREIGN KEY (transfer_id) REFERENCES membership.transfer
);

-- Members who are away without a transfer (流动党员); membership stays.
CREATE TABLE membership.flow (
    site_id            uuid        NOT NULL,
    flow_id            uuid        NOT NULL,
    member_id          uuid        NOT NULL,
    from_on            date        NOT NULL,
    -- NULL where nobody knows.
    expected_until     date,
    -- Where to: a place, an organisation, or both.
    to_place           bytea,
    to_organization_id uuid,
    -- Whether it is one place for the time: only then a transfer may become due.
    is_fixed           boolean     NOT NULL,
    reason             bytea       NOT NULL,
    recorded_at        timestamptz NOT NULL,
    recorded_by        uuid        NOT NULL,
    CONSTRAINT flow_key PRIMARY KEY (flow_id),
    CONSTRAINT flow_at_site UNIQUE (site_id, flow_id),
    CONSTRAINT flow_of_member FOREIGN KEY (site_id, member_id) REFERENCES membership.member,
    CONSTRAINT flow_to_organization FOREIGN KEY (to_organization_id) REFERENCES membership.organization,
    CONSTRAINT flow_goes_somewhere CHECK (to_place IS NOT NULL OR to_organization_id IS NOT NULL),
    CONSTRAINT flow_in_order CHECK (expected_until >= from_on)
);

CREATE INDEX flow_by_member ON membership.flow (site_id, member_id, from_on);

-- The end of being away.
CREATE TABLE membership.flow_end (
    site_id     uuid        NOT NULL,
    flow_id     uuid        NOT NULL,
    on_date     date        NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by uuid        NOT NULL,
    CONSTRAINT flow_end_once PRIMARY KEY (site_id, flow_id),
    CONSTRAINT flow_end_of_flow FOREIGN KEY (site_id, flow_id) REFERENCES membership.flow (site_id, flow_id)
);

-- What was asked for never changes, what is over stays so, and each side writes what it alone can know.
CREATE FUNCTION membership.keep_transfer() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (NEW.site_id, NEW.receiving_site_id, NEW.transfer_id, NEW.person_id, NEW.member_id, NEW.candidate_id,
            NEW.from_organization_id, NEW.to_organization_id, NEW.requested_on, NEW.requested_at, NEW.requested_by)
        IS DISTINCT FROM (OLD.site_id, OLD.receiving_site_id, OLD.transfer_id, OLD.person_id, OLD.member_id,
            OLD.candidate_id, OLD.from_organization_id, OLD.to_organization_id, OLD.requested_on, OLD.requested_at,
            OLD.requested_by)
        OR OLD.state IN ('received', 'returned', 'withdrawn') AND NEW.state <> OLD.state
        OR host.acting_site() = OLD.site_id
            AND (NEW.returned_at, NEW.received_on, NEW.received_at, NEW.received_by, NEW.into_organization_id, NEW.end_id,
                NEW.begin_id)
            IS DISTINCT FROM (OLD.returned_at, OLD.received_on, OLD.received_at, OLD.received_by,
                OLD.into_organization_id, OLD.end_id, OLD.begin_id)
        OR host.acting_site() = OLD.receiving_site_id
            AND (OLD.state <> 'letterIssued' OR (NEW.letter_no, NEW.first_letter_on, NEW.letter_on, NEW.expires_on,
                NEW.expired_at, NEW.withdrawn_at)
            IS DISTINCT FROM (OLD.letter_no, OLD.first_letter_on, OLD.letter_on, OLD.expires_on, OLD.expired_at,
                OLD.withdrawn_at))
    THEN
        RAISE EXCEPTION 'a column of a transfer is the other side''s, or never changes'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'transfer_column_of_other_side';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER transfer_kept BEFORE UPDATE ON membership.transfer
    FOR EACH ROW EXECUTE FUNCTION membership.keep_transfer();

-- What the letter says went with it: nothing is added to a development while a letter is valid, or its papers would not be complete.
CREATE FUNCTION membership.keep_papers() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- Whoever issues a letter has the candidate's row, and is waited for.
    PERFORM FROM membership.candidate
    WHERE candidate.site_id = NEW.site_id AND candidate.candidate_id = NEW.candidate_id FOR KEY SHARE;
    IF EXISTS (
        SELECT FROM membership.transfer AS one
        WHERE one.site_id = NEW.site_id AND one.candidate_id = NEW.candidate_id AND one.state = 'letterIssued'
            AND one.expires_on >= (NEW.recorded_at AT TIME ZONE 'Asia/Shanghai')::date)
    THEN
        RAISE EXCEPTION 'a letter of transfer is out'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'development_entry_while_letter_is_out';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER development_kept_with_letter BEFORE INSERT ON membership.development_entry
    FOR EACH ROW WHEN (NEW.from_site_id IS NULL AND NEW.kind NOT IN ('received', 'transferredOut'))
    EXECUTE FUNCTION membership.keep_papers();

-- The receipt: in its one transaction the person's record goes over to the receiving site with the ids of its rows, and the claim with
-- it. It works as the tables' owner, for neither site may write what is the other's; all it does follows from the transfer's row.
CREATE FUNCTION membership.move_person() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    standing_status text;
    development_status text;
BEGIN
    PERFORM FROM membership.member
    WHERE member.site_id = NEW.site_id AND member.member_id = NEW.member_id FOR UPDATE;
    PERFORM FROM membership.candidate
    WHERE candidate.site_id = NEW.site_id AND candidate.candidate_id = NEW.candidate_id FOR UPDATE;
    UPDATE membership.claim SET kept_at = NEW.receiving_site_id, claimed_at = NEW.received_at
    WHERE claim.person_id = NEW.person_id AND claim.kept_at = NEW.site_id
        AND claim.record_id = coalesce(NEW.member_id, NEW.candidate_id);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the person is not at the giving site any more'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'transfer_of_who_is_there';
    END IF;
    -- A day belongs to one site: what is recorded for it stays the giving site's.
    IF EXISTS (
            SELECT FROM membership.standing AS one
            WHERE one.site_id IN (NEW.site_id, NEW.receiving_site_id) AND one.member_id = NEW.member_id
                AND one.on_date >= NEW.received_on)
        OR EXISTS (
            SELECT FROM membership.development_entry AS one
            WHERE one.site_id IN (NEW.site_id, NEW.receiving_site_id) AND one.candidate_id = NEW.candidate_id
                AND one.on_date >= NEW.received_on)
    THEN
        RAISE EXCEPTION 'the receipt lies before a fact'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'transfer_received_after_last_fact';
    END IF;
    SELECT told.status, told.development_status INTO standing_status, development_status
    FROM membership.transfer_person(NEW.transfer_id, NEW.received_on) AS told;

    IF NEW.candidate_id IS NOT NULL THEN
        INSERT INTO membership.candidate
        SELECT moved.* FROM membership.candidate AS one, LATERAL jsonb_populate_record(one, jsonb_build_object(
            'site_id', NEW.receiving_site_id, 'from_site_id', NEW.site_id)) AS moved
        WHERE one.site_id = NEW.site_id AND one.candidate_id = NEW.candidate_id
        ON CONFLICT DO NOTHING;
        -- Where somebody comes back, what went out from there is there.
        INSERT INTO membership.development_entry
        SELECT moved.* FROM membership.development_entry AS one, LATERAL jsonb_populate_record(one, jsonb_build_object(
            'site_id', NEW.receiving_site_id, 'from_site_id', coalesce(one.from_site_id, one.site_id))) AS moved
        WHERE one.site_id = NEW.site_id AND one.candidate_id = NEW.candidate_id AND one.kind <> 'transferredOut'
        ON CONFLICT DO NOTHING;
        INSERT INTO membership.development_document
        SELECT moved.* FROM membership.development_entry AS entry
        JOIN membership.development_document AS one ON one.site_id = entry.site_id AND one.entry_id = entry.entry_id,
            LATERAL jsonb_populate_record(one, jsonb_build_object('site_id', NEW.receiving_site_id)) AS moved
        WHERE entry.site_id = NEW.site_id AND entry.candidate_id = NEW.candidate_id AND entry.kind <> 'transferredOut'
        ON CONFLICT DO NOTHING;
        INSERT INTO membership.vote
        SELECT moved.* FROM membership.vote AS one,
            LATERAL jsonb_populate_record(one, jsonb_build_object('site_id', NEW.receiving_site_id)) AS moved
        WHERE one.site_id = NEW.site_id AND one.candidate_id = NEW.candidate_id
        ON CONFLICT DO NOTHING;
        INSERT INTO membership.backdating
        SELECT moved.* FROM membership.backdating AS one,
            LATERAL jsonb_populate_record(one, jsonb_build_object('site_id', NEW.receiving_site_id)) AS moved
        WHERE one.site_id = NEW.site_id AND one.candidate_id = NEW.candidate_id
        ON CONFLICT DO NOTHING;
        INSERT INTO membership.development_entry (
            site_id, entry_id, candidate_id, on_date, kind, status, organization_id, facts, rule_versions, is_imported,
            recorded_at, recorded_by)
        VALUES (NEW.site_id, NEW.end_id, NEW.candidate_id, NEW.received_on, 'transferredOut', 'transferred_out', NULL,
                '{}', '{}', false, NEW.received_at, NEW.received_by),
            (NEW.receiving_site_id, NEW.begin_id, NEW.candidate_id, NEW.received_on, 'received', development_status,
                NEW.into_organization_id, '{"papersExamined": true}', '{}', false, NEW.received_at, NEW.received_by);
    END IF;

    IF NEW.member_id IS NOT NULL THEN
        INSERT INTO membership.member
        SELECT moved.* FROM membership.member AS one, LATERAL jsonb_populate_record(one, jsonb_build_object(
            'site_id', NEW.receiving_site_id, 'from_site_id', NEW.site_id)) AS moved
        WHERE one.site_id = NEW.site_id AND one.member_id = NEW.member_id
        ON CONFLICT DO NOTHING;
        INSERT INTO membership.standing
        SELECT moved.* FROM membership.standing AS one, LATERAL jsonb_populate_record(one, jsonb_build_object(
            'site_id', NEW.receiving_site_id, 'from_site_id', coalesce(one.from_site_id, one.site_id))) AS moved
        WHERE one.site_id = NEW.site_id AND one.member_id = NEW.member_id
            AND one.ended_how IS DISTINCT FROM 'transferredOut'
        ON CONFLICT DO NOTHING;
        INSERT INTO membership.standing (
            site_id, standing_id, member_id, on_date, change, status, organization_id, ended_how, recorded_at, recorded_by)
        VALUES (NEW.site_id, NEW.end_id, NEW.member_id, NEW.received_on, 'ended', 'ended', NULL, 'transferredOut',
                NEW.received_at, NEW.received_by),
            (NEW.receiving_site_id, NEW.begin_id, NEW.member_id, NEW.received_on, 'received', standing_status,
                NEW.into_organization_id, NULL, NEW.received_at, NEW.received_by);
        -- Who has moved is not away any more.
        INSERT INTO membership.flow_end (site_id, flow_id, on_date, recorded_at, recorded_by)
        SELECT one.site_id, one.flow_id, greatest(one.from_on, NEW.received_on), NEW.received_at, NEW.received_by
        FROM membership.flow AS one
        WHERE one.site_id = NEW.site_id AND one.member_id = NEW.member_id
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER transfer_received AFTER UPDATE ON membership.transfer
    FOR EACH ROW WHEN (NEW.state = 'received' AND OLD.state <> 'received') EXECUTE FUNCTION membership.move_person();

-- Where the person of a transfer stands at the giving site on a day, and their last fact at either site: for the two sites alone.
CREATE FUNCTION membership.transfer_person(transfer uuid, day date) RETURNS TABLE (
    joined_on date, status text, status_since date, development_status text, last_on date, is_there boolean
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT member.joined_on, standing.status, standing.status_since,
        (SELECT entry.status FROM membership.development_entry AS entry
         WHERE entry.site_id = one.site_id AND entry.candidate_id = one.candidate_id AND entry.status IS NOT NULL
            AND entry.kind NOT IN ('received', 'transferredOut') AND NOT entry.is_void AND NOT EXISTS (
                SELECT FROM membership.development_entry AS other
                WHERE other.site_id = entry.site_id AND other.corrects = entry.entry_id)
         ORDER BY entry.on_date DESC, coalesce(entry.step, 100) DESC, entry.recorded_order DESC LIMIT 1),
        greatest(
            (SELECT max(fact.on_date) FROM membership.standing AS fact
             WHERE fact.site_id IN (one.site_id, one.receiving_site_id) AND fact.member_id = one.member_id),
            (SELECT max(entry.on_date) FROM membership.development_entry AS entry
             WHERE entry.site_id IN (one.site_id, one.receiving_site_id) AND entry.candidate_id = one.candidate_id)),
        EXISTS (
            SELECT FROM membership.claim
            WHERE claim.person_id = one.person_id AND claim.kept_at = one.site_id
                AND claim.record_id = coalesce(one.member_id, one.candidate_id))
    FROM membership.transfer AS one
    LEFT JOIN membership.member ON member.site_id = one.site_id AND member.member_id = one.member_id
    LEFT JOIN membership.standings_on(day) AS standing
        ON standing.site_id = one.site_id AND standing.member_id = one.member_id
    WHERE one.transfer_id = transfer
        AND (one.site_id = ANY (host.readable_sites()) OR one.receiving_site_id = ANY (host.readable_sites()))
$$;

-- The papers that go along, as long as they are under way: the receiving site examines them (DV-08). Afterwards each site has its own.
CREATE FUNCTION membership.transfer_papers(transfer uuid) RETURNS TABLE (
    entry_id uuid, on_date date, kind text, step integer, "position" integer, title text, file_id uuid, sm3 text
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT entry.entry_id, entry.on_date, entry.kind, entry.step, paper.position, paper.title, paper.file_id,
        nullif(paper.sm3, '')
    FROM membership.transfer AS one
    JOIN membership.development_entry AS entry
        ON entry.site_id = one.site_id AND entry.candidate_id = one.candidate_id
    LEFT JOIN membership.development_document AS paper
        ON paper.site_id = entry.site_id AND paper.entry_id = entry.entry_id
    WHERE one.transfer_id = transfer AND NOT entry.is_void
        AND (one.site_id = ANY (host.readable_sites()) AND one.state IN ('requested', 'letterIssued', 'expired')
            OR one.receiving_site_id = ANY (host.readable_sites()) AND one.state = 'letterIssued')
        AND NOT EXISTS (
            SELECT FROM membership.development_entry AS other
            WHERE other.site_id = entry.site_id AND other.corrects = entry.entry_id)
    ORDER BY entry.on_date, entry.step NULLS LAST, entry.entry_id, paper.position
$$;

-- Where members stood on a day, now that they move: a site has a member while it has neither lost nor not yet received them. Status and
-- branch follow from all their facts, copied ones too: those of a site lie behind the receipt there, and before the next one.
CREATE OR REPLACE FUNCTION membership.standings_on(day date) RETURNS TABLE (
    site_id uuid, member_id uuid, status text, status_since date, organization_id uuid, organization_since date, first_on date
) LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET enable_nestloop = off AS $$
    SELECT here.site_id, here.member_id,
        CASE WHEN here.moved = 'ended' THEN 'ended' ELSE here.status END,
        CASE WHEN here.moved = 'ended' THEN here.moved_on ELSE here.status_since END,
        here.organization_id, here.organization_since, here.first_on
    FROM (
        SELECT one.site_id, one.member_id,
            (array_agg(one.change ORDER BY one.on_date DESC, one.recorded_order DESC) FILTER (
                WHERE one.from_site_id IS NULL AND (one.change = 'received' OR one.ended_how = 'transferredOut')))[1] AS moved,
            max(one.on_date) FILTER (
                WHERE one.from_site_id IS NULL AND (one.change = 'received' OR one.ended_how = 'transferredOut')) AS moved_on,
            (array_agg(one.status ORDER BY one.on_date DESC, one.recorded_order DESC) FILTER (
                WHERE one.status IS NOT NULL AND one.change <> 'received'
                    AND one.ended_how IS DISTINCT FROM 'transferredOut'))[1] AS status,
            (array_agg(one.on_date ORDER BY one.on_date DESC, one.recorded_order DESC) FILTER (
                WHERE one.status IS NOT NULL AND one.change <> 'received'
                    AND one.ended_how IS DISTINCT FROM 'transferredOut'))[1] AS status_since,
            (array_agg(one.organization_id ORDER BY one.on_date DESC, one.recorded_order DESC)
                FILTER (WHERE one.organization_id IS NOT NULL))[1] AS organization_id,
            (array_agg(one.on_date ORDER BY one.on_date DESC, one.recorded_order DESC)
                FILTER (WHERE one.organization_id IS NOT NULL))[1] AS organization_since,
            min(one.on_date) AS first_on
        FROM membership.standing AS one
        WHERE one.on_date <= day AND NOT one.is_void AND NOT EXISTS (
            SELECT FROM membership.standing AS other
            WHERE other.site_id = one.site_id AND other.corrects = one.standing_id)
        GROUP BY one.site_id, one.member_id
    ) AS here
    JOIN membership.member ON member.site_id = here.site_id AND member.member_id = here.member_id
    WHERE here.moved IS NOT NULL OR member.from_site_id IS NULL
$$;

-- Within how many months a site's committee approves a resolution at the latest (DV-17): the county's value, or the site's stricter one.
CREATE FUNCTION membership.resolution_months(site uuid, day date) RETURNS integer
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT least(
        (SELECT one.value::integer FROM membership.rule AS one
         WHERE one.rule = 'DV-17' AND one.parameter = 'specialMonths' AND one.valid_from <= day
            AND (one.valid_to IS NULL OR one.valid_to >= day)
         ORDER BY one.valid_from DESC, one.version DESC, one.revision DESC LIMIT 1),
        (SELECT one.value::integer FROM membership.site_rule AS one
         WHERE one.site_id = site AND one.rule = 'DV-17' AND one.parameter = 'specialMonths' AND one.valid_from <= day
         ORDER BY one.valid_from DESC, one.revision DESC LIMIT 1))
$$;

-- Where developments stood on a day, by the same; candidates_on asks this one. A receipt comes before what is recorded of its day. A
-- refused conversion (step 24) undoes the vote (DV-21). A resolution that was not approved in time is none, recorded or not (DV-17): the
-- state is that of step 14. A probation of who is a member no more has ended.
CREATE OR REPLACE FUNCTION membership.developments_on(day date) RETURNS TABLE (
    site_id uuid, candidate_id uuid, status text, status_since date, organization_id uuid
) LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET enable_nestloop = off AS $$
    WITH holding AS (
        SELECT one.*, one.kind IN ('received', 'transferredOut') AS is_move,
            one.step = 24 AND one.facts ->> 'decision' = 'refuse' AS is_refused,
            (one.on_date - date '1900-01-01') * 1000
                + CASE one.kind WHEN 'step' THEN one.step WHEN 'lapsed' THEN 0 WHEN 'received' THEN 0 ELSE 100 END AS place
        FROM membership.development_entry AS one
        WHERE one.on_date <= day AND NOT one.is_void AND NOT EXISTS (
            SELECT FROM membership.development_entry AS other
            WHERE other.site_id = one.site_id AND other.corrects = one.entry_id)
    ), placed AS (
        SELECT holding.*, CASE WHEN holding.is_refused THEN NULL ELSE holding.step END AS number,
            coalesce(max(holding.place) FILTER (
                WHERE (holding.kind <> 'step' OR holding.is_refused) AND NOT holding.is_move AND holding.status IS NOT NULL)
            OVER (PARTITION BY holding.site_id, holding.candidate_id), -1) AS since
        FROM holding
    ), here AS (
        SELECT one.site_id, one.candidate_id,
            (array_agg(one.kind ORDER BY one.on_date DESC, one.recorded_order DESC)
                FILTER (WHERE one.from_site_id IS NULL AND one.is_move))[1] AS moved,
            max(one.on_date) FILTER (WHERE one.from_site_id IS NULL AND one.is_move) AS moved_on,
            (array_agg(one.status ORDER BY one.number DESC NULLS LAST, one.place DESC, one.recorded_order DESC)
                FILTER (WHERE one.status IS NOT NULL AND NOT one.is_move AND one.place >= one.since))[1] AS status,
            (array_agg(one.on_date ORDER BY one.number DESC NULLS LAST, one.place DESC, one.recorded_order DESC)
                FILTER (WHERE one.status IS NOT NULL AND NOT one.is_move AND one.place >= one.since))[1] AS status_since,
            (array_agg(one.organization_id ORDER BY one.place DESC, one.recorded_order DESC)
                FILTER (WHERE one.organization_id IS NOT NULL))[1] AS organization_id,
            max(one.on_date) FILTER (WHERE one.step = 15) AS voted_on
        FROM placed AS one
        GROUP BY one.site_id, one.candidate_id
    ), gone AS (
        SELECT member.site_id, member.candidate_id, max(one.on_date) AS on_date
        FROM membership.standing AS one
        JOIN membership.member ON member.site_id = one.site_id AND member.member_id = one.member_id
        WHERE one.change = 'ended' AND one.ended_how NOT IN ('transferredOut', 'probationCancelled')
            AND one.on_date <= day AND NOT one.is_void AND NOT EXISTS (
                SELECT FROM membership.standing AS other
                WHERE other.site_id = one.site_id AND other.corrects = one.standing_id)
        GROUP BY member.site_id, member.candidate_id
    ), judged AS (
        SELECT here.*, gone.on_date AS gone_on, candidate.from_site_id,
            CASE WHEN here.status IN (SELECT step.state_after FROM membership.development_step AS step WHERE step.step IN (15, 16))
                THEN (here.voted_on + make_interval(months => membership.resolution_months(here.site_id, day)))::date
            END AS last_on
        FROM here
        JOIN membership.candidate ON candidate.site_id = here.site_id AND candidate.candidate_id = here.candidate_id
        LEFT JOIN gone ON gone.site_id = here.site_id AND gone.candidate_id = here.candidate_id
            AND here.status NOT IN (SELECT step.state_after FROM membership.development_step AS step WHERE step.step >= 24)
        WHERE here.moved IS NOT NULL OR candidate.from_site_id IS NULL
    )
    SELECT one.site_id, one.candidate_id,
        CASE WHEN one.moved = 'transferredOut' THEN 'transferred_out' WHEN one.gone_on IS NOT NULL THEN 'member_ended'
            WHEN one.last_on < day THEN (SELECT step.state_after FROM membership.development_step AS step WHERE step.step = 14)
            ELSE one.status END,
        CASE WHEN one.moved = 'transferredOut' THEN one.moved_on WHEN one.gone_on IS NOT NULL THEN one.gone_on
            WHEN one.last_on < day THEN one.last_on + 1 ELSE one.status_since END, one.organization_id
    FROM judged AS one
$$;

ALTER TABLE membership.transfer ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership.transfer FORCE ROW LEVEL SECURITY;
CREATE POLICY transfer_read_by_both_sites ON membership.transfer FOR SELECT
    USING (site_id = ANY (host.readable_sites()) OR receiving_site_id = ANY (host.readable_sites()));
CREATE POLICY transfer_written_by_its_side ON membership.transfer FOR INSERT
    WITH CHECK (site_id = host.acting_site() AND state = 'requested');
-- Each side brings it into its own states alone.
CREATE POLICY transfer_changed_by_who_gives ON membership.transfer FOR UPDATE
    USING (site_id = host.acting_site())
    WITH CHECK (site_id = host.acting_site() AND state IN ('letterIssued', 'expired', 'withdrawn'));
CREATE POLICY transfer_changed_by_who_receives ON membership.transfer FOR UPDATE
    USING (receiving_site_id = host.acting_site())
    WITH CHECK (receiving_site_id = host.acting_site() AND state IN ('received', 'returned'));

ALTER TABLE membership.transfer_letter ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership.transfer_letter FORCE ROW LEVEL SECURITY;
CREATE POLICY transfer_letter_read_by_both_sites ON membership.transfer_letter FOR SELECT
    USING (site_id = ANY (host.readable_sites()) OR receiving_site_id = ANY (host.readable_sites()));
CREATE POLICY transfer_letter_of_who_gives ON membership.transfer_letter FOR INSERT
    WITH CHECK (site_id = host.acting_site());

ALTER TABLE membership.flow ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership.flow FORCE ROW LEVEL SECURITY;
CREATE POLICY flow_of_site ON membership.flow
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE membership.flow_end ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership.flow_end FORCE ROW LEVEL SECURITY;
CREATE POLICY flow_end_of_site ON membership.flow_end
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

-- The owner of the tables alone moves a person, and re-seals with a new key; nothing else at run time works as that. For no other role do
-- these policies exist, so its statements keep their plans.
CREATE POLICY transfer_of_owner ON membership.transfer TO CURRENT_USER USING (true);
CREATE POLICY member_moved_by_transfer ON membership.member TO CURRENT_USER USING (true);
CREATE POLICY standing_moved_by_transfer ON membership.standing TO CURRENT_USER USING (true);
CREATE POLICY candidate_moved_by_transfer ON membership.candidate TO CURRENT_USER USING (true);
CREATE POLICY development_entry_moved_by_transfer ON membership.development_entry TO CURRENT_USER USING (true);
CREATE POLICY development_document_moved_by_transfer ON membership.development_document TO CURRENT_USER USING (true);
CREATE POLICY vote_moved_by_transfer ON membership.vote TO CURRENT_USER USING (true);
CREATE POLICY backdating_moved_by_transfer ON membership.backdating TO CURRENT_USER USING (true);
CREATE POLICY flow_moved_by_transfer ON membership.flow TO CURRENT_USER USING (true);
CREATE POLICY flow_end_moved_by_transfer ON membership.flow_end TO CURRENT_USER USING (true);
