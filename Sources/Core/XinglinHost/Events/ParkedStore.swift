internal import XinglinKit

/// The SQL of parked events, for administrators.
enum ParkedStore {
    typealias Columns = (String, String, Int64, RecordID?, String?, String?, Int, Timestamp?, Int)

    /// - Parameter everywhere: also those of no site.
    static func list(
        sites: [RecordID], everywhere: Bool, after handler: String, _ number: Int64, limit: Int
    ) -> SQL {
        """
        SELECT handler, topic, number, site_id, reason, failure, attempts, since, \
        (SELECT count(*) FROM host.event_delayed later WHERE later.handler = one.handler \
        AND later.subject = one.subject AND later.number > one.number) \
        FROM host.event_delayed one \
        WHERE parked_at IS NOT NULL AND (site_id = ANY (\(sites)::uuid[]) OR (site_id IS NULL AND \(everywhere)::bool)) \
        AND (handler, number) > (\(handler), \(number)) ORDER BY handler, number LIMIT \(limit)
        """
    }

    /// Has parked events tried again.
    /// - Parameter number: of this event alone, where it is given.
    static func retry(_ handler: String, _ number: Int64?, sites: [RecordID], everywhere: Bool) -> SQL {
        """
        UPDATE host.event_delayed SET attempts = 0, next_at = now(), parked_at = NULL \
        WHERE handler = \(handler) AND parked_at IS NOT NULL AND number = coalesce(\(number)::bigint, number) \
        AND (site_id = ANY (\(sites)::uuid[]) OR (site_id IS NULL AND \(everywhere)::bool))
        """
    }
}

/// The sites that a caller administers.
struct AdministeredSites {
    let sites: [RecordID]
    let isEverywhere: Bool

    init(_ call: Call) throws {
        let directory = try call.hosted.services.directory.snapshot
        let grants = try call.caller.grants.filter { $0.role == .siteAdmin }
        self.isEverywhere = grants.contains { $0.siteID == nil }
        self.sites = directory.sitesByID.keys.filter { site in grants.contains { directory.reaches($0, site) } }
    }
}
