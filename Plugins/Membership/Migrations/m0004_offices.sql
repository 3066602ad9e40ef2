-- Elections of committees, and of secretaries where there is no committee (BR-05): every one that was held, valid or not. One that corrects
-- another stands in its place.
CREATE TABLE membership.election (
    site_id         uuid        NOT NULL,
    election_id     uuid        NOT NULL,
    organization_id uuid        NOT NULL,
    -- The term that it begins: its own id, or the term of the election that it corrects, so that whoever was appointed since stays.
    term_id         uuid        NOT NULL,
    on_date         date        NOT NULL,
    due             integer     NOT NULL,
    present         integer     NOT NULL,
    seats           integer     NOT NULL,
    -- False where a small branch elects its secretary directly (BR-03).
    is_committee    boolean     NOT NULL,
    -- A branch of a village or a community has a longer term (BR-04).
    is_village      boolean     NOT NULL,
    is_valid        boolean     NOT NULL,
    elected         integer     NOT NULL,
    -- NULL where it elected nobody.
    term_ends_on    date,
    timing          text        NOT NULL,
    -- When it was due; NULL of a first one.
    was_due_on      date,
    rule_version    text        NOT NULL,
    -- What the higher organisation has approved it by; empty where nothing was named.
    paper_title     text        NOT NULL DEFAULT '',
    -- NULL where only the title was given.
    paper_file      uuid,
    paper_sm3       text        NOT NULL DEFAULT '',
    corrects        uuid,
    reason          text        NOT NULL DEFAULT '',
    recorded_at     timestamptz NOT NULL,
    recorded_by     uuid        NOT NULL,
    CONSTRAINT election_key PRIMARY KEY (site_id, election_id),
    CONSTRAINT election_of_organization FOREIGN KEY (organization_id) REFERENCES membership.organization,
    CONSTRAINT election_corrects_a_row FOREIGN KEY (site_id, corrects) REFERENCES membership.election,
    CONSTRAINT election_timing_known CHECK (timing IN ('first', 'early', 'onTime', 'putOff', 'late')),
    CONSTRAINT election_counts_possible CHECK (due > 0 AND present BETWEEN 0 AND due AND seats > 0 AND elected BETWEEN 0 AND seats),
    CONSTRAINT election_invalid_elects_nobody CHECK (is_valid OR elected = 0),
    CONSTRAINT election_term_of_elected CHECK ((elected > 0) = (term_ends_on IS NOT NULL))
);

CREATE INDEX election_by_organization ON membership.election (site_id, organization_id, on_date);
CREATE UNIQUE INDEX election_corrected_once ON membership.election (site_id, corrects)
    NULLS NOT DISTINCT WHERE corrects IS NOT NULL;

-- The votes of each candidate of an election.
CREATE TABLE membership.ballot (
    site_id     uuid    NOT NULL,
    election_id uuid    NOT NULL,
    member_id   uuid    NOT NULL,
    votes       integer NOT NULL,
    is_elected  boolean NOT NULL,
    CONSTRAINT ballot_key PRIMARY KEY (site_id, election_id, member_id),
    CONSTRAINT ballot_of_election FOREIGN KEY (site_id, election_id) REFERENCES membership.election,
    CONSTRAINT ballot_votes_counted CHECK (votes >= 0)
);

-- Who was given which post from when on: by an election, or between elections by the higher organisation. Who sits on a committee may be
-- another site's member.
CREATE TABLE membership.office (
    site_id         uuid        NOT NULL,
    office_id       uuid        NOT NULL,
    organization_id uuid        NOT NULL,
    -- The term that it belongs to, and ends with; NULL before the first election.
    term_id         uuid,
    -- NULL where the higher organisation appointed.
    election_id     uuid,
    member_id       uuid        NOT NULL,
    post            text        NOT NULL,
    from_date       date        NOT NULL,
    paper_title     text        NOT NULL DEFAULT '',
    paper_file      uuid,
    paper_sm3       text        NOT NULL DEFAULT '',
    recorded_at     timestamptz NOT NULL,
    recorded_by     uuid        NOT NULL,
    CONSTRAINT office_key PRIMARY KEY (site_id, office_id),
    CONSTRAINT office_of_organization FOREIGN KEY (organization_id) REFERENCES membership.organization,
    CONSTRAINT office_by_election FOREIGN KEY (site_id, election_id) REFERENCES membership.election,
    CONSTRAINT office_post_known CHECK (post IN (
        'secretary', 'deputySecretary', 'organization', 'publicity', 'discipline', 'youth', 'member'))
);

CREATE INDEX office_by_organization ON membership.office (site_id, organization_id, from_date);
CREATE INDEX office_by_member ON membership.office (site_id, member_id);

