-- What care condemns is withheld whether it was accepted before or not; released, it stands where it stood. NULL where it never was.
-- The expression fills what is there already, whatever row-level security would hide from an UPDATE.
ALTER TABLE decoction.lot ADD COLUMN withheld_from text
    GENERATED ALWAYS AS (CASE WHEN state = 'withheld' THEN 'accepted' END) STORED;
ALTER TABLE decoction.lot ALTER COLUMN withheld_from DROP EXPRESSION;
ALTER TABLE decoction.lot ADD CONSTRAINT lot_withheld_from_known
    CHECK (withheld_from IN ('quarantined', 'awaitingSecond', 'accepted'));
ALTER TABLE decoction.lot ADD CONSTRAINT lot_withheld_from_somewhere
    CHECK (state <> 'withheld' OR withheld_from IS NOT NULL);

-- A stocktake whose differences were taken back counts as none. NULL but for those.
ALTER TABLE decoction.stocktake ADD COLUMN reversal_id uuid;
ALTER TABLE decoction.stocktake ADD COLUMN reversed_at timestamptz;
ALTER TABLE decoction.stocktake ADD COLUMN reversed_by uuid;
ALTER TABLE decoction.stocktake DROP CONSTRAINT stocktake_state_known;
ALTER TABLE decoction.stocktake ADD CONSTRAINT stocktake_state_known
    CHECK (state IN ('counting', 'awaitingApproval', 'approved', 'cancelled', 'reversed'));
ALTER TABLE decoction.stocktake ADD CONSTRAINT stocktake_reversed_by_someone CHECK (
    (state = 'reversed') = (reversal_id IS NOT NULL) AND (state = 'reversed') = (reversed_at IS NOT NULL)
    AND (state = 'reversed') = (reversed_by IS NOT NULL));

-- A closed month takes no movement, whichever document brings it and whatever the clock says: it may have been set back.
CREATE FUNCTION decoction.movement_in_open_month() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM booked JOIN decoction.period USING (site_id)
        WHERE booked.booked_on < period.month + interval '1 month'
    ) THEN
        RAISE EXCEPTION 'the month is closed'
            USING ERRCODE = 'check_violation', SCHEMA = 'decoction', TABLE = 'movement', CONSTRAINT = 'movement_month_open';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER movement_month_open AFTER INSERT ON decoction.movement
    REFERENCING NEW TABLE AS booked FOR EACH STATEMENT EXECUTE FUNCTION decoction.movement_in_open_month();
