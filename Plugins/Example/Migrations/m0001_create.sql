CREATE TABLE example.note (
    site_id    uuid        NOT NULL,
    note_id    uuid        NOT NULL,
    text       text        NOT NULL,
    written_on date        NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid        NOT NULL,
    CONSTRAINT note_key PRIMARY KEY (site_id, note_id),
    CONSTRAINT note_exists UNIQUE (site_id, written_on, text),
    CONSTRAINT note_has_text CHECK (char_length(text) BETWEEN 1 AND 200)
);

ALTER TABLE example.note ENABLE ROW LEVEL SECURITY;
ALTER TABLE example.note FORCE ROW LEVEL SECURITY;
CREATE POLICY note_of_site ON example.note
    USING (site_id = ANY (host.readable_sites()))
    WITH CHECK (site_id = host.acting_site());
