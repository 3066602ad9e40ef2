-- Files: what is known of them. Their content lies in large objects, sealed block by block with the host's keys. Only the host's
-- login may touch these tables.

CREATE TABLE host.file (
    file_id     uuid        PRIMARY KEY,
    site_id     uuid        NOT NULL REFERENCES host.site (site_id),
    -- Who uploads it or had it made; NULL where the host made it by itself.
    account_id  uuid        REFERENCES host.account (account_id),
    name        text        NOT NULL,
    media_type  text        NOT NULL,
    bytes       bigint      NOT NULL,
    -- 64 hexadecimal digits; empty while a file of unknown length is being written.
    sm3         text        NOT NULL,
    state       text        NOT NULL CONSTRAINT file_state_known CHECK (state IN ('open', 'finished')),
    received    bigint      NOT NULL,
    -- The large object; NULL until there is content.
    object      oid,
    -- Where the content shows personal data: the basis under which reads are audited.
    basis       text,
    created_at  timestamptz NOT NULL,
    finished_at timestamptz,
    -- When something was last done with it: what is not used and not referenced goes some time after that.
    used_at     timestamptz NOT NULL,
    CONSTRAINT file_received_within_size CHECK (received BETWEEN 0 AND bytes),
    CONSTRAINT file_finished_whole
        CHECK ((state = 'finished') = (finished_at IS NOT NULL) AND (state = 'open' OR received = bytes AND sm3 <> ''))
);

-- The same upload begun twice at once is one file.
CREATE UNIQUE INDEX file_upload_once ON host.file (site_id, account_id, sm3, bytes, name, media_type) NULLS NOT DISTINCT
    WHERE state = 'open' AND sm3 <> '';
CREATE INDEX file_by_account ON host.file (site_id, account_id, file_id);
CREATE INDEX file_by_site ON host.file (site_id, file_id);
CREATE INDEX file_used ON host.file (used_at);

-- What a record of a module holds. While a row is here the file cannot be deleted, by anyone.
CREATE TABLE host.file_reference (
    file_id       uuid        NOT NULL CONSTRAINT file_is_referenced REFERENCES host.file (file_id),
    module        text        NOT NULL,
    purpose       text        NOT NULL,
    record_id     uuid        NOT NULL,
    -- Where those who may use `readable_by` may read the file.
    site_id       uuid        NOT NULL REFERENCES host.site (site_id),
    readable_by   text        NOT NULL,
    -- Where the record makes the content personal data: the basis under which reads are audited.
    basis         text,
    referenced_at timestamptz NOT NULL,
    CONSTRAINT file_referenced_once PRIMARY KEY (file_id, module, purpose, record_id, site_id)
);
CREATE INDEX file_reference_by_record ON host.file_reference (module, purpose, record_id);

-- What the files of a site come to. The row is the lock under which quotas are judged.
CREATE TABLE host.file_usage (
    site_id uuid   PRIMARY KEY REFERENCES host.site (site_id),
    files   bigint NOT NULL,
    bytes   bigint NOT NULL,
    CONSTRAINT file_usage_not_negative CHECK (files >= 0 AND bytes >= 0)
);

-- Large objects belong to the owner of the schema, whichever host wrote them. A module's role may call functions of this
-- schema, and must not touch content.
CREATE FUNCTION host.only_host() RETURNS void LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF current_setting('role') NOT IN ('none', current_user) THEN
        RAISE EXCEPTION 'content is for the host alone' USING ERRCODE = '42501';
    END IF;
END $$;

CREATE FUNCTION host.make_object() RETURNS oid LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM host.only_host();
    RETURN lo_create(0);
END $$;

-- Content goes as base64: half the size of hexadecimal digits, and libcrypto reads it.
CREATE FUNCTION host.write_object(object oid, place bigint, content text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM host.only_host();
    PERFORM lo_put(object, place, decode(content, 'base64'));
END $$;

CREATE FUNCTION host.read_object(object oid, place bigint, length integer) RETURNS text LANGUAGE plpgsql STABLE
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM host.only_host();
    RETURN encode(lo_get(object, place, length), 'base64');
END $$;

-- A file's content and its share of the quota go with its row.
CREATE FUNCTION host.file_gone() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.object IS NOT NULL THEN
        PERFORM lo_unlink(OLD.object);
    END IF;
    UPDATE host.file_usage SET files = files - 1, bytes = bytes - OLD.bytes WHERE site_id = OLD.site_id;
    RETURN NULL;
END $$;
CREATE TRIGGER file_gone AFTER DELETE ON host.file FOR EACH ROW EXECUTE FUNCTION host.file_gone();

-- Imports of a file that lies here.
ALTER TABLE host.import ADD COLUMN file_id uuid;
-- The same while there is more of it to read: it cannot be deleted then.
ALTER TABLE host.import ADD COLUMN unread_file_id uuid CONSTRAINT file_being_imported REFERENCES host.file (file_id);
-- How far it has been read: behind a whole line.
ALTER TABLE host.import ADD COLUMN file_offset bigint NOT NULL DEFAULT 0;
CREATE INDEX import_unread ON host.import (unread_file_id) WHERE unread_file_id IS NOT NULL;

CREATE TABLE host.export (
    export_id  uuid        PRIMARY KEY,
    site_id    uuid        NOT NULL REFERENCES host.site (site_id),
    -- Who asked for it: it reads as this account.
    account_id uuid        NOT NULL REFERENCES host.account (account_id),
    kind       text        NOT NULL,
    -- Canonical JSON of the kind's own params.
    params     text        NOT NULL,
    locale     text        NOT NULL,
    state      text        NOT NULL CONSTRAINT export_state_known CHECK (state IN ('running', 'done', 'refused')),
    -- Why it was refused.
    reason     text,
    lines      bigint      NOT NULL DEFAULT 0,
    file_id    uuid        REFERENCES host.file (file_id) ON DELETE SET NULL,
    created_at timestamptz NOT NULL,
    ended_at   timestamptz
);
CREATE INDEX export_running ON host.export (created_at) WHERE state = 'running';
CREATE INDEX export_by_site ON host.export (site_id, export_id);
CREATE INDEX export_by_file ON host.export (file_id) WHERE file_id IS NOT NULL;
CREATE INDEX export_created ON host.export (created_at);
