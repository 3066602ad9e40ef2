internal import XinglinKit

/// The SQL of a prescription's way to another site's pharmacy and back. Each step is one statement that claims the row's state and names
/// the side on which it acts; the policies of the table hold it to that (docs/adr/0021).
enum ForwardingStore {
    /// A forwarding on its way out.
    struct New {
        let id: RecordID
        let prescription: RecordID
        let pharmacy: String
        let patientName: SQLBytes
        let patientIDs: [RecordID]
        let prescriberName: SQLBytes?
        let note: SQLBytes?
    }

    /// Sends a prescription of the acting site; gives the pharmacy's site, or no row where it is no longer to be sent or no such pharmacy
    /// takes orders.
    static func send(_ new: New, from site: Site, _ act: LotStore.Act) -> SQL {
        """
        WITH pharmacy AS (
            SELECT pharmacy_site_id, code, name_zh FROM decoction.shared_pharmacy
            WHERE code = \(new.pharmacy) AND is_open AND pharmacy_site_id <> \(act.site)::uuid
        ), before AS MATERIALIZED (
            SELECT prescription_id, state FROM decoction.prescription
            WHERE site_id = \(act.site) AND prescription_id = \(new.prescription) AND forwarding_id IS NULL
                AND state = ANY (\(Self.sendable)::text[])
            FOR UPDATE
        ), moved AS (
            UPDATE decoction.prescription SET state = 'forwarded' FROM before, pharmacy
            WHERE prescription.site_id = \(act.site) AND prescription.prescription_id = before.prescription_id
            RETURNING prescription.site_id, prescription.prescription_id, prescription.state, before.state AS former
        ), recorded AS (
            INSERT INTO decoction.prescription_change (site_id, prescription_id, state, at, account_id)
            SELECT site_id, prescription_id, state, \(act.now)::timestamptz, \(act.account)::uuid FROM moved
        )
        INSERT INTO decoction.forwarding (
            site_id, pharmacy_site_id, forwarding_id, prescription_id, site_code, site_name_zh, pharmacy_code,
            pharmacy_name_zh, state, home_state, patient_name, patient_ids, prescriber_name, note, sent_at, sent_by)
        SELECT site_id, pharmacy_site_id, \(new.id)::uuid, prescription_id, \(site.code)::text, \(site.nameZh)::text, code,
            name_zh, 'sent', former, \(new.patientName)::bytea, \(new.patientIDs)::uuid[], \(new.prescriberName)::bytea,
            \(new.note)::bytea, \(act.now)::timestamptz, \(act.account)::uuid
        FROM moved, pharmacy
        RETURNING pharmacy_site_id
        """
    }

    /// Before the review, and whatever the stock at home is.
    static let sendable: [PrescriptionState] = [.submitted, .awaitingSignature, .readyForReview]

    /// Calls back what no pharmacy has taken; gives the forwarding and the pharmacy's site.
    static func withdraw(_ prescription: RecordID, _ act: LotStore.Act) -> SQL {
        """
        UPDATE decoction.forwarding SET state = 'withdrawn', withdrawn_at = \(act.now)
        WHERE site_id = \(act.site) AND prescription_id = \(prescription) AND state = 'sent'
        RETURNING forwarding_id, pharmacy_site_id
        """
    }

    /// Brings a prescription home that is at no pharmacy any more; gives the state that it had before.
    static func bringHome(_ prescription: RecordID, _ act: LotStore.Act) -> SQL {
        """
        WITH home AS (
            UPDATE decoction.prescription SET state = (
                SELECT home_state FROM decoction.forwarding AS last
                WHERE last.site_id = \(act.site) AND last.prescription_id = \(prescription)
                ORDER BY forwarding_id DESC LIMIT 1)
            WHERE site_id = \(act.site) AND prescription_id = \(prescription) AND state IN ('forwarded', 'arrived') AND NOT EXISTS (
                SELECT FROM decoction.forwarding AS open
                WHERE open.site_id = \(act.site) AND open.prescription_id = \(prescription)
                    AND open.state NOT IN ('withdrawn', 'refused', 'givenUp'))
            RETURNING site_id, prescription_id, state
        ), recorded AS (
            INSERT INTO decoction.prescription_change (site_id, prescription_id, state, at, account_id)
            SELECT site_id, prescription_id, state, \(act.now)::timestamptz, \(act.account)::uuid FROM home
        )
        SELECT state FROM home
        """
    }

    /// The pharmacy's claim on it: of many that take it, one gets a row, with who sent which prescription.
    static func take(_ id: RecordID, _ act: LotStore.Act) -> SQL {
        """
        UPDATE decoction.forwarding SET state = 'taken', taken_at = \(act.now), taken_by = \(act.account)
        WHERE forwarding_id = \(id) AND pharmacy_site_id = \(act.site) AND state = 'sent'
        RETURNING site_id, prescription_id
        """
    }

    /// The pharmacy's no: to what it has not taken, or by its review. Gives who sent which prescription.
    static func refuse(_ id: RecordID, reason: SQLBytes, from state: ForwardingState, _ act: LotStore.Act) -> SQL {
        """
        UPDATE decoction.forwarding SET state = 'refused', refusal = \(reason), refused_at = \(act.now)
        WHERE forwarding_id = \(id) AND pharmacy_site_id = \(act.site) AND state = \(state)
        RETURNING site_id, prescription_id
        """
    }

