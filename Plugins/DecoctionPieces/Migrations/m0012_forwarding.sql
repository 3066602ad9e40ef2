-- A prescription that a site sends to another's pharmacy (docs/adr/0021). The original stays where it was written; the pharmacy works on a
-- prescription of its own that was taken over from it. This row has both sites and holds the two together: site_id is who sends.
CREATE TABLE decoction.forwarding (
    site_id          uuid        NOT NULL,
    pharmacy_site_id uuid        NOT NULL,
    forwarding_id    uuid        NOT NULL,
    -- The sender's.
    prescription_id  uuid        NOT NULL,
    -- As they were called on that day.
    site_code        text        NOT NULL,
    site_name_zh     text        NOT NULL,
    pharmacy_code    text        NOT NULL,
    pharmacy_name_zh text        NOT NULL,
    state            text        NOT NULL,
    -- Where the prescription stood before: that is where it comes home to.
    home_state       text        NOT NULL,
    -- What the pharmacy cannot ask the index for: who the patient is, also under ids that were merged, and who prescribed.
    patient_name     bytea       NOT NULL,
    patient_ids      uuid[]      NOT NULL,
    -- NULL where the prescriber has no name here.
    prescriber_name  bytea,
    -- NULL where nothing was said.
    note             bytea,
    sent_at          timestamptz NOT NULL,
    sent_by          uuid        NOT NULL,
    withdrawn_at     timestamptz,
    taken_at         timestamptz,
    taken_by         uuid,
    -- Why it goes back to the doctor.
    refusal          bytea,
    refused_at       timestamptz,
    -- The way of the finished medicine to the sender.
    carrier          bytea,
    shipped_at       timestamptz,
    due_on           date,
    rule_version     text,
    received_at      timestamptz,
    CONSTRAINT forwarding_key PRIMARY KEY (forwarding_id),
    CONSTRAINT forwarding_between_two_sites CHECK (site_id <> pharmacy_site_id),
    CONSTRAINT forwarding_of_prescription FOREIGN KEY (site_id, prescription_id)
        REFERENCES decoction.prescription (site_id, prescription_id),
    CONSTRAINT forwarding_to_pharmacy FOREIGN KEY (pharmacy_site_id) REFERENCES decoction.shared_pharmacy,
    CONSTRAINT forwarding_state_known CHECK (state IN ('sent', 'withdrawn', 'taken', 'refused', 'inTransit', 'received')),
    CONSTRAINT forwarding_home_known CHECK (home_state IN ('submitted', 'awaitingSignature', 'readyForReview')),
    CONSTRAINT forwarding_withdrawn_is_dated CHECK ((state = 'withdrawn') = (withdrawn_at IS NOT NULL)),
    CONSTRAINT forwarding_taken_by_somebody CHECK ((taken_at IS NULL) = (taken_by IS NULL)
        AND (state NOT IN ('taken', 'inTransit', 'received') OR taken_at IS NOT NULL)),
    CONSTRAINT forwarding_refused_has_reason CHECK ((state = 'refused') = (refusal IS NOT NULL)
        AND (state = 'refused') = (refused_at IS NOT NULL)),
    CONSTRAINT forwarding_shipped_is_dated CHECK ((state IN ('inTransit', 'received'))
        = (carrier IS NOT NULL AND shipped_at IS NOT NULL AND due_on IS NOT NULL AND rule_version IS NOT NULL)),
    CONSTRAINT forwarding_received_is_dated CHECK ((state = 'received') = (received_at IS NOT NULL))
);

-- A prescription is at one pharmacy: what was neither withdrawn nor refused is there.
CREATE UNIQUE INDEX forwarding_once ON decoction.forwarding (prescription_id)
    WHERE state NOT IN ('withdrawn', 'refused');
CREATE INDEX forwarding_by_prescription ON decoction.forwarding (site_id, prescription_id, forwarding_id);
CREATE INDEX forwarding_by_site ON decoction.forwarding (site_id, forwarding_id);
CREATE INDEX forwarding_by_pharmacy ON decoction.forwarding (pharmacy_site_id, forwarding_id);

