internal import XinglinKit

/// The SQL of the temperature and humidity log (domain rule 8.2).
enum ClimateStore {
    /// Says what a place is kept at; no row where the site has no such place.
    static func watch(_ location: RecordID, at climate: StoreClimate, _ act: LotStore.Act) -> SQL {
        """
        INSERT INTO decoction.climate_place (site_id, location_id, climate, since, set_at, set_by)
        SELECT \(act.site)::uuid, \(location)::uuid, \(climate.rawValue)::text, \(act.now.localDate)::date,
            \(act.now)::timestamptz, \(act.account)::uuid
        WHERE \(location)::uuid = \(act.site)::uuid OR EXISTS (
            SELECT FROM decoction.location
            WHERE site_id = \(act.site) AND location_id = \(location) AND closed_at IS NULL)
        ON CONFLICT ON CONSTRAINT climate_place_key DO UPDATE
            SET climate = excluded.climate,
                since = CASE WHEN climate_place.climate = 'none' THEN excluded.since ELSE climate_place.since END, set_at = excluded.set_at, set_by = excluded.set_by
        """
    }

    /// What a place is kept at; the main store at normal unless told.
    static func climate(of location: RecordID, site: RecordID) -> SQL {
        """
        SELECT climate FROM decoction.climate_place WHERE site_id = \(site) AND location_id = \(location)
        UNION ALL
        SELECT 'normal' WHERE \(location)::uuid = \(site)::uuid
        LIMIT 1
        """
    }

    /// A reading on its way in.
    struct Reading {
        let id: RecordID
        let location: RecordID
        let climate: StoreClimate
        let celsiusTenths: Int
        let humidityTenths: Int
        let isOutside: Bool
        let action: String
        let ruleVersion: String
        let readAt: Timestamp
        let logsPerDay: Int64
    }

    /// A reading stands in one part of its day: with two a day in the first or the second half.
    static func record(_ reading: Reading, _ act: LotStore.Act) -> SQL {
        """
        INSERT INTO decoction.climate_reading (
            site_id, reading_id, location_id, climate, celsius_tenths, humidity_tenths, is_outside, action, rule_version,
            read_on, part, read_at, recorded_at, account_id)
        VALUES (\(act.site), \(reading.id), \(reading.location), \(reading.climate.rawValue), \(reading.celsiusTenths),
            \(reading.humidityTenths), \(reading.isOutside), \(reading.action), \(reading.ruleVersion),
            \(reading.readAt.localDate),
            floor(extract(hour FROM \(reading.readAt)::timestamptz AT TIME ZONE 'Asia/Shanghai')
                * \(reading.logsPerDay)::integer / 24)::integer,
            \(reading.readAt), \(act.now), \(act.account))
        """
    }

    /// The readings of days, the latest first.
    static func list(
        at location: RecordID?, outsideOnly: Bool, site: RecordID, before last: (Timestamp, RecordID), limit: Int
    ) -> SQL {
        """
        SELECT read_at, reading_id, location_id, climate, celsius_tenths, humidity_tenths, is_outside, nullif(action, ''),
            recorded_at, account_id, rule_version
        FROM decoction.climate_reading
        WHERE site_id = \(site) AND (\(location)::uuid IS NULL OR location_id = \(location)::uuid)
            AND (NOT \(outsideOnly)::boolean OR is_outside) AND (read_at, reading_id) < (\(last.0), \(last.1))
        ORDER BY read_at DESC, reading_id DESC LIMIT \(limit)
        """
    }

    static let columns: [JSONColumn] = [
        .timestamp("readAt"), .string("readingId"), .string("locationId"), .string("climate"),
        .integer("celsiusTenths"), .integer("humidityTenths"), .boolean("outside"), .string("action"),
        .timestamp("recordedAt"), .string("accountId"), .string("ruleVersion"),
    ]

    /// Every day and place with fewer parts of the day read than there should be, of the days that are asked for; the main store from the day on which it got its
    /// first reading, or on which the site said what it is kept at.
    static func missing(
        _ wanted: [(day: LocalDate, logsPerDay: Int64)], site: RecordID, after day: LocalDate, _ place: RecordID,
        limit: Int
    ) -> SQL {
        """
        WITH watched AS (
            SELECT location_id, climate, since FROM decoction.climate_place
            WHERE site_id = \(site) AND climate <> 'none' AND NOT EXISTS (
                SELECT FROM decoction.location
                WHERE location.site_id = climate_place.site_id AND location.location_id = climate_place.location_id
                    AND closed_at IS NOT NULL)
            UNION ALL
            SELECT \(site)::uuid, 'normal', min(read_on) FROM decoction.climate_reading
            WHERE site_id = \(site) AND location_id = \(site) AND NOT EXISTS (
                SELECT FROM decoction.climate_place WHERE site_id = \(site) AND location_id = \(site))
            HAVING min(read_on) IS NOT NULL
        ), wanted AS (
            SELECT day, logs, location_id, climate
            FROM watched, unnest(\(wanted.map(\.day))::date[], \(wanted.map(\.logsPerDay))::bigint[]) AS asked (day, logs)
            WHERE day >= since
        ), counted AS (
            SELECT wanted.day, wanted.logs, wanted.location_id, wanted.climate, count(DISTINCT part) AS found
            FROM wanted LEFT JOIN decoction.climate_reading AS reading
                ON reading.site_id = \(site) AND reading.location_id = wanted.location_id AND reading.read_on = wanted.day
            GROUP BY wanted.day, wanted.logs, wanted.location_id, wanted.climate
        )
        SELECT day, location_id, climate, logs - found FROM counted
        WHERE found < logs AND (day, location_id) > (\(day), \(place))
        ORDER BY day, location_id LIMIT \(limit)
        """
    }

    static let missingColumns: [JSONColumn] = [
        .string("day"), .string("locationId"), .string("climate"), .integer("missing"),
    ]
}
