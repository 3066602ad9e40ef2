-- Bulk imports: what was uploaded and checked, until it is applied. Only the host's login may touch these tables.

CREATE TABLE host.import (
    import_id  uuid        PRIMARY KEY,
    site_id    uuid        NOT NULL REFERENCES host.site (site_id),
    -- Who uploads it.
    account_id uuid        NOT NULL REFERENCES host.account (account_id),
    kind       text        NOT NULL,
    -- The file's name and SM3 as the client says; the digest is empty where it says none.
    name       text        NOT NULL,
    sm3        text        NOT NULL,
    -- The codes of the file's columns in their order, separated by commas.
    columns    text        NOT NULL,
    state      text        NOT NULL CONSTRAINT import_state_known
                           CHECK (state IN ('open', 'checked', 'applying', 'applied', 'refused', 'cancelled')),
    mode       text        CONSTRAINT import_mode_known CHECK (mode IN ('allOrNothing', 'goodLines')),
    -- Why it was refused.
    reason     text,
    lines      bigint      NOT NULL DEFAULT 0,
    good       bigint      NOT NULL DEFAULT 0,
    faulty     bigint      NOT NULL DEFAULT 0,
    applied    bigint      NOT NULL DEFAULT 0,
    left_out   bigint      NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    -- Who had it applied: it acts as this account.
    applied_by uuid        REFERENCES host.account (account_id),
    started_at timestamptz,
    ended_at   timestamptz,
    CONSTRAINT import_counts_add_up CHECK (good + faulty <= lines AND applied + left_out <= good)
);

-- The same file begun twice at once is one import.
CREATE UNIQUE INDEX import_unfinished_once ON host.import (site_id, account_id, kind, name, sm3)
    WHERE sm3 <> '' AND state IN ('open', 'checked', 'applying', 'refused');
CREATE INDEX import_by_site ON host.import (site_id, import_id);
CREATE INDEX import_applying ON host.import (started_at) WHERE state = 'applying';
CREATE INDEX import_created ON host.import (created_at);

-- Good lines that wait to be applied, many in one sealed value. A row goes in the transaction that applies its lines, so
-- none is applied twice or forgotten, whenever the host dies.
CREATE TABLE host.import_chunk (
    chunk_id   uuid   PRIMARY KEY,
    import_id  uuid   NOT NULL REFERENCES host.import (import_id),
    first_line bigint NOT NULL,
    good       bigint NOT NULL,
    content    bytea  NOT NULL,
    CONSTRAINT import_chunk_once UNIQUE (import_id, first_line)
);
-- Ciphertext does not compress.
ALTER TABLE host.import_chunk ALTER COLUMN content SET STORAGE EXTERNAL;

-- What must not come twice in one file, as half of a keyed digest, with the line where it stands. No foreign key: the check
-- would cost more than the row.
CREATE TABLE host.import_key (
    import_id uuid   NOT NULL,
    digest    uuid   NOT NULL,
    line      bigint NOT NULL,
    CONSTRAINT import_key_once PRIMARY KEY (import_id, digest)
);

-- What is wrong with lines: the column and a text, never the value.
CREATE TABLE host.import_fault (
    import_id uuid    NOT NULL,
    line      bigint  NOT NULL,
    ordinal   integer NOT NULL,
    -- Found by the check, or when the line was to be applied.
    stage     text    NOT NULL CONSTRAINT import_fault_stage_known CHECK (stage IN ('check', 'apply')),
    field     text,
    text_zh   text    NOT NULL,
    text_en   text    NOT NULL,
    CONSTRAINT import_fault_once PRIMARY KEY (import_id, line, ordinal)
);