-- What was sent is never changed, and each side writes what it alone can know.
CREATE FUNCTION decoction.keep_forwarding() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (NEW.site_id, NEW.pharmacy_site_id, NEW.forwarding_id, NEW.prescription_id, NEW.site_code, NEW.site_name_zh,
            NEW.pharmacy_code, NEW.pharmacy_name_zh, NEW.home_state, NEW.patient_ids, NEW.sent_at, NEW.sent_by)
        IS DISTINCT FROM (OLD.site_id, OLD.pharmacy_site_id, OLD.forwarding_id, OLD.prescription_id, OLD.site_code,
            OLD.site_name_zh, OLD.pharmacy_code, OLD.pharmacy_name_zh, OLD.home_state, OLD.patient_ids, OLD.sent_at,
            OLD.sent_by)
        OR host.acting_site() = OLD.site_id
            AND (NEW.taken_at, NEW.taken_by, NEW.refused_at, NEW.shipped_at, NEW.due_on, NEW.rule_version)
            IS DISTINCT FROM (OLD.taken_at, OLD.taken_by, OLD.refused_at, OLD.shipped_at, OLD.due_on, OLD.rule_version)
        OR host.acting_site() = OLD.pharmacy_site_id
            AND (NEW.withdrawn_at, NEW.received_at) IS DISTINCT FROM (OLD.withdrawn_at, OLD.received_at)
    THEN
        RAISE EXCEPTION 'a column of a forwarding is the other side''s, or never changes'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'forwarding_column_of_other_side';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER forwarding_kept BEFORE UPDATE ON decoction.forwarding
    FOR EACH ROW EXECUTE FUNCTION decoction.keep_forwarding();

ALTER TABLE decoction.forwarding ENABLE ROW LEVEL SECURITY;
ALTER TABLE decoction.forwarding FORCE ROW LEVEL SECURITY;
CREATE POLICY forwarding_read_by_both_sites ON decoction.forwarding FOR SELECT
    USING (site_id = ANY (host.readable_sites()) OR pharmacy_site_id = ANY (host.readable_sites()));
CREATE POLICY forwarding_written_by_its_side ON decoction.forwarding FOR INSERT
    WITH CHECK (site_id = host.acting_site() AND state = 'sent');
-- Each side brings it into its own states alone.
CREATE POLICY forwarding_changed_by_the_sender ON decoction.forwarding FOR UPDATE
    USING (site_id = host.acting_site())
    WITH CHECK (site_id = host.acting_site() AND state IN ('withdrawn', 'received'));
CREATE POLICY forwarding_changed_by_the_pharmacy ON decoction.forwarding FOR UPDATE
    USING (pharmacy_site_id = host.acting_site())
    WITH CHECK (pharmacy_site_id = host.acting_site() AND state IN ('taken', 'refused', 'inTransit'));
-- A new key re-seals as the table's owner, and nothing else at run time works as that.
CREATE POLICY forwarding_sealed_anew ON decoction.forwarding FOR UPDATE
    USING (current_user = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = 'decoction.forwarding'::regclass));

-- Sent to another pharmacy, and come back from there as finished medicine.
ALTER TABLE decoction.prescription DROP CONSTRAINT prescription_state_known;
ALTER TABLE decoction.prescription ADD CONSTRAINT prescription_state_known CHECK (state IN (
    'submitted', 'awaitingSignature', 'readyForReview', 'approved', 'refused', 'dispensing', 'dispensed', 'handedOver',
    'withdrawn', 'forwarded', 'arrived'));

-- Of a prescription that was taken over: whose it is, and by which forwarding it came. NULL where it was written here.
ALTER TABLE decoction.prescription ADD COLUMN origin_site_id uuid;
ALTER TABLE decoction.prescription ADD COLUMN forwarding_id uuid;
ALTER TABLE decoction.prescription ADD CONSTRAINT prescription_of_forwarding
    FOREIGN KEY (forwarding_id) REFERENCES decoction.forwarding;
ALTER TABLE decoction.prescription ADD CONSTRAINT prescription_taken_over_whole
    CHECK ((origin_site_id IS NULL) = (forwarding_id IS NULL) AND origin_site_id <> site_id);
ALTER TABLE decoction.prescription ADD CONSTRAINT prescription_taken_over_stays_there
    CHECK (forwarding_id IS NULL OR state NOT IN ('forwarded', 'arrived', 'submitted', 'awaitingSignature', 'withdrawn'));
CREATE UNIQUE INDEX prescription_taken_once ON decoction.prescription (forwarding_id) NULLS NOT DISTINCT
    WHERE forwarding_id IS NOT NULL;

-- Who sent a prescription sees how far the pharmacy has brought it.
CREATE POLICY prescription_seen_by_its_origin ON decoction.prescription FOR SELECT
    USING (origin_site_id = ANY (host.readable_sites()));

CREATE POLICY job_seen_by_its_origin ON decoction.job FOR SELECT
    USING (EXISTS (
        SELECT FROM decoction.prescription AS made
        WHERE made.prescription_id = job.prescription_id AND made.origin_site_id = ANY (host.readable_sites())));

