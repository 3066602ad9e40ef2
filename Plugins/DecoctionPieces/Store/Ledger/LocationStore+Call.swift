internal import XinglinKit

extension LocationStore {
    /// - Throws: `host.notFound` where the acting site has no such place; its main store is always there.
    static func require(_ place: RecordID, _ call: Call) throws {
        let site = try call.site.id
        guard place != site else { return }
        let known = try call.db.rows(Self.describe([place], site: site))
        guard known.count == 1 else { throw Self.unknown(place) }
    }

    static func unknown(_ place: RecordID) -> Fault {
        HostFault.notFound.fault(["locationId": .string(place.description)])
    }
}
