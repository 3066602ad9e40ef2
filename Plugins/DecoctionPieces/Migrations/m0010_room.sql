-- What the decoction room boils in (domain rules 8.5): apart for drinking, for external use and for toxic pieces, and washed
-- after each use.
CREATE TABLE decoction.machine (
    site_id    uuid        NOT NULL,
    machine_id uuid        NOT NULL,
    code       text        NOT NULL,
    name_zh    text        NOT NULL,
    kind       text        NOT NULL,
    usage      text        NOT NULL,
    state      text        NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid        NOT NULL,
    retired_at timestamptz,
    CONSTRAINT machine_key PRIMARY KEY (site_id, machine_id),
    CONSTRAINT machine_code_taken UNIQUE (site_id, code),
    CONSTRAINT machine_kind_known CHECK (kind IN ('pot', 'machine')),
    CONSTRAINT machine_usage_known CHECK (usage IN ('internal', 'external', 'toxic')),
    CONSTRAINT machine_state_known CHECK (state IN ('ready', 'busy', 'dirty', 'retired')),
    CONSTRAINT machine_retired_at_some_time CHECK ((state = 'retired') = (retired_at IS NOT NULL))
) WITH (fillfactor = 85);

-- A prescription on its way through the room. What it takes was worked out when it began, by the rule versions it names: a
-- later revision changes no job that runs.
CREATE TABLE decoction.job (
    site_id            uuid        NOT NULL,
    job_id             uuid        NOT NULL,
    prescription_id    uuid        NOT NULL,
    machine_id         uuid        NOT NULL,
    kind               text        NOT NULL,
    usage              text        NOT NULL,
    is_urgent          boolean     NOT NULL,
    is_child           boolean     NOT NULL,
    doses              integer     NOT NULL,
    bags               integer     NOT NULL,
    soak_minutes       integer     NOT NULL,
    -- How long the pieces that are boiled first boil alone.
    lead_minutes       integer     NOT NULL,
    first_min_minutes  integer     NOT NULL,
    first_max_minutes  integer     NOT NULL,
    second_min_minutes integer     NOT NULL,
    second_max_minutes integer     NOT NULL,
    pack_minutes       integer     NOT NULL,
    volume_min_ml      integer     NOT NULL,
    volume_max_ml      integer     NOT NULL,
    water_first_ml     integer     NOT NULL,
    water_second_ml    integer     NOT NULL,
    sample_bags        integer     NOT NULL,
    sample_min_hours   integer     NOT NULL,
    sample_max_hours   integer     NOT NULL,
    rule_version       text        NOT NULL,
    age_rule_version   text        NOT NULL,
    state              text        NOT NULL,
    -- Since when it is in this state, when it may leave it at the earliest, and when it should have at the latest.
    since              timestamptz NOT NULL,
    earliest_at        timestamptz NOT NULL,
    latest_at          timestamptz,
    -- By when an urgent one is to be ready.
    due_at             timestamptz,
    received_at        timestamptz NOT NULL,
    packed_at          timestamptz,
    ended_at           timestamptz,
    volume_ml          integer,
    -- Whether it was broken off with wet pieces: they are dispensed anew, never wetted again.
    is_spoilt          boolean     NOT NULL,
    CONSTRAINT job_key PRIMARY KEY (site_id, job_id),
    CONSTRAINT job_of_prescription FOREIGN KEY (site_id, prescription_id)
        REFERENCES decoction.prescription (site_id, prescription_id),
    CONSTRAINT job_in_machine FOREIGN KEY (site_id, machine_id) REFERENCES decoction.machine,
    CONSTRAINT job_kind_known CHECK (kind IN ('ordinary', 'exterior', 'tonic')),
    CONSTRAINT job_usage_known CHECK (usage IN ('internal', 'external', 'toxic')),
    CONSTRAINT job_state_known CHECK (state IN (
        'received', 'checked', 'soaking', 'boiling1', 'boiling2', 'packed', 'labelled', 'handedOver', 'delivered', 'aborted')),
    CONSTRAINT job_packed_has_volume CHECK ((packed_at IS NULL) = (volume_ml IS NULL)),
    CONSTRAINT job_ended_at_some_time CHECK (
        (state IN ('handedOver', 'delivered', 'aborted')) = (ended_at IS NOT NULL)),
    CONSTRAINT job_spoilt_was_aborted CHECK (NOT is_spoilt OR state = 'aborted')
) WITH (fillfactor = 85);

-- One machine never runs two jobs; a prescription has one job that was not broken off.
CREATE UNIQUE INDEX job_machine_taken ON decoction.job (site_id, machine_id)
    WHERE state IN ('received', 'checked', 'soaking', 'boiling1', 'boiling2');
