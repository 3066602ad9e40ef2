-- Events: what a module says has happened. Only the host's login may touch these tables.

-- What was published and has no number yet. A row is written at the very end of the transaction that publishes, after every
-- statement that locks, so that `seq` follows the order in which locks were taken.
CREATE TABLE host.outbox (
    seq        bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    xid        xid8        NOT NULL DEFAULT pg_current_xact_id(),
    event_id   uuid        NOT NULL,
    topic      text        NOT NULL,
    -- NULL where what happened belongs to no site.
    site_id    uuid        REFERENCES host.site (site_id),
    -- What the event is about: events of one subject are handled in their order.
    subject    uuid        NOT NULL,
    at         timestamptz NOT NULL,
    account_id uuid,
    trace      text        NOT NULL,
    -- Canonical JSON: ids, codes, quantities; never personal data.
    body       text        NOT NULL
);

-- The same, numbered by the sealer: without gaps, in an order in which no effect stands before its cause, never changed.
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
CREATE INDEX event_by_topic ON host.event (topic, number);

-- The last number given, one row per sequence.
CREATE TABLE host.numbering (
    name text   PRIMARY KEY,
    last bigint NOT NULL
);
INSERT INTO host.numbering (name, last) VALUES ('event', 0);
