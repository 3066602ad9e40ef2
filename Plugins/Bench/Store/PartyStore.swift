internal import XinglinKit

/// The SQL of `bench.party`: that of deploy/bench/{read,list,insert}.sql with the site in front.
enum PartyStore {
    static func get(_ id: Int64, site: RecordID) -> SQL {
        """
        SELECT id, uid, code, name, birth, sex, phone, address, active, version, created_at
        FROM bench.party WHERE site_id = \(site) AND id = \(id)
        """
    }

    /// Fifty by name from the n-th on.
    static func list(from number: Int64, site: RecordID) -> SQL {
        """
        SELECT id, code, name, birth, sex, phone, active FROM bench.party
        WHERE site_id = \(site) AND name >= 'Patient ' || lpad((\(number))::bigint::text, 5, '0')
        ORDER BY name, id LIMIT 50
        """
    }

    /// The columns of `list`, as members of the reply.
    static let columns: [JSONColumn] = [
        .integer("id"), .string("code"), .string("name"), .string("birth"), .string("sex"), .string("phone"),
        .boolean("active"),
    ]

    static func create(_ new: CreateParty.Params, code: String, site: RecordID) -> SQL {
        """
        INSERT INTO bench.party (site_id, code, name, birth, sex, phone, address)
        VALUES (\(site), \(code), \(new.name), \(new.birth), \(new.sex), \(new.phone), \(new.address))
        RETURNING id
        """
    }

    /// The party with that number at the site.
    /// - Throws: `bench.partyUnknown`.
    static func find(_ id: Int64, _ call: Call) throws -> Party {
        let row: (Int64, RecordID, String, String, LocalDate?, String?, String?, String?, Bool, Int, Timestamp)? =
            try call.db.first(self.get(id, site: call.site.id))
        guard let row else { throw BenchFault.partyUnknown.fault() }
        return Party(
            id: row.0, uid: row.1, code: row.2, name: row.3, birth: row.4, sex: row.5, phone: row.6, address: row.7,
            active: row.8, version: row.9, createdAt: row.10)
    }

    /// Every statement once, for the manifest.
    static var samples: [SQL] {
        let site = RecordID(high: 0, low: 0)
        return [
            self.get(1, site: site), self.list(from: 1, site: site),
            self.create(CreateParty.examples.full.params, code: "N1", site: site), "SELECT 1",
        ]
    }
}
