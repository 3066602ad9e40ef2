internal import XinglinKit

/// The SQL of `example.day`.
enum DayStore {
    /// One more note of a day.
    static func count(_ day: LocalDate, site: RecordID) -> SQL {
        """
        INSERT INTO example.day AS day (site_id, written_on, notes) VALUES (\(site), \(day), 1)
        ON CONFLICT ON CONSTRAINT day_key DO UPDATE SET notes = day.notes + 1
        """
    }

    /// Behind every day: where the first page starts.
    static let end = LocalDate(daysSince1970: 1_000_000)

    /// The days of a site with notes, the latest first.
    static func list(site: RecordID, before last: LocalDate, limit: Int) -> SQL {
        """
        SELECT written_on, notes FROM example.day WHERE site_id = \(site) AND written_on < \(last)
        ORDER BY written_on DESC LIMIT \(limit)
        """
    }

    /// The columns of `list`, as members of the reply.
    static let columns: [JSONColumn] = [.string("writtenOn"), .integer("notes")]

    /// Every statement once, for the manifest.
    static var samples: [SQL] {
        let id = RecordID(high: 0, low: 0)
        return [self.count(self.end, site: id), self.list(site: id, before: self.end, limit: 1)]
    }
}