CREATE UNIQUE INDEX job_prescription_taken ON decoction.job (site_id, prescription_id) WHERE state <> 'aborted';
CREATE INDEX job_by_prescription ON decoction.job (site_id, prescription_id, received_at);
CREATE INDEX job_by_machine ON decoction.job (site_id, machine_id, received_at);
CREATE INDEX job_by_day ON decoction.job (site_id, received_at, job_id);
CREATE INDEX job_unfinished ON decoction.job (site_id, earliest_at)
    WHERE state IN ('received', 'checked', 'soaking', 'boiling1', 'boiling2', 'packed', 'labelled');

-- Every step of a job, with who did it and when.
CREATE TABLE decoction.job_step (
    site_id     uuid        NOT NULL,
    step_id     uuid        NOT NULL,
    job_id      uuid        NOT NULL,
    state       text        NOT NULL,
    at          timestamptz NOT NULL,
    account_id  uuid        NOT NULL,
    -- NULL where the account belongs to no member of staff.
    staff_id    uuid,
    -- What was not as the rules want it, and of an aborted job why.
    codes       text[]      NOT NULL,
    -- NULL where nothing was said of it.
    note        bytea,
    received_by bytea,
    CONSTRAINT job_step_key PRIMARY KEY (step_id),
    CONSTRAINT job_step_once UNIQUE (site_id, job_id, state),
    CONSTRAINT job_step_of_job FOREIGN KEY (site_id, job_id) REFERENCES decoction.job
);

-- A machine was washed, after the last of its jobs or between times.
CREATE TABLE decoction.machine_cleaning (
    site_id    uuid        NOT NULL,
    seq        bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    machine_id uuid        NOT NULL,
    -- NULL where it had no job yet.
    job_id     uuid,
    way        text        NOT NULL,
    at         timestamptz NOT NULL,
    account_id uuid        NOT NULL,
    CONSTRAINT machine_cleaning_key PRIMARY KEY (site_id, machine_id, seq),
    CONSTRAINT machine_cleaning_of_machine FOREIGN KEY (site_id, machine_id) REFERENCES decoction.machine,
    CONSTRAINT machine_cleaning_way_known CHECK (way IN ('washed', 'disinfected'))
);

-- The bag of each job that stays in the refrigerator.
CREATE TABLE decoction.sample (
    site_id      uuid        NOT NULL,
    sample_id    uuid        NOT NULL,
    job_id       uuid        NOT NULL,
    bags         integer     NOT NULL,
    kept_at      timestamptz NOT NULL,
    -- When it may be thrown away, and by when it has to be.
    discard_from timestamptz NOT NULL,
    discard_by   timestamptz NOT NULL,
    discarded_at timestamptz,
    discarded_by uuid,
    CONSTRAINT sample_key PRIMARY KEY (site_id, sample_id),
    CONSTRAINT sample_of_job_once UNIQUE (site_id, job_id),
    CONSTRAINT sample_of_job FOREIGN KEY (site_id, job_id) REFERENCES decoction.job,
    CONSTRAINT sample_discarded_by_somebody CHECK ((discarded_at IS NULL) = (discarded_by IS NULL))
);
CREATE INDEX sample_kept ON decoction.sample (site_id, discard_by, sample_id) WHERE discarded_at IS NULL;

-- Somebody from outside the room looked how it works.
CREATE TABLE decoction.supervision (
    site_id        uuid        NOT NULL,
    supervision_id uuid        NOT NULL,
    done_on        date        NOT NULL,
    is_passed      boolean     NOT NULL,
    findings       text        NOT NULL,
    measures       text        NOT NULL,
    next_due_on    date        NOT NULL,
    rule_version   text        NOT NULL,
    at             timestamptz NOT NULL,
    account_id     uuid        NOT NULL,
    CONSTRAINT supervision_key PRIMARY KEY (site_id, supervision_id),
    CONSTRAINT supervision_faults_have_measures CHECK (is_passed OR measures <> '')
);
CREATE INDEX supervision_by_day ON decoction.supervision (site_id, done_on, supervision_id);

ALTER TABLE decoction.machine ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.machine FORCE ROW LEVEL SECURITY;
CREATE POLICY machine_visible_at_site ON decoction.machine
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE decoction.job ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.job FORCE ROW LEVEL SECURITY;
CREATE POLICY job_visible_at_site ON decoction.job
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE decoction.job_step ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.job_step FORCE ROW LEVEL SECURITY;
CREATE POLICY job_step_visible_at_site ON decoction.job_step
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE decoction.machine_cleaning ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.machine_cleaning FORCE ROW LEVEL SECURITY;
CREATE POLICY machine_cleaning_visible_at_site ON decoction.machine_cleaning
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE decoction.sample ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.sample FORCE ROW LEVEL SECURITY;
CREATE POLICY sample_visible_at_site ON decoction.sample
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE decoction.supervision ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.supervision FORCE ROW LEVEL SECURITY;
CREATE POLICY supervision_visible_at_site ON decoction.supervision
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());
