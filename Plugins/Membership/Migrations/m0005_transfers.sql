-- Transfers of members and candidates between sites (domain rules 2.1, DV-08; docs/adr/0023), and members who are away for a while.
-- This is not the national register: a letter here is its number, its dates and a scan.

-- Of a row that came along with a transfer: which site recorded it. NULL where it was recorded here. A copied fact tells the history of
-- the person; where they were counted says the site that recorded it.
ALTER TABLE membership.member ADD COLUMN from_site_id uuid;
ALTER TABLE membership.standing ADD COLUMN from_site_id uuid;
ALTER TABLE membership.candidate ADD COLUMN from_site_id uuid;
ALTER TABLE membership.development_entry ADD COLUMN from_site_id uuid;
ALTER TABLE membership.member_fact ADD COLUMN from_site_id uuid;
ALTER TABLE membership.discipline ADD COLUMN from_site_id uuid;
ALTER TABLE membership.ending ADD COLUMN from_site_id uuid;

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
        AND expires_on > letter_on AND (letter_no > 0 OR state IN ('requested', 'returned', 'withdrawn'))),
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
            AND (OLD.state NOT IN ('requested', 'letterIssued') OR NEW.state = 'received' AND OLD.state <> 'letterIssued'
                OR (NEW.letter_no, NEW.first_letter_on, NEW.letter_on, NEW.expires_on,
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

-- Whether a person has left a site by a transfer and not come back: what is said of them since is the receiving site's to say.
CREATE FUNCTION membership.has_left(site uuid, member uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce((
        SELECT one.change = 'ended' FROM membership.standing AS one
        WHERE one.site_id = site AND one.member_id = member AND one.from_site_id IS NULL
            AND (one.change = 'received' OR one.ended_how = 'transferredOut')
        ORDER BY one.on_date DESC, one.recorded_order DESC LIMIT 1), false)
$$;

-- The readable site whose record of a member holds on a day: the one that has them, or had them last. Facts travel with the member, so
-- what another site still keeps of them is what was known there, and counts for nothing beside it.
CREATE FUNCTION membership.record_site(member uuid, day date) RETURNS uuid
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT one.site_id FROM membership.member AS one
    LEFT JOIN LATERAL (
        SELECT fact.change, fact.on_date, fact.recorded_order FROM membership.standing AS fact
        WHERE fact.site_id = one.site_id AND fact.member_id = one.member_id AND fact.from_site_id IS NULL
            AND (fact.change = 'received' OR fact.ended_how = 'transferredOut') AND fact.on_date <= day
        ORDER BY fact.on_date DESC, fact.recorded_order DESC LIMIT 1) AS moved ON true
    WHERE one.member_id = record_site.member AND (moved.change IS NOT NULL OR one.from_site_id IS NULL)
    ORDER BY moved.change IS NOT DISTINCT FROM 'ended', moved.on_date DESC NULLS LAST, moved.recorded_order DESC LIMIT 1
$$;

-- Who has left is recorded of by the receiving site alone: of two corrections of one fact only one could come along at the next move.
CREATE FUNCTION membership.keep_who_left() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- Whoever moves the member has the row, and is waited for.
    PERFORM FROM membership.member
    WHERE member.site_id = NEW.site_id AND member.member_id = NEW.member_id FOR KEY SHARE;
    IF membership.has_left(NEW.site_id, NEW.member_id) THEN
        RAISE EXCEPTION 'the member has left with a transfer'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'fact_of_who_has_left';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER standing_kept_by_receiver BEFORE INSERT ON membership.standing
    FOR EACH ROW WHEN (NEW.from_site_id IS NULL AND NEW.change <> 'received') EXECUTE FUNCTION membership.keep_who_left();
CREATE TRIGGER member_fact_kept_by_receiver BEFORE INSERT ON membership.member_fact
    FOR EACH ROW WHEN (NEW.from_site_id IS NULL) EXECUTE FUNCTION membership.keep_who_left();
CREATE TRIGGER discipline_kept_by_receiver BEFORE INSERT ON membership.discipline
    FOR EACH ROW WHEN (NEW.from_site_id IS NULL) EXECUTE FUNCTION membership.keep_who_left();

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
    IF 'transferredOut' = (
        SELECT one.kind FROM membership.development_entry AS one
        WHERE one.site_id = NEW.site_id AND one.candidate_id = NEW.candidate_id AND one.from_site_id IS NULL
            AND one.kind IN ('received', 'transferredOut')
        ORDER BY one.on_date DESC, one.recorded_order DESC LIMIT 1)
    THEN
        RAISE EXCEPTION 'the candidate has left with a transfer'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_of_who_has_left';
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
    earliest_on date;
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
    -- The receipt lies behind what is recorded of the person: of one day's facts of a member the later recorded one holds, and the receipt
    -- is that; of a development's entries no order of a day is told, so it has a day of its own.
    SELECT told.status, told.development_status, told.earliest_on INTO standing_status, development_status, earliest_on
    FROM membership.transfer_person(NEW.transfer_id, NEW.received_on) AS told;
    IF NEW.received_on < earliest_on THEN
        RAISE EXCEPTION 'the receipt lies before a fact'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'transfer_received_after_last_fact';
    END IF;

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
        -- Of who comes back the day of joining may have been corrected meanwhile.
        ON CONFLICT (site_id, member_id) DO UPDATE
            SET joined_on = excluded.joined_on, candidate_id = excluded.candidate_id;
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
        -- Positions, honours, marks and discipline are the member's: without them who has no vote would have one again (DV-10).
        INSERT INTO membership.member_fact
        SELECT moved.* FROM membership.member_fact AS one, LATERAL jsonb_populate_record(one, jsonb_build_object(
            'site_id', NEW.receiving_site_id, 'from_site_id', coalesce(one.from_site_id, one.site_id))) AS moved
        WHERE one.site_id = NEW.site_id AND one.member_id = NEW.member_id
        ON CONFLICT DO NOTHING;
        INSERT INTO membership.discipline
        SELECT moved.* FROM membership.discipline AS one, LATERAL jsonb_populate_record(one, jsonb_build_object(
            'site_id', NEW.receiving_site_id, 'from_site_id', coalesce(one.from_site_id, one.site_id))) AS moved
        WHERE one.site_id = NEW.site_id AND one.member_id = NEW.member_id
        ON CONFLICT DO NOTHING;
        INSERT INTO membership.ending
        SELECT moved.* FROM membership.ending AS one, LATERAL jsonb_populate_record(one, jsonb_build_object(
            'site_id', NEW.receiving_site_id, 'from_site_id', coalesce(one.from_site_id, one.site_id))) AS moved
        WHERE one.site_id = NEW.site_id AND one.kind = 'fact' AND one.record_id IN (
            SELECT fact.fact_id FROM membership.member_fact AS fact
            WHERE fact.site_id = NEW.site_id AND fact.member_id = NEW.member_id
            UNION ALL
            SELECT fact.fact_id FROM membership.discipline AS fact
            WHERE fact.site_id = NEW.site_id AND fact.member_id = NEW.member_id)
        ON CONFLICT DO NOTHING;
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

-- Where the person of a transfer stands at the giving site on a day, their last fact at either site, and from which day on they can be
-- received: for the two sites alone.
CREATE FUNCTION membership.transfer_person(transfer uuid, day date) RETURNS TABLE (
    joined_on date, status text, status_since date, development_status text, last_on date, earliest_on date, is_there boolean
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT member.joined_on, standing.status, standing.status_since, development.status,
        greatest(fact.on_date, entry.on_date), greatest(fact.on_date, entry.on_date + 1),
        EXISTS (
            SELECT FROM membership.claim
            WHERE claim.person_id = one.person_id AND claim.kept_at = one.site_id
                AND claim.record_id = coalesce(one.member_id, one.candidate_id))
    FROM membership.transfer AS one
    LEFT JOIN membership.member ON member.site_id = one.site_id AND member.member_id = one.member_id
    LEFT JOIN membership.standings_on(day) AS standing
        ON standing.site_id = one.site_id AND standing.member_id = one.member_id
    -- As every list of developments has it, so that steps 9 to 11 may come in any order.
    LEFT JOIN membership.developments_on(day) AS development
        ON development.site_id = one.site_id AND development.candidate_id = one.candidate_id
    CROSS JOIN LATERAL (
        SELECT max(holding.on_date) AS on_date FROM membership.standing AS holding
        WHERE holding.site_id IN (one.site_id, one.receiving_site_id) AND holding.member_id = one.member_id
            AND NOT holding.is_void AND NOT EXISTS (
                SELECT FROM membership.standing AS other
                WHERE other.site_id = holding.site_id AND other.corrects = holding.standing_id)) AS fact
    CROSS JOIN LATERAL (
        SELECT max(holding.on_date) AS on_date FROM membership.development_entry AS holding
        WHERE holding.site_id IN (one.site_id, one.receiving_site_id) AND holding.candidate_id = one.candidate_id
            AND NOT holding.is_void AND NOT EXISTS (
                SELECT FROM membership.development_entry AS other
                WHERE other.site_id = holding.site_id AND other.corrects = holding.entry_id)) AS entry
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
-- Of all members where none are named.
CREATE FUNCTION membership.standings_of(members uuid[], day date) RETURNS TABLE (
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
        WHERE (members IS NULL OR one.member_id = ANY (members)) AND one.on_date <= day AND NOT one.is_void AND NOT EXISTS (
            SELECT FROM membership.standing AS other
            WHERE other.site_id = one.site_id AND other.corrects = one.standing_id)
        GROUP BY one.site_id, one.member_id
    ) AS here
    JOIN membership.member ON member.site_id = here.site_id AND member.member_id = here.member_id
    WHERE here.moved IS NOT NULL OR member.from_site_id IS NULL
$$;

CREATE OR REPLACE FUNCTION membership.standings_on(day date) RETURNS TABLE (
    site_id uuid, member_id uuid, status text, status_since date, organization_id uuid, organization_since date, first_on date
) LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT * FROM membership.standings_of(NULL, day)
$$;

-- Who owes a branch dues for a month: its members, and those of its groups, on the first; and who was admitted during the month, from the
-- branch meeting on (DV-20). Where somebody stands is said by standings_of alone. Of those who were admitted it is asked for them and the
-- day: for everybody, day by day, it took more than a second of a thousand members. Of all members where none are named.
CREATE FUNCTION membership.dues_owing(site uuid, branch uuid, month date, members uuid[] DEFAULT NULL)
RETURNS TABLE (member_id uuid) LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT standing.member_id FROM membership.standings_of(members, month) AS standing
    WHERE standing.site_id = site AND standing.status <> 'ended' AND standing.organization_id IN (
        SELECT tree.organization_id FROM membership.tree_on(branch, month) AS tree)
    UNION
    SELECT standing.member_id
    FROM (
        SELECT one.joined_on, array_agg(one.member_id) AS members FROM membership.member AS one
        WHERE one.site_id = site AND one.joined_on > month AND one.joined_on < month + interval '1 month'
            AND (dues_owing.members IS NULL OR one.member_id = ANY (dues_owing.members))
        GROUP BY one.joined_on
    ) AS admission
    CROSS JOIN LATERAL membership.standings_of(admission.members, admission.joined_on) AS standing
    WHERE standing.site_id = site AND standing.status <> 'ended' AND EXISTS (
        SELECT FROM membership.tree_on(branch, admission.joined_on) AS tree
        WHERE tree.organization_id = standing.organization_id)
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

-- What some members, or all, had to pay for the months before a day's, and what of it they had not paid by then. No nested loops: before the
-- tables were analysed they would go through all payments for each line.
CREATE FUNCTION membership.dues_owed(members uuid[], day date) RETURNS TABLE (
    site_id uuid, member_id uuid, month date, payable_fen bigint, open_fen bigint, is_excused boolean
) LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET enable_nestloop = off AS $$
    WITH line AS (
        SELECT DISTINCT ON (one.site_id, one.member_id, one.month) one.site_id, one.member_id, one.month,
            one.due_fen - one.waived_fen AS payable_fen, one.is_void
        FROM membership.dues_line AS one
        WHERE one.month < date_trunc('month', day) AND (members IS NULL OR one.member_id = ANY (members))
        ORDER BY one.site_id, one.member_id, one.month, one.version DESC
    ), paid AS (
        SELECT part.site_id, part.member_id, part.month, sum(part.amount_fen)::bigint AS fen
        FROM membership.dues_part AS part
        JOIN membership.dues_payment AS payment
            ON payment.site_id = part.site_id AND payment.payment_id = part.payment_id
        WHERE payment.on_date <= day AND (members IS NULL OR part.member_id = ANY (members)) AND NOT EXISTS (
            SELECT FROM membership.dues_reversal AS reversal
            WHERE reversal.site_id = part.site_id AND reversal.record_id = part.payment_id)
        GROUP BY part.site_id, part.member_id, part.month
    )
    SELECT line.site_id, line.member_id, line.month, line.payable_fen, line.payable_fen - coalesce(paid.fen, 0),
        EXISTS (
            SELECT FROM membership.dues_excuse AS excuse
            WHERE excuse.site_id = line.site_id AND excuse.member_id = line.member_id
                AND line.month BETWEEN excuse.from_month AND excuse.until_month)
    FROM line
    LEFT JOIN paid ON paid.site_id = line.site_id AND paid.member_id = line.member_id AND paid.month = line.month
    WHERE NOT line.is_void
$$;

-- Months of dues that members owed to other sites before they came, as they stand there on a day: a run of months not paid goes on
-- through a transfer. For the site that received them alone, and no later months than that.
CREATE FUNCTION membership.dues_before(day date) RETURNS TABLE (
    site_id uuid, member_id uuid, month date, payable_fen bigint, open_fen bigint, is_excused boolean
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT here.site_id, here.member_id, line.month, line.due_fen - line.waived_fen,
        line.due_fen - line.waived_fen - coalesce((
            SELECT sum(part.amount_fen) FROM membership.dues_part AS part
            JOIN membership.dues_payment AS payment
                ON payment.site_id = part.site_id AND payment.payment_id = part.payment_id
            WHERE part.site_id = line.site_id AND part.month = line.month AND part.member_id = line.member_id
                AND payment.on_date <= day AND NOT EXISTS (
                    SELECT FROM membership.dues_reversal AS reversal
                    WHERE reversal.site_id = part.site_id AND reversal.record_id = part.payment_id)
        ), 0)::bigint,
        EXISTS (
            SELECT FROM membership.dues_excuse AS excuse
            WHERE excuse.site_id IN (here.site_id, line.site_id) AND excuse.member_id = line.member_id
                AND line.month BETWEEN excuse.from_month AND excuse.until_month)
    FROM (
        SELECT one.site_id, one.member_id, max(one.on_date) AS on_date FROM membership.standing AS one
        WHERE one.site_id = ANY (host.readable_sites()) AND one.change = 'received' AND one.from_site_id IS NULL
            AND one.on_date <= day
        GROUP BY one.site_id, one.member_id
    ) AS here
    JOIN membership.member AS there ON there.member_id = here.member_id AND there.site_id <> here.site_id
    JOIN membership.dues_line AS line
        ON line.site_id = there.site_id AND line.member_id = there.member_id AND line.month <= here.on_date
    WHERE NOT line.is_void AND NOT EXISTS (
            SELECT FROM membership.dues_line AS newer
            WHERE newer.site_id = line.site_id AND newer.month = line.month AND newer.member_id = line.member_id
                AND newer.version > line.version)
        -- Of a month that both have, the receiving site's line holds.
        AND NOT EXISTS (
            SELECT FROM membership.dues_line AS own
            WHERE own.site_id = here.site_id AND own.month = line.month AND own.member_id = line.member_id
                AND NOT own.is_void AND NOT EXISTS (
                    SELECT FROM membership.dues_line AS newer
                    WHERE newer.site_id = own.site_id AND newer.month = own.month AND newer.member_id = own.member_id
                        AND newer.version > own.version))
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
CREATE POLICY member_fact_moved_by_transfer ON membership.member_fact TO CURRENT_USER USING (true);
CREATE POLICY discipline_moved_by_transfer ON membership.discipline TO CURRENT_USER USING (true);
CREATE POLICY ending_moved_by_transfer ON membership.ending TO CURRENT_USER USING (true);
-- It reads months of dues for the site that has received a member, and writes none.
CREATE POLICY dues_line_read_by_owner ON membership.dues_line FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY dues_payment_read_by_owner ON membership.dues_payment FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY dues_part_read_by_owner ON membership.dues_part FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY dues_reversal_read_by_owner ON membership.dues_reversal FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY dues_excuse_read_by_owner ON membership.dues_excuse FOR SELECT TO CURRENT_USER USING (true);
