-- The 25 steps, as Data/development_steps.csv has them.
CREATE TABLE membership.development_step (
    step          integer NOT NULL,
    stage         text    NOT NULL,
    name_zh       text    NOT NULL,
    actor         text    NOT NULL,
    interval_text text    NOT NULL,
    preconditions text    NOT NULL,
    decision_rule text    NOT NULL,
    documents     text    NOT NULL,
    state_after   text    NOT NULL,
    source        text    NOT NULL,
    CONSTRAINT development_step_key PRIMARY KEY (step)
);

-- Who is on the way to membership, as the site keeps them where they are. Somebody who moves keeps the number.
CREATE TABLE membership.candidate (
    site_id      uuid        NOT NULL,
    candidate_id uuid        NOT NULL,
    person_id    uuid        NOT NULL,
    -- Begun before this register was, and taken over with what had been recorded elsewhere.
    is_imported  boolean     NOT NULL,
    recorded_at  timestamptz NOT NULL,
    recorded_by  uuid        NOT NULL,
    CONSTRAINT candidate_key PRIMARY KEY (site_id, candidate_id)
);

CREATE INDEX candidate_by_person ON membership.candidate (site_id, person_id);

-- What happened in a development, never changed: the 25 steps, and what stands beside them. A row that corrects another takes its place.
CREATE TABLE membership.development_entry (
    site_id         uuid        NOT NULL,
    entry_id        uuid        NOT NULL,
    candidate_id    uuid        NOT NULL,
    on_date         date        NOT NULL,
    kind            text        NOT NULL,
    -- 1 to 25 of a step; NULL of what stands beside them.
    step            integer,
    -- The status from then on (development_steps.csv, state_after, and the side states); NULL where it stays.
    status          text,
    -- The branch or group from then on; NULL where it stays.
    organization_id uuid,
    -- What the step asks for, as its facts schema says.
    facts           jsonb       NOT NULL,
    -- The versions of the rules that it was judged by: {"DV-07": "1.0"}.
    rule_versions   jsonb       NOT NULL,
    -- Taken over from another register without having been judged here.
    is_imported     boolean     NOT NULL,
    -- The approval for recording it late (DV-27); NULL where none was needed.
    backdating_id   uuid,
    reason          text        NOT NULL DEFAULT '',
    corrects        uuid,
    is_void         boolean     NOT NULL DEFAULT false,
    recorded_at     timestamptz NOT NULL,
    recorded_by     uuid        NOT NULL,
    CONSTRAINT development_entry_key PRIMARY KEY (site_id, entry_id),
    CONSTRAINT development_entry_of_candidate FOREIGN KEY (site_id, candidate_id) REFERENCES membership.candidate,
    CONSTRAINT development_entry_in_organization FOREIGN KEY (organization_id) REFERENCES membership.organization,
    CONSTRAINT development_entry_corrects_a_row FOREIGN KEY (site_id, corrects) REFERENCES membership.development_entry,
    CONSTRAINT development_entry_kind_known CHECK (kind IN (
        'step', 'appraised', 'extended', 'cancelled', 'withdrawn', 'rejected', 'lapsed', 'transferredOut', 'received')),
    CONSTRAINT development_entry_step_numbered CHECK ((kind = 'step') = (step IS NOT NULL)),
    CONSTRAINT development_entry_step_known CHECK (step BETWEEN 1 AND 25)
);

CREATE INDEX development_entry_by_candidate ON membership.development_entry (site_id, candidate_id, on_date);
CREATE UNIQUE INDEX development_entry_corrected_once ON membership.development_entry (site_id, corrects)
    NULLS NOT DISTINCT WHERE corrects IS NOT NULL;

-- The papers of an entry.
CREATE TABLE membership.development_document (
    site_id  uuid    NOT NULL,
    entry_id uuid    NOT NULL,
    position integer NOT NULL,
    title    text    NOT NULL,
    -- NULL where only its title was given.
    file_id  uuid,
    sm3      text    NOT NULL DEFAULT '',
    CONSTRAINT development_document_key PRIMARY KEY (site_id, entry_id, position),
    CONSTRAINT development_document_of_entry FOREIGN KEY (site_id, entry_id) REFERENCES membership.development_entry
);

