internal import XinglinKit

extension LotStore.Act {
    /// The caller, acting now at the acting site.
    init(_ call: Call, bookedOn: LocalDate? = nil) throws {
        self.init(site: try call.site.id, account: try call.caller.accountID, now: call.now, bookedOn: bookedOn)
    }
}

extension LotStore {
    /// A lot as a refusal describes it.
    struct Description {
        let lotID: RecordID
        let lot: IssueRefusal.Lot
    }

    /// Reads the rows of `describe`.
    static func descriptions(_ rows: Rows) throws -> [Description] {
        try rows.decode(as: (RecordID, String, LotState, LocalDate, Int64).self).map {
            id, piece, state, expiry, onHand in
            Description(
                lotID: id, lot: .init(pieceCode: piece, state: state, expiresOn: expiry, onHandMg: onHand))
        }
    }

    /// The lot, for a refusal.
    /// - Throws: `host.notFound` where the acting site has no such lot.
    static func description(of lot: RecordID, _ call: Call) throws -> IssueRefusal.Lot {
        let rows = try call.db.rows(Self.describe([lot], site: call.site.id))
        guard let found = try Self.descriptions(rows).first else {
            throw HostFault.notFound.fault(["lotId": .string(lot.description)])
        }
        return found.lot
    }
}
