internal import XinglinKit

/// The SQL of `example.note`.
enum NoteStore {
    /// Adds a note; `note_exists` refuses the same text twice on one day.
    static func add(_ noteID: RecordID, text: String, site: RecordID, by account: RecordID, at now: Timestamp) -> SQL {
        """
        INSERT INTO example.note (site_id, note_id, text, written_on, created_at, created_by)
        VALUES (\(site), \(noteID), \(text), \(now.localDate), \(now), \(account))
        """
    }

    /// The notes of a site, newest first: an id made later is greater.
    static func list(site: RecordID, before last: RecordID, limit: Int) -> SQL {
        """
        SELECT note_id, text, created_at, created_by
        FROM example.note
        WHERE site_id = \(site) AND note_id < \(last)
        ORDER BY note_id DESC
        LIMIT \(limit)
        """
    }

    /// Removes notes from before a day, so many at once.
    static func remove(writtenBefore day: LocalDate, site: RecordID, limit: Int) -> SQL {
        """
        DELETE FROM example.note WHERE site_id = \(site) AND note_id IN (
            SELECT note_id FROM example.note WHERE site_id = \(site) AND written_on < \(day) LIMIT \(limit))
        """
    }

    /// Behind every id: where the first page starts.
    static let end = RecordID(high: .max, low: .max)

    /// The columns of `list`, as members of the reply.
    static let columns: [JSONColumn] = [
        .string("noteId"), .string("text"), .timestamp("createdAt"), .string("createdBy"),
    ]

    /// Every statement once, for the manifest.
    static var samples: [SQL] {
        let id = RecordID(high: 0, low: 0)
        return [
            self.add(id, text: "", site: id, by: id, at: Timestamp(microseconds: 0)),
            self.list(site: id, before: self.end, limit: 1),
            self.remove(writtenBefore: Timestamp(microseconds: 0).localDate, site: id, limit: 1),
        ]
    }
}
