-- Events: what a module says has happened. Only the host's login may touch these tables.

-- What was published and has no number yet. A row is written at the very end of the transaction that publishes, after every
-- statement that locks, so that `seq` follows the order in which locks were taken.
CREATE TABLE host.outbox (
    seq        bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- Who published it, for whoever looks at what waits: numbers do not depend on it.
    xid        xid8        NOT NULL DEFAULT pg_current_xact_id(),
    event_id   uuid        NOT NULL,
    topic      text        NOT NULL,
    -- NULL where what happened belongs to no site.
    site_id    uuid,
    -- What the event is about: events of one subject are handled in their order.
    subject    uuid        NOT NULL,
    at         timestamptz NOT NULL,
    account_id uuid,
    trace      text        NOT NULL,
    -- Canonical JSON: ids, codes, quantities; never personal data.
    body       text        NOT NULL
);

-- The same, numbered by the sealer: without gaps, in an order in which no effect stands before its cause, never changed. It is
-- always read by ranges of numbers.
CREATE TABLE host.event (
    number     bigint      PRIMARY KEY,
    event_id   uuid        NOT NULL CONSTRAINT event_once UNIQUE,
    topic      text        NOT NULL,
    site_id    uuid,
    subject    uuid        NOT NULL,
    at         timestamptz NOT NULL,
    account_id uuid,
    trace      text        NOT NULL,
    body       text        NOT NULL
);

-- The last number given, one row per sequence.
CREATE TABLE host.numbering (
    name text   PRIMARY KEY,
    last bigint NOT NULL
);
INSERT INTO host.numbering (name, last) VALUES ('event', 0);

-- How far each handler is: it has done, put off or passed over every event up to `number`.
CREATE TABLE host.event_cursor (
    handler   text        PRIMARY KEY,
    number    bigint      NOT NULL,
    -- When a host that has the handler was last running: cursors of handlers that are gone hold nothing back.
    seen_at   timestamptz NOT NULL,
    -- A host is at work on a batch. Found standing by the next one, it says that the one before did not come to its end.
    is_busy   boolean     NOT NULL DEFAULT false,
    -- After such an end: the event that was begun last, and how often it has been begun.
    begun     bigint,
    begun_for integer     NOT NULL DEFAULT 0
);

-- Events that a handler has not done: one that failed and is tried again, or is parked; and behind it the later ones of the
-- same subject. Each is kept whole, so that it outlives the event's own row.
CREATE TABLE host.event_delayed (
    handler    text        NOT NULL REFERENCES host.event_cursor (handler),
    number     bigint      NOT NULL,
    event_id   uuid        NOT NULL,
    topic      text        NOT NULL,
    site_id    uuid,
    subject    uuid        NOT NULL,
    at         timestamptz NOT NULL,
    account_id uuid,
    trace      text        NOT NULL,
    body       text        NOT NULL,
    attempts   integer     NOT NULL DEFAULT 0,
    -- Why the last attempt failed, and since when they do; NULL while it only waits for an earlier one.
    reason     text,
    -- The trace of the last attempt, under which the log has it.
    failure    text,
    since      timestamptz,
    -- When it is tried again; NULL while it waits for an earlier one of its subject, and once it is parked.
    next_at    timestamptz,
    parked_at  timestamptz,
    CONSTRAINT event_delayed_once PRIMARY KEY (handler, number),
    CONSTRAINT event_delayed_not_parked_and_due CHECK (next_at IS NULL OR parked_at IS NULL)
);
CREATE INDEX event_delayed_by_subject ON host.event_delayed (handler, subject, number);
CREATE INDEX event_delayed_due ON host.event_delayed (handler, next_at) WHERE next_at IS NOT NULL;
CREATE INDEX event_delayed_parked ON host.event_delayed (handler, number) WHERE parked_at IS NOT NULL;