-- Votes of the branch meeting, passed or not (domain rules 1.3).
CREATE TABLE membership.vote (
    site_id             uuid        NOT NULL,
    vote_id             uuid        NOT NULL,
    candidate_id        uuid        NOT NULL,
    on_date             date        NOT NULL,
    purpose             text        NOT NULL,
    due                 integer     NOT NULL,
    present             integer     NOT NULL,
    written_in_favour   integer     NOT NULL,
    in_favour           integer     NOT NULL,
    recused             integer     NOT NULL,
    is_valid            boolean     NOT NULL,
    is_passed           boolean     NOT NULL,
    rule_version        text        NOT NULL,
    -- The step that it took; NULL where it did not pass.
    entry_id            uuid,
    recorded_at         timestamptz NOT NULL,
    recorded_by         uuid        NOT NULL,
    CONSTRAINT vote_key PRIMARY KEY (site_id, vote_id),
    CONSTRAINT vote_of_candidate FOREIGN KEY (site_id, candidate_id) REFERENCES membership.candidate,
    CONSTRAINT vote_purpose_known CHECK (purpose IN ('admission', 'conversion')),
    CONSTRAINT vote_counts_possible CHECK (due > 0 AND present BETWEEN 0 AND due AND recused BETWEEN 0 AND present
        AND in_favour BETWEEN 0 AND present - recused AND written_in_favour BETWEEN 0 AND due - present)
);

CREATE INDEX vote_by_candidate ON membership.vote (site_id, candidate_id, on_date);

-- The higher committee's leave to record a step later than the rule allows (DV-27).
CREATE TABLE membership.backdating (
    site_id       uuid        NOT NULL,
    backdating_id uuid        NOT NULL,
    candidate_id  uuid        NOT NULL,
    step          integer     NOT NULL,
    on_date       date        NOT NULL,
    reason        text        NOT NULL,
    approved_at   timestamptz NOT NULL,
    approved_by   uuid        NOT NULL,
    CONSTRAINT backdating_key PRIMARY KEY (site_id, backdating_id),
    CONSTRAINT backdating_of_candidate FOREIGN KEY (site_id, candidate_id) REFERENCES membership.candidate
);

CREATE INDEX backdating_by_candidate ON membership.backdating (site_id, candidate_id, step);

-- Where the developments of the readable sites stood on a day: the state of the furthest step since what last extended, ended or undid
-- something, or the state that this led to.
CREATE FUNCTION membership.developments_on(day date) RETURNS TABLE (
    site_id uuid, candidate_id uuid, status text, status_since date, organization_id uuid
) LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH holding AS (
        SELECT one.*, (one.on_date - date '1900-01-01') * 1000
            + CASE one.kind WHEN 'step' THEN one.step WHEN 'lapsed' THEN 0 ELSE 100 END AS place
        FROM membership.development_entry AS one
        WHERE one.on_date <= day AND NOT one.is_void AND NOT EXISTS (
            SELECT FROM membership.development_entry AS other
            WHERE other.site_id = one.site_id AND other.corrects = one.entry_id)
    ), placed AS (
        SELECT holding.*, coalesce(max(holding.place) FILTER (WHERE holding.kind <> 'step' AND holding.status IS NOT NULL)
            OVER (PARTITION BY holding.site_id, holding.candidate_id), -1) AS since
        FROM holding
    )
    SELECT one.site_id, one.candidate_id,
        (array_agg(one.status ORDER BY one.step DESC NULLS LAST, one.place DESC)
            FILTER (WHERE one.status IS NOT NULL AND one.place >= one.since))[1],
        (array_agg(one.on_date ORDER BY one.step DESC NULLS LAST, one.place DESC)
            FILTER (WHERE one.status IS NOT NULL AND one.place >= one.since))[1],
        (array_agg(one.organization_id ORDER BY one.place DESC, one.entry_id DESC)
            FILTER (WHERE one.organization_id IS NOT NULL))[1]
    FROM placed AS one
    GROUP BY one.site_id, one.candidate_id
$$;

-- The same of those who were candidates on the day. Who is a member by then is no candidate any more: an approval admits from the day of
-- the branch meeting (DV-19).
CREATE FUNCTION membership.candidates_on(day date) RETURNS TABLE (
    site_id uuid, candidate_id uuid, status text, status_since date, organization_id uuid
) LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT one.* FROM membership.developments_on(day) AS one
    WHERE NOT EXISTS (
        SELECT FROM membership.member
        WHERE member.site_id = one.site_id AND member.candidate_id = one.candidate_id AND member.joined_on <= day)
$$;

ALTER TABLE membership.candidate ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership.candidate FORCE ROW LEVEL SECURITY;
CREATE POLICY candidate_of_site ON membership.candidate
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE membership.development_entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership.development_entry FORCE ROW LEVEL SECURITY;
CREATE POLICY development_entry_of_site ON membership.development_entry
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE membership.development_document ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership.development_document FORCE ROW LEVEL SECURITY;
CREATE POLICY development_document_of_site ON membership.development_document
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE membership.vote ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership.vote FORCE ROW LEVEL SECURITY;
CREATE POLICY vote_of_site ON membership.vote
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE membership.backdating ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership.backdating FORCE ROW LEVEL SECURITY;
CREATE POLICY backdating_of_site ON membership.backdating
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());
