-- The chains of the audit, and the signed checkpoints over them. Nothing here is ever changed or deleted.

-- One link for each audit row whose transaction is over, written by the sealer. docs/audit.md has the exact form of a link.
CREATE TABLE host.audit_link (
    -- The site, or the zero uuid for the host's own chain: the rows without a site.
    chain     uuid        NOT NULL,
    -- 1, 2, 3, … within the chain, without gaps.
    number    bigint      NOT NULL CONSTRAINT audit_link_number_positive CHECK (number > 0),
    -- The audit row. No foreign key: its check would lock the row.
    seq       bigint      NOT NULL CONSTRAINT audit_row_linked_once UNIQUE,
    sealed_at timestamptz NOT NULL,
    -- The row's digest when it was sealed.
    digest    bytea       NOT NULL CONSTRAINT audit_link_digest_whole CHECK (octet_length(digest) = 32),
    -- SM3 of the link before it and of all of the above.
    link      bytea       NOT NULL CONSTRAINT audit_link_whole CHECK (octet_length(link) = 32),
    CONSTRAINT audit_chain_not_forked PRIMARY KEY (chain, number)
);

-- Every row up to this `seq` has its link, and no transaction is open that could add one below it.
CREATE TABLE host.audit_watermark (
    is_only boolean PRIMARY KEY DEFAULT true CONSTRAINT audit_watermark_one_row CHECK (is_only),
    seq     bigint  NOT NULL
);
INSERT INTO host.audit_watermark (seq) VALUES (0);

-- The public keys that checkpoints are signed with: one per data folder.
CREATE TABLE host.audit_key (
    -- SM3 of the public key, hexadecimal.
    fingerprint text        PRIMARY KEY,
    -- SubjectPublicKeyInfo (DER).
    public_key  bytea       NOT NULL,
    added_at    timestamptz NOT NULL
);

CREATE TABLE host.audit_checkpoint (
    number    bigint      PRIMARY KEY CONSTRAINT audit_checkpoint_number_positive CHECK (number > 0),
    at        timestamptz NOT NULL,
    -- How many links there were, over all chains.
    total     bigint      NOT NULL,
    -- The canonical JSON that was signed; it names the heads of all chains and the checkpoint before it.
    body      text        NOT NULL,
    -- SM3 of the body.
    digest    bytea       NOT NULL,
    key       text        NOT NULL REFERENCES host.audit_key (fingerprint),
    -- SM2 over the body (DER).
    signature bytea       NOT NULL
);

-- Tells this database's checkpoints from those of another one; a restored copy keeps it.
INSERT INTO host.note (name, value) VALUES ('audit/database', gen_random_uuid()::text);

-- The last link of every chain, by one probe of the index per chain.
CREATE FUNCTION host.audit_heads() RETURNS TABLE (chain uuid, number bigint, link bytea, sealed_at timestamptz)
LANGUAGE sql STABLE AS $$
    WITH RECURSIVE known (chain) AS (
        (SELECT l.chain FROM host.audit_link l ORDER BY l.chain LIMIT 1)
        UNION ALL
        SELECT (SELECT l.chain FROM host.audit_link l WHERE l.chain > known.chain ORDER BY l.chain LIMIT 1)
        FROM known WHERE known.chain IS NOT NULL
    )
    SELECT head.chain, head.number, head.link, head.sealed_at
    FROM known CROSS JOIN LATERAL (
        SELECT l.chain, l.number, l.link, l.sealed_at FROM host.audit_link l
        WHERE l.chain = known.chain ORDER BY l.number DESC LIMIT 1
    ) head
    ORDER BY head.chain
$$;

-- The audit rows that wait for a link. OFFSET 0 keeps the planner from joining the whole of both tables for a few rows.
CREATE FUNCTION host.audit_waiting() RETURNS TABLE (seq bigint, at timestamptz)
LANGUAGE sql STABLE AS $$
    SELECT a.seq, a.at FROM host.audit a
    WHERE a.seq > (SELECT w.seq FROM host.audit_watermark w)
      AND NOT EXISTS (SELECT FROM host.audit_link l WHERE l.seq = a.seq OFFSET 0)
$$;

-- What auditors ask by: a site, an account, a time.
CREATE INDEX audit_by_site ON host.audit (site_id, seq);
CREATE INDEX audit_by_account ON host.audit (account_id, seq);
CREATE INDEX audit_by_time ON host.audit USING brin (at);
