internal import XinglinKit

/// The approval of a stocktake: what stands against it, and its booking.
struct StocktakeDecision {
    let held: StocktakeStore.Held
    let act: LotStore.Act
    let rules: StocktakeRules
    let reason: String
    let reasons: [RecordID: String]
    let lossReason: String

    /// Judges every difference; gives how many there are. The lots are kept until the call has ended.
    func judge(_ call: Call) throws -> Int {
        let counters = try ActorStore.actors(
            call.db.rows(ActorStore.counts(of: self.held.id, site: self.act.site)))
        guard try !Persons.isCaller(amongst: counters, call) else { throw StocktakeFault.approverCounted.fault() }
        let isClosed = try call.db.first(
            StocktakeApproval.closed(self.held.place, site: self.act.site), as: Bool.self)
        guard isClosed != true else {
            throw LedgerFault.locationClosed.fault(["locationId": .string(self.held.place.description)])
        }
        try call.db.execute(StocktakeApproval.lockLots(self.held.id, site: self.act.site))
        let found = try call.db.query(
            StocktakeApproval.differences(self.held.id, at: self.held.place, site: self.act.site),
            as: (RecordID, String, Bool, Int64, Int64, Bool, Bool).self)
        try self.refuse(found.filter { $0.5 }.map { ($0.0, $0.1) }, StocktakeFault.outdated)
        try self.refuse(found.filter { $0.6 }.map { ($0.0, $0.1) }, StocktakeFault.surplusBeyondReceipt)
        try self.refuseUnsuitable(found.filter { $0.3 == 0 && $0.4 > 0 }.map { ($0.0, $0.1) }, call)
        try self.refuseBelowReserved(call)
        let unexplained = try found.filter { lot, _, isControlled, bookMg, countedMg, _, _ in
            let count = LotCount(bookMg: bookMg, countedMg: countedMg, person: self.act.account)
            let judgement = try self.rules.judgement(isControlled: isControlled)
            return abs(count.differenceMg) > judgement.toleranceMg(count) && self.reasons[lot] == nil
        }
        try self.refuse(unexplained.map { ($0.0, $0.1) }, StocktakeFault.reasonMissing)
        let differing = Set(found.map(\.0))
        guard self.reasons.keys.allSatisfy(differing.contains) else {
            throw Fault.invalid("/lots", expected: "lots that differ", zh: "有差异的批次")
        }
        return found.count
    }

    /// What was found at a place that may not hold it is brought to where it belongs, and counted there (PC-03, 8.2).
    private func refuseUnsuitable(_ lots: [(RecordID, String)], _ call: Call) throws {
        guard !lots.isEmpty else { return }
        let place = try call.db.first(
            LocationStore.describe([self.held.place], site: self.act.site),
            as: (RecordID, LocationKind, String?, Bool).self)
        guard let place else { return }
        for (lot, piece) in lots {
            let control = try call.db.first(PieceStore.control(piece), as: ControlClass.self) ?? .none
            guard let why = place.1.refusal(of: piece, control: control, drawer: place.2) else { continue }
            throw LedgerFault.locationUnsuitable.fault([
                "locationId": .string(place.0.description), "lotId": .string(lot.description),
                "pieceCode": .string(piece), "why": .string(why),
            ])
        }
    }

    private func refuse(_ lots: [(RecordID, String)], _ kind: FaultKind) throws {
        guard !lots.isEmpty else { return }
        throw kind.fault([
            "lots": .array(
                lots.prefix(100).map { ["lotId": .string($0.0.description), "pieceCode": .string($0.1)] })
        ])
    }

    /// Books the differences; gives what was lost beside the limits.
    /// - Throws: `decoction.reasonMissing` for a loss above its limit that nobody explains.
    func book(_ document: RecordID, _ call: Call) throws -> [LossGroup] {
        let (id, place, site) = (self.held.id, self.held.place, self.act.site)
        let lots = Array(self.reasons.keys)
        let volatile = try self.rules.book.names(.volatileClasses)
        let results = try call.db.batch([
            Statement(
                StocktakeApproval.explain(lots, lots.map { self.reasons[$0] ?? "" }, in: id, site: site),
                .rows(lots.count)),
            Statement(
                StocktakeApproval.book(id, at: place, document: document, reason: self.reason, self.act), .atLeastOne),
            Statement(
                StocktakeApproval.losses(id, at: place, scope: self.held.scope, volatile: volatile, site: site)),
        ])
        let losses = try results[2].decode(as: (Bool, Int64, Int64).self).map { isVolatile, lossFen, baseFen in
            LossGroup(
                volatile: isVolatile, lossFen: lossFen, baseFen: baseFen,
                limitBasisPoints: try self.rules.limitBasisPoints(volatile: isVolatile))
        }
        let above = losses.filter(\.isAboveLimit)
        guard above.isEmpty || !self.lossReason.isEmpty else {
            throw StocktakeFault.reasonMissing.fault([
                "lots": [],
                "losses": .array(
                    above.map {
                        [
                            "volatile": .bool($0.volatile), "lossFen": .integer($0.lossFen),
                            "baseFen": .integer($0.baseFen), "limitBasisPoints": .integer($0.limitBasisPoints),
                        ]
                    }),
            ])
        }
        return losses
    }
}
