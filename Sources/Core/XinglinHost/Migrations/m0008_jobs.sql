-- Jobs: what hosts do by themselves at set times. Only the host's login may touch these tables.

-- Up to which time of its schedule it is decided what becomes of a job. Whoever moves this on decides, alone among the hosts.
CREATE TABLE host.job_schedule (
    job           text        PRIMARY KEY,
    decided_until timestamptz NOT NULL
);

-- A run of a job: for one time of its schedule, or because an administrator asked for it.
CREATE TABLE host.job_run (
    run_id        uuid        PRIMARY KEY,
    job           text        NOT NULL,
    -- NULL where the run is for all sites together.
    site_id       uuid        REFERENCES host.site (site_id),
    scheduled_for timestamptz NOT NULL,
    -- NULL where the schedule did.
    requested_by  uuid        REFERENCES host.account (account_id),
    state         text        NOT NULL CONSTRAINT job_run_state_known
                              CHECK (state IN ('waiting', 'running', 'done', 'failed', 'skipped')),
    -- When it may begin: later than asked for where it is tried again.
    not_before    timestamptz NOT NULL,
    -- Whose process does it, or did it last.
    host          text        NOT NULL DEFAULT '',
    failures      integer     NOT NULL DEFAULT 0,
    -- How many hosts died in it.
    takeovers     integer     NOT NULL DEFAULT 0,
    started_at    timestamptz,
    ended_at      timestamptz,
    -- Why it failed or was passed over: a reason of docs/errors.md.
    reason        text,
    -- JSON: how many of what.
    counts        text        NOT NULL DEFAULT '{}',
    -- Of several hosts one makes the run.
    CONSTRAINT job_run_once UNIQUE NULLS NOT DISTINCT (job, site_id, scheduled_for),
    CONSTRAINT job_run_end_has_time CHECK ((state IN ('waiting', 'running')) = (ended_at IS NULL))
);
CREATE INDEX job_run_open ON host.job_run (not_before) WHERE state IN ('waiting', 'running');
CREATE INDEX job_run_by_job ON host.job_run (job, run_id);
