-- A host seals with the key that it knows as the current one. While keys are rotated that may be the former one for a moment:
-- the transaction then fails as one that may be repeated, so that nothing is sealed with the former key any more from the
-- moment on at which the database names the new one.
CREATE FUNCTION host.seals_with(key_id bigint) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF EXISTS (SELECT FROM host.note WHERE name = 'key/current' AND value <> key_id::text) THEN
        RAISE EXCEPTION 'another key seals now' USING ERRCODE = '40001', CONSTRAINT = 'sealing_key_is_current';
    END IF;
    RETURN true;
END $$;
