-- A link is added behind the one before it alone: the host's login cannot put one far ahead, behind which a chain could not go
-- on. All links of a statement are judged together: those of a chain have numbers without gaps, and one look at the index tells
-- whether the first of them has its predecessor.
CREATE FUNCTION host.audit_link_follows() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (SELECT chain, min(number) AS low, max(number) AS high, count(*) AS links FROM added GROUP BY chain) a
        WHERE a.high - a.low >= a.links OR a.low <> 1 AND NOT EXISTS (
            SELECT FROM host.audit_link l WHERE l.chain = a.chain AND l.number = a.low - 1 OFFSET 0))
    THEN
        RAISE EXCEPTION 'a link follows the one before it'
            USING ERRCODE = '23514', SCHEMA = 'host', TABLE = 'audit_link', CONSTRAINT = 'audit_link_follows';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER audit_link_follows AFTER INSERT ON host.audit_link REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION host.audit_link_follows();

-- No instant of the audit is infinite.: what is there already is for `xinglin audit verify` to find.
ALTER TABLE host.audit ADD CONSTRAINT audit_time_finite CHECK (isfinite(at));
ALTER TABLE host.audit_link ADD CONSTRAINT audit_link_time_finite CHECK (isfinite(sealed_at));
ALTER TABLE host.audit_checkpoint ADD CONSTRAINT audit_checkpoint_time_finite CHECK (isfinite(at));