-- Elections put off with the leave of the higher organisation (BR-04).
CREATE TABLE membership.election_delay (
    site_id         uuid        NOT NULL,
    delay_id        uuid        NOT NULL,
    organization_id uuid        NOT NULL,
    term_id         uuid        NOT NULL,
    on_date         date        NOT NULL,
    until_on        date        NOT NULL,
    reason          text        NOT NULL,
    paper_title     text        NOT NULL DEFAULT '',
    paper_file      uuid,
    paper_sm3       text        NOT NULL DEFAULT '',
    recorded_at     timestamptz NOT NULL,
    recorded_by     uuid        NOT NULL,
    CONSTRAINT election_delay_key PRIMARY KEY (site_id, delay_id),
    CONSTRAINT election_delay_of_organization FOREIGN KEY (organization_id) REFERENCES membership.organization
);

CREATE INDEX election_delay_by_term ON membership.election_delay (site_id, term_id);

-- The grid of links: a leader to a branch, a committee member to a department, a member to staff or a household, a group to a unit.
CREATE TABLE membership.link (
    site_id           uuid        NOT NULL,
    link_id           uuid        NOT NULL,
    -- Whose grid it stands in: the group itself, or the branch or group of the member on that day.
    organization_id   uuid        NOT NULL,
    kind              text        NOT NULL,
    -- Exactly one of the two.
    from_member       uuid,
    from_organization uuid,
    -- Exactly one of these.
    to_organization   uuid,
    to_department     uuid,
    to_staff          uuid,
    to_person         uuid,
    household_code    text,
    unit_zh           text,
    from_date         date        NOT NULL,
    recorded_at       timestamptz NOT NULL,
    recorded_by       uuid        NOT NULL,
    CONSTRAINT link_key PRIMARY KEY (site_id, link_id),
    CONSTRAINT link_of_organization FOREIGN KEY (organization_id) REFERENCES membership.organization,
    CONSTRAINT link_of_member FOREIGN KEY (site_id, from_member) REFERENCES membership.member,
    CONSTRAINT link_from_organization FOREIGN KEY (from_organization) REFERENCES membership.organization,
    CONSTRAINT link_to_organization FOREIGN KEY (to_organization) REFERENCES membership.organization,
    CONSTRAINT link_kind_known CHECK (kind IN (
        'leaderToBranch', 'committeeMemberToDepartment', 'memberToStaff', 'memberToHousehold', 'groupToUnit')),
    CONSTRAINT link_from_one CHECK (num_nonnulls(from_member, from_organization) = 1),
    CONSTRAINT link_to_one CHECK (
        num_nonnulls(to_organization, to_department, to_staff, to_person, household_code, unit_zh) = 1)
);

CREATE INDEX link_by_organization ON membership.link (site_id, organization_id);
CREATE INDEX link_by_member ON membership.link (site_id, from_member);

-- Visits and calls of a link.
CREATE TABLE membership.contact (
    site_id     uuid        NOT NULL,
    contact_id  uuid        NOT NULL,
    link_id     uuid        NOT NULL,
    on_date     date        NOT NULL,
    kind        text        NOT NULL,
    -- NULL where it was not said.
    minutes     integer,
    -- Encrypted: it is about somebody's household. NULL where nothing was noted.
    note        bytea,
    recorded_at timestamptz NOT NULL,
    recorded_by uuid        NOT NULL,
    CONSTRAINT contact_key PRIMARY KEY (site_id, contact_id),
    CONSTRAINT contact_of_link FOREIGN KEY (site_id, link_id) REFERENCES membership.link,
    CONSTRAINT contact_kind_known CHECK (kind IN ('visit', 'call'))
);

CREATE INDEX contact_by_link ON membership.contact (site_id, link_id, on_date);

-- A full member who guides another member, or a candidate.
CREATE TABLE membership.mentor_pair (
    site_id     uuid        NOT NULL,
    pair_id     uuid        NOT NULL,
    mentor_id   uuid        NOT NULL,
    -- Exactly one of the two.
    mentee_id   uuid,
    candidate_id uuid,
    from_date   date        NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by uuid        NOT NULL,
    CONSTRAINT mentor_pair_key PRIMARY KEY (site_id, pair_id),
    CONSTRAINT mentor_pair_of_mentor FOREIGN KEY (site_id, mentor_id) REFERENCES membership.member,
    CONSTRAINT mentor_pair_of_mentee FOREIGN KEY (site_id, mentee_id) REFERENCES membership.member,
    CONSTRAINT mentor_pair_of_candidate FOREIGN KEY (site_id, candidate_id) REFERENCES membership.candidate,
    CONSTRAINT mentor_pair_for_one CHECK (num_nonnulls(mentee_id, candidate_id) = 1),
    CONSTRAINT mentor_pair_of_two CHECK (mentor_id <> mentee_id)
);

CREATE INDEX mentor_pair_by_mentor ON membership.mentor_pair (site_id, mentor_id);