    /// How the medicine goes to who sent the prescription.
    struct Way {
        let carrier: SQLBytes
        let dueOn: LocalDate
        let ruleVersion: String
        /// What the pharmacy charges; nil where a price is missing.
        let totalFen: Int64?
    }

    /// Sends what was dispensed, or boiled and given to a carrier, to who sent the prescription; no row where it is not ready, or on its
    /// way to a village. The pharmacy's prescription is locked before.
    static func ship(_ id: RecordID, _ way: Way, _ act: LotStore.Act) -> SQL {
        """
        UPDATE decoction.forwarding SET state = 'inTransit', carrier = \(way.carrier), shipped_at = \(act.now),
            due_on = \(way.dueOn), rule_version = \(way.ruleVersion), total_fen = \(way.totalFen)::bigint
        WHERE forwarding_id = \(id) AND pharmacy_site_id = \(act.site) AND state = 'taken' AND EXISTS (
            SELECT FROM decoction.prescription AS made
            WHERE made.site_id = \(act.site) AND made.forwarding_id = \(id) AND CASE made.state
                WHEN 'dispensed' THEN NOT EXISTS (
                    SELECT FROM decoction.job WHERE job.site_id = made.site_id
                        AND job.prescription_id = made.prescription_id AND job.state <> 'aborted')
                WHEN 'handedOver' THEN EXISTS (
                    SELECT FROM decoction.job WHERE job.site_id = made.site_id
                        AND job.prescription_id = made.prescription_id AND job.state = 'delivered')
                ELSE false END
                AND NOT EXISTS (
                    SELECT FROM decoction.delivery WHERE delivery.site_id = made.site_id
                        AND delivery.prescription_id = made.prescription_id AND delivery.state <> 'broughtBack'))
        RETURNING site_id
        """
    }

    /// The pharmacy's prescription with its patient, kept from everybody who would change it.
    static func lockMade(_ id: RecordID, site: RecordID) -> SQL {
        """
        SELECT prescription_id, patient_id FROM decoction.prescription
        WHERE site_id = \(site) AND forwarding_id = \(id) FOR UPDATE
        """
    }

    /// The sender has the medicine, and with it the prescription: it is handed over or delivered there. Gives the prescription and the
    /// pharmacy's site.
    static func receive(_ id: RecordID, _ act: LotStore.Act) -> SQL {
        """
        WITH received AS (
            UPDATE decoction.forwarding SET state = 'received', received_at = \(act.now)
            WHERE forwarding_id = \(id) AND site_id = \(act.site) AND state = 'inTransit'
            RETURNING site_id, prescription_id, pharmacy_site_id
        ), arrived AS (
            UPDATE decoction.prescription SET state = 'arrived' FROM received
            WHERE prescription.site_id = received.site_id AND prescription.prescription_id = received.prescription_id
                AND prescription.state = 'forwarded'
            RETURNING prescription.site_id, prescription.prescription_id, prescription.state, received.pharmacy_site_id
        ), recorded AS (
            INSERT INTO decoction.prescription_change (site_id, prescription_id, state, at, account_id)
            SELECT site_id, prescription_id, state, \(act.now)::timestamptz, \(act.account)::uuid FROM arrived
        )
        SELECT prescription_id, pharmacy_site_id FROM arrived
        """
    }

    /// Why the medicine reached nobody.
    struct End {
        let why: GivenUp
        let reason: SQLBytes?
    }

    /// The sender gives up what never arrived, or arrived and was not given out; no row where it is neither, or on its way to a village.
    /// Gives the prescription and the pharmacy's site. The sender's prescription is locked before.
    static func giveUp(_ id: RecordID, _ end: End, _ act: LotStore.Act) -> SQL {
        """
        UPDATE decoction.forwarding SET state = 'givenUp', given_up_at = \(act.now), given_up_by = \(act.account),
            why_given_up = \(end.why), give_up_reason = \(end.reason)::bytea
        WHERE forwarding_id = \(id) AND site_id = \(act.site) AND (\(end.why)::text <> 'recalled' OR recalled_at IS NOT NULL)
            AND (state = 'inTransit' OR state = 'received' AND EXISTS (
            SELECT FROM decoction.prescription AS home
            WHERE home.site_id = \(act.site) AND home.prescription_id = forwarding.prescription_id AND home.state = 'arrived'
                AND NOT EXISTS (
                    SELECT FROM decoction.delivery WHERE delivery.site_id = home.site_id
                        AND delivery.prescription_id = home.prescription_id AND delivery.state = 'onTheWay')))
        RETURNING prescription_id, pharmacy_site_id
        """
    }

    /// Its state, and whether the acting site sent it.
    static func state(_ id: RecordID, site: RecordID) -> SQL {
        """
        SELECT state, site_id = \(site)::uuid, site_id, prescription_id FROM decoction.forwarding
        WHERE forwarding_id = \(id) AND (site_id = \(site)::uuid OR pharmacy_site_id = \(site)::uuid)
        """
    }
}
