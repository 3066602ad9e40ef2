internal import XinglinKit

/// What is booked for an earlier day was there on that day, and since (PC-04).
enum BackDating {
    /// - Throws: `decoction.notThereThen` where a lot lay at a place with less than was taken, at the end of that day or of a later one.
    ///   The document is booked, and undone by the refusal; its lots are locked.
    static func check(_ document: RecordID, _ act: LotStore.Act, _ call: Call) throws {
        guard act.bookedOn < act.now.localDate else { return }
        let below = try call.db.query(
            Self.below(document, since: act.bookedOn, site: act.site),
            as: (RecordID, RecordID, LocalDate, Int64).self)
        guard !below.isEmpty else { return }
        throw GuardFault.notThereThen.fault(
            .array(
                below.map {
                    [
                        "lotId": .string($0.0.description), "locationId": .string($0.1.description),
                        "on": .string($0.2.description), "balanceMg": .integer($0.3),
                    ]
                }))
    }

    /// The first day since one on which a lot of the document is below nothing at a place: lot, place, day, balance.
    static func below(_ document: RecordID, since day: LocalDate, site: RecordID) -> SQL {
        """
        WITH moved AS (
            SELECT DISTINCT lot_id, location_id FROM decoction.movement
            WHERE site_id = \(site) AND document_id = \(document)
        ), running AS (
            SELECT lot_id, location_id, booked_on,
                sum(sum(quantity_mg)) OVER (PARTITION BY lot_id, location_id ORDER BY booked_on)::bigint AS left_mg
            FROM decoction.movement JOIN moved USING (lot_id, location_id)
            WHERE site_id = \(site) GROUP BY lot_id, location_id, booked_on
        )
        SELECT DISTINCT ON (lot_id, location_id) lot_id, location_id, booked_on, left_mg FROM running
        WHERE booked_on >= \(day) AND left_mg < 0 ORDER BY lot_id, location_id, booked_on LIMIT 100
        """
    }
}