-- Posts outside of committees, honours and marks of members. A row that corrects another stands in its place.
CREATE TABLE membership.member_fact (
    site_id     uuid        NOT NULL,
    fact_id     uuid        NOT NULL,
    member_id   uuid        NOT NULL,
    kind        text        NOT NULL,
    -- The post, the honour, or the role by which the mark was given.
    title       text        NOT NULL,
    -- Of an honour; NULL in others.
    level       text,
    granted_by  text        NOT NULL DEFAULT '',
    -- NULL but in marks.
    mark        text,
    from_date   date        NOT NULL,
    -- From which day it holds no more; NULL while it does.
    until_date  date,
    corrects    uuid,
    is_void     boolean     NOT NULL DEFAULT false,
    reason      text        NOT NULL DEFAULT '',
    recorded_at timestamptz NOT NULL,
    recorded_by uuid        NOT NULL,
    CONSTRAINT member_fact_key PRIMARY KEY (site_id, fact_id),
    CONSTRAINT member_fact_of_member FOREIGN KEY (site_id, member_id) REFERENCES membership.member,
    CONSTRAINT member_fact_corrects_a_row FOREIGN KEY (site_id, corrects) REFERENCES membership.member_fact,
    CONSTRAINT member_fact_kind_known CHECK (kind IN ('position', 'honour', 'mark')),
    CONSTRAINT member_fact_mark_named CHECK ((kind = 'mark') = (mark IS NOT NULL)),
    CONSTRAINT member_fact_mark_known CHECK (mark IN ('backboneToMember', 'memberToLeader', 'dualLeader')),
    CONSTRAINT member_fact_ends_later CHECK (until_date >= from_date)
);

CREATE INDEX member_fact_by_member ON membership.member_fact (site_id, member_id);
CREATE UNIQUE INDEX member_fact_corrected_once ON membership.member_fact (site_id, corrects)
    NULLS NOT DISTINCT WHERE corrects IS NOT NULL;

-- Party discipline, restricted: what it is, from when, and the words stand encrypted in content, and nothing of it beside.
CREATE TABLE membership.discipline (
    site_id     uuid        NOT NULL,
    fact_id     uuid        NOT NULL,
    member_id   uuid        NOT NULL,
    content     bytea       NOT NULL,
    corrects    uuid,
    is_void     boolean     NOT NULL DEFAULT false,
    recorded_at timestamptz NOT NULL,
    recorded_by uuid        NOT NULL,
    CONSTRAINT discipline_key PRIMARY KEY (site_id, fact_id),
    CONSTRAINT discipline_of_member FOREIGN KEY (site_id, member_id) REFERENCES membership.member,
    CONSTRAINT discipline_corrects_a_row FOREIGN KEY (site_id, corrects) REFERENCES membership.discipline
);

CREATE INDEX discipline_by_member ON membership.discipline (site_id, member_id);
CREATE UNIQUE INDEX discipline_corrected_once ON membership.discipline (site_id, corrects)
    NULLS NOT DISTINCT WHERE corrects IS NOT NULL;

-- From which day an office, a link, a pair of mentors or a fact of a member holds no more. Each ends once.
CREATE TABLE membership.ending (
    site_id     uuid        NOT NULL,
    record_id   uuid        NOT NULL,
    kind        text        NOT NULL,
    on_date     date        NOT NULL,
    reason      text        NOT NULL DEFAULT '',
    recorded_at timestamptz NOT NULL,
    recorded_by uuid        NOT NULL,
    CONSTRAINT ending_taken PRIMARY KEY (site_id, record_id),
    CONSTRAINT ending_kind_known CHECK (kind IN ('office', 'link', 'mentorPair', 'fact'))
);

ALTER TABLE membership.election ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership.election FORCE ROW LEVEL SECURITY;
CREATE POLICY election_of_site ON membership.election
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE membership.ballot ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership.ballot FORCE ROW LEVEL SECURITY;
CREATE POLICY ballot_of_site ON membership.ballot
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE membership.office ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership.office FORCE ROW LEVEL SECURITY;
CREATE POLICY office_of_site ON membership.office
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE membership.election_delay ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership.election_delay FORCE ROW LEVEL SECURITY;
CREATE POLICY election_delay_of_site ON membership.election_delay
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE membership.link ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership.link FORCE ROW LEVEL SECURITY;
CREATE POLICY link_of_site ON membership.link
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE membership.contact ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership.contact FORCE ROW LEVEL SECURITY;
CREATE POLICY contact_of_site ON membership.contact
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE membership.mentor_pair ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership.mentor_pair FORCE ROW LEVEL SECURITY;
CREATE POLICY mentor_pair_of_site ON membership.mentor_pair
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE membership.member_fact ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership.member_fact FORCE ROW LEVEL SECURITY;
CREATE POLICY member_fact_of_site ON membership.member_fact
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE membership.discipline ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership.discipline FORCE ROW LEVEL SECURITY;
CREATE POLICY discipline_of_site ON membership.discipline
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE membership.ending ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership.ending FORCE ROW LEVEL SECURITY;
CREATE POLICY ending_of_site ON membership.ending
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());
