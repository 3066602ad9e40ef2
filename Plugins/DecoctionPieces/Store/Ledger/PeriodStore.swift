internal import XinglinKit

/// The SQL of months that are closed.
enum PeriodStore {
    /// "xldp" and the site: whoever books on an earlier day shares it, whoever closes a month has it alone. Documents of today
    /// need not ask: a month is closed an hour after its end at the earliest, and no call lasts as long.
    static func share(site: RecordID) -> SQL {
        "SELECT pg_advisory_xact_lock_shared(\(literal: Self.space), hashtext(\(site)::uuid::text))::text"
    }

    static func own(site: RecordID) -> SQL {
        "SELECT pg_advisory_xact_lock(\(literal: Self.space), hashtext(\(site)::uuid::text))::text"
    }

    private static let space: StaticString = "2020369520"

    /// A row where the day's month is open.
    static func isOpen(_ day: LocalDate, site: RecordID) -> SQL {
        """
        SELECT 1 WHERE NOT EXISTS (
            SELECT FROM decoction.period
            WHERE site_id = \(site) AND month >= \(day.firstOfMonth))
        """
    }

    /// Closes a month; no row where it, or a later one, is closed already.
    static func close(_ month: LocalDate, _ act: LotStore.Act) -> SQL {
        """
        INSERT INTO decoction.period (site_id, month, closed_at, closed_by)
        SELECT \(act.site), \(month)::date, \(act.now)::timestamptz, \(act.account)::uuid
        WHERE NOT EXISTS (SELECT FROM decoction.period WHERE site_id = \(act.site) AND month >= \(month))
        """
    }

    /// Writes down what lay where at the end of the month, and what it cost (PC-04: valuation by batch, rounded to the fen).
    static func balance(_ month: LocalDate, _ act: LotStore.Act) -> SQL {
        """
        INSERT INTO decoction.period_balance (site_id, month, lot_id, location_id, on_hand_mg, value_fen)
        SELECT movement.site_id, \(month)::date, movement.lot_id, location_id, sum(quantity_mg)::bigint,
            round(sum(quantity_mg) * unit_cost_fen_per_kg / 1000000)::bigint
        FROM decoction.movement JOIN decoction.lot USING (site_id, lot_id)
        WHERE movement.site_id = \(act.site) AND booked_on < (\(month)::date + interval '1 month')
        GROUP BY movement.site_id, movement.lot_id, location_id, unit_cost_fen_per_kg
        HAVING sum(quantity_mg) <> 0
        """
    }

    /// How many lots a month's balance has, and what they cost.
    static func sum(_ month: LocalDate, site: RecordID) -> SQL {
        """
        SELECT count(DISTINCT lot_id), coalesce(sum(value_fen), 0)::bigint FROM decoction.period_balance
        WHERE site_id = \(site) AND month = \(month)
        """
    }

    /// The closed months, the latest first, with what lay there at their end.
    static func list(site: RecordID, before month: LocalDate, limit: Int) -> SQL {
        """
        SELECT month, closed_at, closed_by, (
            SELECT count(DISTINCT lot_id) FROM decoction.period_balance AS balance
            WHERE balance.site_id = period.site_id AND balance.month = period.month
        ), (
            SELECT coalesce(sum(value_fen), 0)::bigint FROM decoction.period_balance AS balance
            WHERE balance.site_id = period.site_id AND balance.month = period.month
        )
        FROM decoction.period WHERE site_id = \(site) AND month < \(month) ORDER BY month DESC LIMIT \(limit)
        """
    }

    static let columns: [JSONColumn] = [
        .string("month"), .timestamp("closedAt"), .string("accountId"), .integer("lots"), .integer("valueFen"),
    ]
}
