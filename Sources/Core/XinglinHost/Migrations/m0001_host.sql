-- The host's own tables. Only the host's login may touch them; modules use the functions at the end.

CREATE TABLE host.site (
    site_id    uuid        PRIMARY KEY,
    code       text        NOT NULL CONSTRAINT site_code_taken UNIQUE,
    name_zh    text        NOT NULL,
    kind       text        NOT NULL CONSTRAINT site_kind_known
                           CHECK (kind IN ('bureau', 'countyHospital', 'tcmHospital', 'townshipCentre', 'other')),
    parent_id  uuid        REFERENCES host.site (site_id),
    created_at timestamptz NOT NULL
);

CREATE TABLE host.account (
    account_id    uuid        PRIMARY KEY,
    account       text        NOT NULL CONSTRAINT account_taken UNIQUE,
    password_hash text        NOT NULL,
    must_change   boolean     NOT NULL,
    disabled      boolean     NOT NULL DEFAULT false,
    -- Sessions carry the epoch they were opened in; raising it ends them all.
    epoch         bigint      NOT NULL DEFAULT 1,
    staff_id      text,
    created_at    timestamptz NOT NULL
);

CREATE TABLE host.role_grant (
    account_id uuid NOT NULL REFERENCES host.account (account_id),
    role       text NOT NULL,
    -- NULL is every site: the first administrator alone.
    site_id    uuid REFERENCES host.site (site_id),
    reach      text NOT NULL CONSTRAINT role_grant_reach_known CHECK (reach IN ('site', 'subtree')),
    CONSTRAINT role_granted_once UNIQUE NULLS NOT DISTINCT (account_id, role, site_id)
);

CREATE TABLE host.session (
    -- SM3 of the token; the token itself is only with the client.
    token_digest bytea       PRIMARY KEY,
    account_id   uuid        NOT NULL REFERENCES host.account (account_id),
    epoch        bigint      NOT NULL,
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    ended_at     timestamptz
);
CREATE INDEX session_expires ON host.session (expires_at);
CREATE INDEX session_ended ON host.session (ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE host.enabled_module (
    module     text        NOT NULL,
    site_id    uuid        NOT NULL REFERENCES host.site (site_id),
    enabled_at timestamptz NOT NULL,
    enabled_by uuid        NOT NULL REFERENCES host.account (account_id),
    PRIMARY KEY (module, site_id)
);

CREATE TABLE host.idempotency (
    principal_id   uuid        NOT NULL,
    site_id        uuid,
    key            text        NOT NULL,
    method         text        NOT NULL,
    -- SM3 of method, site and canonical params.
    content_digest bytea       NOT NULL,
    -- The reply, encrypted; written in the transaction that did the work.
    reply          bytea,
    created_at     timestamptz NOT NULL,
    CONSTRAINT idempotency_key_used UNIQUE NULLS NOT DISTINCT (principal_id, site_id, key)
);
CREATE INDEX idempotency_created ON host.idempotency (created_at);

CREATE TABLE host.audit (
    seq            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    xid            xid8        NOT NULL DEFAULT pg_current_xact_id(),
    at             timestamptz NOT NULL,
    account_id     uuid,
    site_id        uuid,
    method         text        NOT NULL,
    outcome        text        NOT NULL CONSTRAINT audit_outcome_known CHECK (outcome IN ('done', 'refused')),
    reason         text,
    -- Keyed digest of the canonical params; never the params themselves.
    request_digest bytea,
    -- Canonical JSON of what the method noted: ids and codes.
    notes          text        NOT NULL,
    trace          text        NOT NULL,
    -- SM3 of the row's content.
    digest         bytea       NOT NULL
);

CREATE TABLE host.note (
    name  text PRIMARY KEY,
    value text NOT NULL
);

-- What every host keeps in memory (sites, accounts, grants, enabled modules, ended sessions) has one version.
CREATE TABLE host.directory_version (
    is_only boolean PRIMARY KEY DEFAULT true CONSTRAINT directory_version_one_row CHECK (is_only),
    version bigint  NOT NULL
);
INSERT INTO host.directory_version (version) VALUES (1);

CREATE FUNCTION host.directory_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE host.directory_version SET version = version + 1;
    PERFORM pg_notify('xinglin_directory', '');
    RETURN NULL;
END $$;

CREATE TRIGGER site_changed AFTER INSERT OR UPDATE OR DELETE ON host.site
    FOR EACH STATEMENT EXECUTE FUNCTION host.directory_changed();
CREATE TRIGGER account_changed AFTER INSERT OR UPDATE OR DELETE ON host.account
    FOR EACH STATEMENT EXECUTE FUNCTION host.directory_changed();
CREATE TRIGGER role_grant_changed AFTER INSERT OR UPDATE OR DELETE ON host.role_grant
    FOR EACH STATEMENT EXECUTE FUNCTION host.directory_changed();
CREATE TRIGGER enabled_module_changed AFTER INSERT OR UPDATE OR DELETE ON host.enabled_module
    FOR EACH STATEMENT EXECUTE FUNCTION host.directory_changed();
CREATE TRIGGER session_ended AFTER UPDATE OF ended_at ON host.session
    FOR EACH STATEMENT EXECUTE FUNCTION host.directory_changed();

-- After COMMIT a local setting reads '' and not NULL, hence nullif.
CREATE FUNCTION host.acting_site() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('xinglin.site', true), '')::uuid;

CREATE FUNCTION host.readable_sites() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('xinglin.readable_sites', true), '')::uuid[];
