CREATE TABLE callback.request (
    site_id     uuid        NOT NULL,
    request_id  uuid        NOT NULL,
    -- Sealed, and the blind index to find it by.
    phone       bytea       NOT NULL,
    phone_index bytea       NOT NULL,
    reason      text        NOT NULL,
    created_at  timestamptz NOT NULL,
    CONSTRAINT request_key PRIMARY KEY (site_id, request_id),
    CONSTRAINT request_open_once UNIQUE (site_id, phone_index),
    CONSTRAINT request_has_reason CHECK (char_length(reason) BETWEEN 1 AND 200)
);

ALTER TABLE callback.request ENABLE ROW LEVEL SECURITY;
ALTER TABLE callback.request FORCE ROW LEVEL SECURITY;
CREATE POLICY request_of_site ON callback.request
    USING (site_id = ANY (host.readable_sites()))
    WITH CHECK (site_id = host.acting_site());