-- The pharmacy reads the original from when it is sent until it goes back.
CREATE POLICY prescription_seen_by_the_pharmacy ON decoction.prescription FOR SELECT
    USING (EXISTS (
        SELECT FROM decoction.forwarding AS sent
        WHERE sent.prescription_id = prescription.prescription_id AND sent.state IN ('sent', 'taken')
            AND sent.pharmacy_site_id = ANY (host.readable_sites())));
CREATE POLICY prescription_line_seen_by_the_pharmacy ON decoction.prescription_line FOR SELECT
    USING (EXISTS (
        SELECT FROM decoction.forwarding AS sent
        WHERE sent.prescription_id = prescription_line.prescription_id AND sent.state IN ('sent', 'taken')
            AND sent.pharmacy_site_id = ANY (host.readable_sites())));
CREATE POLICY prescription_finding_seen_by_the_pharmacy ON decoction.prescription_finding FOR SELECT
    USING (EXISTS (
        SELECT FROM decoction.forwarding AS sent
        WHERE sent.prescription_id = prescription_finding.prescription_id AND sent.state IN ('sent', 'taken')
            AND sent.pharmacy_site_id = ANY (host.readable_sites())));
CREATE POLICY prescription_signature_seen_by_the_pharmacy ON decoction.prescription_signature FOR SELECT
    USING (EXISTS (
        SELECT FROM decoction.forwarding AS sent
        WHERE sent.prescription_id = prescription_signature.prescription_id AND sent.state IN ('sent', 'taken')
            AND sent.pharmacy_site_id = ANY (host.readable_sites())));

-- A lot that came from another site is recalled with the sender's, in the sender's transaction. NULL where the site recalled it itself.
ALTER TABLE decoction.recall ADD COLUMN source_site_id uuid;
CREATE INDEX shipment_receipt_by_sent_lot ON decoction.shipment_receipt (supplier_site_id, sent_lot_id);

-- The lines are locked first: whoever receives of the lot at the same time is done before, or finds it recalled (decoction.recall_received).
CREATE FUNCTION decoction.recall_descendants() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM decoction.shipment_line
    WHERE supplier_site_id = NEW.site_id AND lot_id = NEW.lot_id ORDER BY order_id FOR UPDATE;
    WITH descended AS (
        UPDATE decoction.lot SET state = 'recalled' FROM decoction.shipment_receipt AS receipt
        WHERE receipt.supplier_site_id = NEW.site_id AND receipt.sent_lot_id = NEW.lot_id
            AND lot.site_id = receipt.site_id AND lot.lot_id = receipt.lot_id AND lot.state <> 'recalled'
        RETURNING lot.site_id, lot.lot_id
    )
    INSERT INTO decoction.recall (site_id, recall_id, lot_id, reason, at, account_id, source_site_id)
    SELECT site_id, NEW.recall_id, lot_id, NEW.reason, NEW.at, NEW.account_id, NEW.site_id FROM descended;
    RETURN NULL;
END $$;

CREATE TRIGGER recall_reaches_other_sites AFTER INSERT ON decoction.recall
    FOR EACH ROW EXECUTE FUNCTION decoction.recall_descendants();

-- What was on its way when the sender recalled it arrives recalled.
CREATE FUNCTION decoction.recall_received() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO decoction.recall (site_id, recall_id, lot_id, reason, at, account_id, source_site_id)
    SELECT NEW.site_id, recall_id, NEW.lot_id, reason, NEW.at, account_id, site_id FROM decoction.recall
    WHERE site_id = NEW.supplier_site_id AND lot_id = NEW.sent_lot_id;
    IF FOUND THEN
        UPDATE decoction.lot SET state = 'recalled' WHERE site_id = NEW.site_id AND lot_id = NEW.lot_id;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER receipt_of_recalled_lot AFTER INSERT ON decoction.shipment_receipt
    FOR EACH ROW EXECUTE FUNCTION decoction.recall_received();

-- Both work as the tables' owner, and nothing else at run time does.
CREATE POLICY lot_recalled_by_its_sender ON decoction.lot
    USING (current_user = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = 'decoction.lot'::regclass));
CREATE POLICY recall_by_the_sender ON decoction.recall
    USING (current_user = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = 'decoction.recall'::regclass));
CREATE POLICY shipment_line_of_recalled_lot ON decoction.shipment_line
    USING (current_user = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = 'decoction.shipment_line'::regclass));
CREATE POLICY shipment_receipt_of_recalled_lot ON decoction.shipment_receipt
    USING (current_user
        = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = 'decoction.shipment_receipt'::regclass));
