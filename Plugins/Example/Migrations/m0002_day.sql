-- How many notes were left on each day: kept by the handler example.day.count.
CREATE TABLE example.day (
    site_id    uuid   NOT NULL,
    written_on date   NOT NULL,
    notes      bigint NOT NULL,
    CONSTRAINT day_key PRIMARY KEY (site_id, written_on),
    CONSTRAINT day_has_notes CHECK (notes > 0)
);

ALTER TABLE example.day ENABLE ROW LEVEL SECURITY;
ALTER TABLE example.day FORCE ROW LEVEL SECURITY;
CREATE POLICY day_of_site ON example.day
    USING (site_id = ANY (host.readable_sites()))
    WITH CHECK (site_id = host.acting_site());
