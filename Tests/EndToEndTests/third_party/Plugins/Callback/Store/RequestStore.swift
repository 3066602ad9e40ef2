internal import XinglinKit

/// The SQL of `callback.request`.
enum RequestStore {
    /// Adds a request; `request_open_once` refuses a number that is there.
    static func add(
        _ request: RecordID, phone: SQLBytes, index: SQLBytes, reason: String, site: RecordID, at now: Timestamp
    ) -> SQL {
        """
        INSERT INTO callback.request (site_id, request_id, phone, phone_index, reason, created_at)
        VALUES (\(site), \(request), \(phone), \(index), \(reason), \(now))
        """
    }

    static func change(_ request: RecordID, phone: SQLBytes, index: SQLBytes, site: RecordID) -> SQL {
        """
        UPDATE callback.request SET phone = \(phone), phone_index = \(index)
        WHERE site_id = \(site) AND request_id = \(request)
        """
    }

    static func find(_ index: SQLBytes, site: RecordID) -> SQL {
        "SELECT request_id FROM callback.request WHERE site_id = \(site) AND phone_index = \(index)"
    }

    static func get(_ request: RecordID, site: RecordID) -> SQL {
        """
        SELECT phone, reason, created_at FROM callback.request WHERE site_id = \(site) AND request_id = \(request)
        """
    }

    /// Every statement once, for the manifest.
    static var samples: [SQL] {
        let id = RecordID(high: 0, low: 0)
        let bytes = SQLBytes([])
        return [
            self.add(id, phone: bytes, index: bytes, reason: "", site: id, at: Timestamp(microseconds: 0)),
            self.change(id, phone: bytes, index: bytes, site: id),
            self.find(bytes, site: id),
            self.get(id, site: id),
        ]
    }
}
