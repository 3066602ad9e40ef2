-- Party organisations: who stands below whom, county-wide, because a branch's committee is often kept by another site. They say nothing
-- of a person. kept_at is the site that keeps the organisation's records; it alone changes them.
CREATE TABLE membership.organization (
    organization_id uuid        NOT NULL,
    kept_at         uuid        NOT NULL,
    founded_on      date        NOT NULL,
    recorded_at     timestamptz NOT NULL,
    recorded_by     uuid        NOT NULL,
    CONSTRAINT organization_key PRIMARY KEY (organization_id)
);

CREATE INDEX organization_by_site ON membership.organization (kept_at, organization_id);

-- What an organisation is from a day on: one row for each dated, documented change, never changed itself.
CREATE TABLE membership.organization_version (
    organization_id uuid        NOT NULL,
    version         integer     NOT NULL,
    valid_from      date        NOT NULL,
    change          text        NOT NULL,
    kind            text        NOT NULL,
    name_zh         text        NOT NULL,
    -- NULL where it is the top of its tree.
    parent_id       uuid,
    -- Whether it may approve admissions (DV-18): a grass-roots committee, no general branch, no leading group, nothing temporary.
    approves        boolean     NOT NULL,
    is_temporary    boolean     NOT NULL,
    is_ended        boolean     NOT NULL,
    -- The other organisation of a merger or a split; NULL in other changes.
    other_id        uuid,
    reason          text        NOT NULL DEFAULT '',
    document_title  text        NOT NULL DEFAULT '',
    -- NULL where only the title was given.
    document_file   uuid,
    document_sm3    text        NOT NULL DEFAULT '',
    recorded_at     timestamptz NOT NULL,
    recorded_by     uuid        NOT NULL,
    CONSTRAINT organization_version_taken PRIMARY KEY (organization_id, version),
    CONSTRAINT organization_version_of_organization FOREIGN KEY (organization_id) REFERENCES membership.organization,
    CONSTRAINT organization_version_below_parent FOREIGN KEY (parent_id) REFERENCES membership.organization,
    CONSTRAINT organization_kind_known
        CHECK (kind IN ('committee', 'generalBranch', 'branch', 'group', 'leadingGroup')),
    CONSTRAINT organization_change_known CHECK (change IN (
        'founded', 'renamed', 'moved', 'reclassified', 'mergedInto', 'took', 'splitOff', 'foundedBySplit', 'dissolved')),
    CONSTRAINT organization_name_there CHECK (name_zh <> ''),
    CONSTRAINT organization_approves_as_committee CHECK (NOT approves OR (kind = 'committee' AND NOT is_temporary)),
    CONSTRAINT organization_not_below_itself CHECK (parent_id <> organization_id)
);

CREATE INDEX organization_version_by_parent ON membership.organization_version (parent_id);

-- Members of the Party, as the site keeps them that they belong to. A member who moves keeps the number: the site that takes them in has
-- a row of its own.
CREATE TABLE membership.member (
    site_id      uuid        NOT NULL,
    member_id    uuid        NOT NULL,
    person_id    uuid        NOT NULL,
    -- The day of the branch meeting that admitted them (DV-19).
    joined_on    date        NOT NULL,
    -- Taken over from another register instead of having gone through the steps here.
    is_imported  boolean     NOT NULL,
    -- The development that led here; NULL where it went on elsewhere.
    candidate_id uuid,
    recorded_at  timestamptz NOT NULL,
    recorded_by  uuid        NOT NULL,
    CONSTRAINT member_key PRIMARY KEY (site_id, member_id)
);

CREATE INDEX member_by_person ON membership.member (site_id, person_id);

