-- Medicine that never reached the sender's patient (docs/adr/0021): lost on its way, damaged, or of a lot that was recalled since.
ALTER TABLE decoction.forwarding ADD COLUMN given_up_at timestamptz;
ALTER TABLE decoction.forwarding ADD COLUMN given_up_by uuid;
ALTER TABLE decoction.forwarding ADD COLUMN why_given_up text;
-- NULL where nothing was said beside it.
ALTER TABLE decoction.forwarding ADD COLUMN give_up_reason bytea;
-- What the pharmacy charges for what has set out. NULL where a price was missing.
ALTER TABLE decoction.forwarding ADD COLUMN total_fen bigint;
-- When the pharmacy recalled a lot of it, after it had set out. NULL where it did not.
ALTER TABLE decoction.forwarding ADD COLUMN recalled_at timestamptz;

ALTER TABLE decoction.forwarding DROP CONSTRAINT forwarding_state_known;
ALTER TABLE decoction.forwarding ADD CONSTRAINT forwarding_state_known
    CHECK (state IN ('sent', 'withdrawn', 'taken', 'refused', 'inTransit', 'received', 'givenUp'));
ALTER TABLE decoction.forwarding DROP CONSTRAINT forwarding_taken_by_somebody;
ALTER TABLE decoction.forwarding ADD CONSTRAINT forwarding_taken_by_somebody CHECK ((taken_at IS NULL) = (taken_by IS NULL)
    AND (state NOT IN ('taken', 'inTransit', 'received', 'givenUp') OR taken_at IS NOT NULL));
ALTER TABLE decoction.forwarding DROP CONSTRAINT forwarding_shipped_is_dated;
ALTER TABLE decoction.forwarding ADD CONSTRAINT forwarding_shipped_is_dated CHECK ((state IN ('inTransit', 'received', 'givenUp'))
    = (carrier IS NOT NULL AND shipped_at IS NOT NULL AND due_on IS NOT NULL AND rule_version IS NOT NULL));
ALTER TABLE decoction.forwarding DROP CONSTRAINT forwarding_received_is_dated;
ALTER TABLE decoction.forwarding ADD CONSTRAINT forwarding_received_is_dated
    CHECK (state = 'givenUp' OR (state = 'received') = (received_at IS NOT NULL));
ALTER TABLE decoction.forwarding ADD CONSTRAINT forwarding_given_up_is_dated CHECK ((state = 'givenUp')
    = (given_up_at IS NOT NULL AND given_up_by IS NOT NULL AND why_given_up IS NOT NULL)
    AND (state = 'givenUp' OR give_up_reason IS NULL));
ALTER TABLE decoction.forwarding ADD CONSTRAINT forwarding_why_given_up_known
    CHECK (why_given_up IN ('lost', 'damaged', 'recalled'));
ALTER TABLE decoction.forwarding ADD CONSTRAINT forwarding_total_not_negative CHECK (total_fen >= 0);
ALTER TABLE decoction.forwarding ADD CONSTRAINT forwarding_recalled_on_its_way
    CHECK (recalled_at IS NULL OR state IN ('inTransit', 'received', 'givenUp'));

-- What was given up is at no pharmacy any more, and may be sent anew.
DROP INDEX decoction.forwarding_once;
CREATE UNIQUE INDEX forwarding_once ON decoction.forwarding (prescription_id)
    WHERE state NOT IN ('withdrawn', 'refused', 'givenUp');

CREATE OR REPLACE FUNCTION decoction.keep_forwarding() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (NEW.site_id, NEW.pharmacy_site_id, NEW.forwarding_id, NEW.prescription_id, NEW.site_code, NEW.site_name_zh,
            NEW.pharmacy_code, NEW.pharmacy_name_zh, NEW.home_state, NEW.patient_ids, NEW.sent_at, NEW.sent_by)
        IS DISTINCT FROM (OLD.site_id, OLD.pharmacy_site_id, OLD.forwarding_id, OLD.prescription_id, OLD.site_code,
            OLD.site_name_zh, OLD.pharmacy_code, OLD.pharmacy_name_zh, OLD.home_state, OLD.patient_ids, OLD.sent_at,
            OLD.sent_by)
        OR host.acting_site() = OLD.site_id
            AND (NEW.taken_at, NEW.taken_by, NEW.refused_at, NEW.shipped_at, NEW.due_on, NEW.rule_version, NEW.recalled_at,
                NEW.total_fen)
            IS DISTINCT FROM (OLD.taken_at, OLD.taken_by, OLD.refused_at, OLD.shipped_at, OLD.due_on, OLD.rule_version,
                OLD.recalled_at, OLD.total_fen)
        OR host.acting_site() = OLD.pharmacy_site_id
            AND (NEW.withdrawn_at, NEW.received_at, NEW.given_up_at, NEW.given_up_by, NEW.why_given_up)
            IS DISTINCT FROM (OLD.withdrawn_at, OLD.received_at, OLD.given_up_at, OLD.given_up_by, OLD.why_given_up)
    THEN
        RAISE EXCEPTION 'a column of a forwarding is the other side''s, or never changes'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'forwarding_column_of_other_side';
    END IF;
    RETURN NEW;
END $$;

DROP POLICY forwarding_changed_by_the_sender ON decoction.forwarding;
CREATE POLICY forwarding_changed_by_the_sender ON decoction.forwarding FOR UPDATE
    USING (site_id = host.acting_site())
    WITH CHECK (site_id = host.acting_site() AND state IN ('withdrawn', 'received', 'givenUp'));

-- The recall of a lot marks what of it is at another site, or on its way there, in the recall's own transaction. What is still at the
-- pharmacy is kept back there by the lot itself. Works as the table's owner: forwarding_sealed_anew lets it.
CREATE FUNCTION decoction.recall_forwarded() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE decoction.forwarding SET recalled_at = NEW.at
    WHERE pharmacy_site_id = NEW.site_id AND state IN ('inTransit', 'received') AND recalled_at IS NULL AND forwarding_id IN (
        SELECT made.forwarding_id
        FROM decoction.movement AS taken
        JOIN decoction.dispensed ON dispensed.site_id = taken.site_id AND dispensed.document_id = taken.document_id
        JOIN decoction.prescription AS made
            ON made.site_id = dispensed.site_id AND made.prescription_id = dispensed.prescription_id
        WHERE taken.site_id = NEW.site_id AND taken.lot_id = NEW.lot_id AND taken.kind = 'issue'
            AND made.forwarding_id IS NOT NULL AND NOT EXISTS (
                SELECT FROM decoction.movement AS back
                WHERE back.site_id = taken.site_id AND back.reverses_seq = taken.seq));
    RETURN NULL;
END $$;

CREATE TRIGGER recall_reaches_forwarded AFTER INSERT ON decoction.recall
    FOR EACH ROW EXECUTE FUNCTION decoction.recall_forwarded();

-- What was packed to be delivered and never left the house is dispensed, and handed over, anew.
ALTER TABLE decoction.hand_over DROP CONSTRAINT hand_over_once;
CREATE INDEX hand_over_by_prescription ON decoction.hand_over (site_id, prescription_id, at);
