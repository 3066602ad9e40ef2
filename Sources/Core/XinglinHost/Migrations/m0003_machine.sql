-- Machine accounts: programs that call with a client certificate in place of a password.

ALTER TABLE host.account ADD COLUMN is_machine boolean NOT NULL DEFAULT false;

CREATE TABLE host.machine_certificate (
    -- Hexadecimal digits, as the certificate has it.
    serial         text        PRIMARY KEY,
    -- SHA-256 of the whole certificate.
    fingerprint    bytea       NOT NULL CONSTRAINT machine_certificate_known UNIQUE,
    account_id     uuid        NOT NULL REFERENCES host.account (account_id),
    issued_at      timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL,
    revoked_at     timestamptz,
    revoked_reason text,
    CONSTRAINT machine_certificate_revoked_with_reason CHECK ((revoked_at IS NULL) = (revoked_reason IS NULL))
);
CREATE INDEX machine_certificate_account ON host.machine_certificate (account_id, issued_at);
CREATE INDEX machine_certificate_expires ON host.machine_certificate (expires_at);

-- The latest code of each machine account.
CREATE TABLE host.enrolment_code (
    account_id  uuid        PRIMARY KEY REFERENCES host.account (account_id),
    -- SM3 of the code; the code itself is with the person who installs the machine.
    code_digest bytea       NOT NULL,
    created_at  timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    used_at     timestamptz
);

CREATE TRIGGER machine_certificate_changed AFTER INSERT OR UPDATE OR DELETE ON host.machine_certificate
    FOR EACH STATEMENT EXECUTE FUNCTION host.directory_changed();