-- The dated facts that a member's status and branch follow from, never changed. A row says what it changes and no more; one that corrects
-- another stands in its place.
CREATE TABLE membership.standing (
    site_id         uuid        NOT NULL,
    standing_id     uuid        NOT NULL,
    member_id       uuid        NOT NULL,
    on_date         date        NOT NULL,
    change          text        NOT NULL,
    -- NULL where the status stays.
    status          text,
    -- The branch or group; NULL where it stays.
    organization_id uuid,
    -- How membership here ended; NULL in other rows.
    ended_how       text,
    reason          text        NOT NULL DEFAULT '',
    -- The row whose place this one takes; NULL in the first.
    corrects        uuid,
    -- A correction that says no more than that the fact is none.
    is_void         boolean     NOT NULL DEFAULT false,
    -- Of one day's facts the later one holds; ids of one instant have no order.
    recorded_order  bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    recorded_at     timestamptz NOT NULL,
    recorded_by     uuid        NOT NULL,
    CONSTRAINT standing_key PRIMARY KEY (site_id, standing_id),
    CONSTRAINT standing_of_member FOREIGN KEY (site_id, member_id) REFERENCES membership.member,
    CONSTRAINT standing_in_organization FOREIGN KEY (organization_id) REFERENCES membership.organization,
    CONSTRAINT standing_corrects_a_row FOREIGN KEY (site_id, corrects) REFERENCES membership.standing,
    CONSTRAINT standing_change_known CHECK (change IN ('enrolled', 'admitted', 'converted', 'assigned', 'received', 'ended')),
    CONSTRAINT standing_status_known CHECK (status IN ('probationary', 'full', 'ended')),
    CONSTRAINT standing_ended_how_known CHECK (ended_how IN (
        'transferredOut', 'died', 'withdrew', 'lapsed', 'removed', 'expelled', 'probationCancelled')),
    CONSTRAINT standing_end_says_how CHECK (coalesce(status = 'ended', false) = (ended_how IS NOT NULL))
);

CREATE INDEX standing_by_member ON membership.standing (site_id, member_id, on_date);
-- A fact is corrected once; a correction may be corrected in its turn.
CREATE UNIQUE INDEX standing_corrected_once ON membership.standing (site_id, corrects)
    NULLS NOT DISTINCT WHERE corrects IS NOT NULL;

-- Where a person is in the registers of the county: a person develops in one place, and is a member in one place.
CREATE TABLE membership.claim (
    person_id  uuid        NOT NULL,
    kind       text        NOT NULL,
    record_id  uuid        NOT NULL,
    kept_at    uuid        NOT NULL,
    claimed_at timestamptz NOT NULL,
    CONSTRAINT claim_person_claimed PRIMARY KEY (person_id),
    CONSTRAINT claim_kind_known CHECK (kind IN ('candidate', 'member'))
);

-- Every organisation that had been founded by a day, as it was then; those that had ended are marked.
CREATE FUNCTION membership.organizations_on(day date) RETURNS TABLE (
    organization_id uuid, kept_at uuid, founded_on date, version integer, valid_from date, kind text, name_zh text,
    parent_id uuid, approves boolean, is_temporary boolean, is_ended boolean
) LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT one.organization_id, one.kept_at, one.founded_on, latest.version, latest.valid_from, latest.kind, latest.name_zh,
        latest.parent_id, latest.approves, latest.is_temporary, latest.is_ended
    FROM membership.organization AS one,
        LATERAL (SELECT * FROM membership.organization_version AS of_one
                 WHERE of_one.organization_id = one.organization_id AND of_one.valid_from <= day
                 ORDER BY of_one.version DESC LIMIT 1) AS latest
$$;

-- An organisation and all that stood below it on a day, none of which had ended.
CREATE FUNCTION membership.tree_on(root uuid, day date) RETURNS TABLE (
    organization_id uuid, kept_at uuid, kind text, name_zh text, parent_id uuid, depth integer
) LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH RECURSIVE living AS MATERIALIZED (
        SELECT * FROM membership.organizations_on(day) AS one WHERE NOT one.is_ended
    ), tree AS (
        SELECT one.organization_id, one.kept_at, one.kind, one.name_zh, one.parent_id, 0 AS depth
        FROM living AS one WHERE one.organization_id = root
        UNION ALL
        SELECT one.organization_id, one.kept_at, one.kind, one.name_zh, one.parent_id, tree.depth + 1
        FROM living AS one JOIN tree ON one.parent_id = tree.organization_id WHERE tree.depth < 20
    )
    SELECT * FROM tree
$$;

