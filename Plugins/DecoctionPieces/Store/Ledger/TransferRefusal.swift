internal import XinglinKit

/// Why a line of a transfer was not moved: the first of the reasons that holds.
struct TransferRefusal {
    let line: TransferStore.Line
    let from: RecordID
    let to: RecordID
    let act: LotStore.Act

    func fault(_ call: Call) throws -> Fault {
        let lot = try LotStore.description(of: self.line.lot, call)
        let name = JSONValue.string(self.line.lot.description)
        let places = try call.db.query(
            LocationStore.describe([self.from, self.to], site: self.act.site),
            as: (RecordID, LocationKind, String?, Bool).self)
        for place in [self.from, self.to] where place != self.act.site {
            guard let known = places.first(where: { $0.0 == place }) else {
                return LocationStore.unknown(place)
            }
            if known.3 { return LedgerFault.locationClosed.fault(["locationId": .string(place.description)]) }
        }
        guard lot.state == .accepted else {
            return DecoctionFault.lotNotAccepted.fault(["lotId": name, "state": .string(lot.state.rawValue)])
        }
        guard lot.expiresOn >= self.act.now.localDate else {
            return DecoctionFault.expired(self.line.lot, on: lot.expiresOn)
        }
        if let place = places.first(where: { $0.0 == self.to }) {
            let code = try call.db.first(PieceStore.control(lot.pieceCode), as: String.self)
            let control = code.flatMap(ControlClass.init(rawValue:)) ?? ControlClass.none
            if let why = place.1.refusal(of: lot.pieceCode, control: control, drawer: place.2) {
                return LedgerFault.locationUnsuitable.fault(
                    [
                        "locationId": .string(self.to.description), "pieceCode": .string(lot.pieceCode),
                        "why": .string(why),
                    ])
            }
        }
        return try self.shortage(of: lot, call)
    }

    private func shortage(of lot: IssueRefusal.Lot, _ call: Call) throws -> Fault {
        let lying = try call.db.first(
            TransferStore.lying([self.line.lot], at: self.from, site: self.act.site), as: (RecordID, Int64).self)
        let shortage = Shortage(
            pieceCode: lot.pieceCode, lotId: self.line.lot, requestedMg: self.line.quantityMg,
            availableMg: lying?.1 ?? 0)
        return DecoctionFault.insufficientStock.fault([shortage.json])
    }
}
