internal import XinglinKit
internal import XinglinPostgres

/// Deletes events that are older than they are kept and that every handler in use has passed, always the oldest first.
struct EventRetention {
    private let days: Int64
    private let clock: HostClock

    /// A handler that no host has had for so long holds nothing back any more.
    private static let handlerDays = 30
    /// Rows deleted at once, so that no delete holds locks for long.
    private static let rows = 5_000
    /// How long one turn takes at the most.
    private static let patience = Duration.seconds(2)

    init(_ services: HostServices) {
        self.days = Int64(services.settings.events.keepDays)
        self.clock = services.clock
    }

    /// - Returns: whether all is done; otherwise it wants another turn soon.
    func purge(_ connection: Connection) throws -> Bool {
        let end = ContinuousClock.now + Self.patience
        let old = self.clock.now.adding(seconds: -self.days * 86_400)
        while try connection.query(Self.delete(before: old)).affected == Self.rows {
            if ContinuousClock.now >= end { return false }
        }
        return true
    }

    private static func delete(before old: Timestamp) -> SQL {
        """
        DELETE FROM host.event WHERE number IN (SELECT number FROM host.event WHERE number < least( \
        coalesce((SELECT number FROM host.event WHERE at >= \(old) ORDER BY number LIMIT 1), \
        (SELECT last + 1 FROM host.numbering WHERE name = 'event')), \
        coalesce((SELECT min(number) + 1 FROM host.event_cursor \
        WHERE seen_at > now() - \(Self.handlerDays) * interval '1 day'), \(Int64.max))) ORDER BY number LIMIT \(Self.rows))
        """
    }
}