-- Where the members of the readable sites stood on a day, by the facts that hold (neither corrected nor void): status and branch or
-- group, each since when.
CREATE FUNCTION membership.standings_on(day date) RETURNS TABLE (
    site_id uuid, member_id uuid, status text, status_since date, organization_id uuid, organization_since date
) LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT one.site_id, one.member_id,
        (array_agg(one.status ORDER BY one.on_date DESC, one.recorded_order DESC) FILTER (WHERE one.status IS NOT NULL))[1],
        (array_agg(one.on_date ORDER BY one.on_date DESC, one.recorded_order DESC) FILTER (WHERE one.status IS NOT NULL))[1],
        (array_agg(one.organization_id ORDER BY one.on_date DESC, one.recorded_order DESC)
            FILTER (WHERE one.organization_id IS NOT NULL))[1],
        (array_agg(one.on_date ORDER BY one.on_date DESC, one.recorded_order DESC)
            FILTER (WHERE one.organization_id IS NOT NULL))[1]
    FROM membership.standing AS one
    WHERE one.on_date <= day AND NOT one.is_void AND NOT EXISTS (
        SELECT FROM membership.standing AS other
        WHERE other.site_id = one.site_id AND other.corrects = one.standing_id)
    GROUP BY one.site_id, one.member_id
$$;

ALTER TABLE membership.member ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership.member FORCE ROW LEVEL SECURITY;
CREATE POLICY member_of_site ON membership.member
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE membership.standing ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership.standing FORCE ROW LEVEL SECURITY;
CREATE POLICY standing_of_site ON membership.standing
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

-- Numbers and codes that the rules judge by (domain rules, design principle): the shipped values of Data/rules.csv, and later ones that the
-- county's bureau records. A row is never changed; what is in effect on a day is the row with the latest valid_from.
CREATE TABLE membership.rule (
    rule        text        NOT NULL,
    parameter   text        NOT NULL,
    -- The version of the shipped file, and behind it the county's revisions: 1.0, 1.1, …
    version     integer     NOT NULL,
    revision    integer     NOT NULL,
    value       text        NOT NULL,
    unit        text        NOT NULL,
    -- Which way is stricter: a national value may be tightened, never loosened.
    tighter     text        NOT NULL,
    is_national boolean     NOT NULL,
    source      text        NOT NULL,
    confidence  text        NOT NULL,
    reviewer    text        NOT NULL,
    valid_from  date        NOT NULL,
    -- NULL where no end is known.
    valid_to    date,
    summary_zh  text        NOT NULL,
    summary_en  text        NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    -- NULL where it was shipped.
    recorded_by uuid,
    CONSTRAINT rule_key PRIMARY KEY (rule, parameter, version, revision),
    CONSTRAINT rule_value_there CHECK (value <> ''),
    CONSTRAINT rule_tighter_known CHECK (tighter IN ('lower', 'higher', 'none')),
    CONSTRAINT rule_confidence_known CHECK (confidence IN ('H', 'M', 'L', 'prod')),
    CONSTRAINT rule_valid_in_order CHECK (valid_to >= valid_from),
    CONSTRAINT rule_revision_has_author CHECK ((revision = 0) = (recorded_by IS NULL))
);

-- A revision of a rule changes one value, so its number tells what was in effect.
CREATE UNIQUE INDEX rule_revision_taken ON membership.rule (rule, version, revision) WHERE revision > 0;

-- What a site itself has tightened; the county's value stands where it is stricter.
CREATE TABLE membership.site_rule (
    site_id     uuid        NOT NULL,
    rule        text        NOT NULL,
    parameter   text        NOT NULL,
    revision    integer     NOT NULL,
    value       text        NOT NULL,
    source      text        NOT NULL,
    reviewer    text        NOT NULL,
    valid_from  date        NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by uuid        NOT NULL,
    CONSTRAINT site_rule_revision_taken PRIMARY KEY (site_id, rule, revision),
    CONSTRAINT site_rule_value_there CHECK (value <> '')
);

ALTER TABLE membership.site_rule ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership.site_rule FORCE ROW LEVEL SECURITY;
CREATE POLICY site_rule_of_site ON membership.site_rule
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());
