internal import XinglinKit

/// Dispenses a reviewed prescription (8.4): who does it, on which scales, what was weighed, and what the ledger books.
struct Dispensing {
    let call: Call
    let stored: StoredPrescription
    private let rules: RuleBook
    private let pieces: [WeighedPiece]
    private let review: ReviewStore.Latest
    private let recorded: [WeighingStore.Recorded]
    private let validity: DispensingValidity

    /// Reads what it is judged by. The prescription is locked.
    init(_ stored: StoredPrescription, _ call: Call) throws {
        self.call = call
        self.stored = stored
        let site = try call.site.id
        let results = try call.db.batch([
            Statement(PharmacyRules.table.valid(on: call.today, site: site)),
            Statement(WeighingStore.pieces(of: stored.id, site: site)),
            Statement(ReviewStore.latest(of: stored.id, site: site)),
            Statement(WeighingStore.validity(of: stored.id, site: site)),
        ])
        self.rules = try PharmacyRules.book(results[0])
        self.pieces = try WeighingStore.pieces(results[1])
        self.review = try ReviewStore.latest(results[2])
        let kept = try results[3].first(as: (Timestamp?, Bool).self)
        self.validity = DispensingValidity(
            issuedOn: stored.issuedOn, isExtended: kept?.1 ?? false,
            weighingEndsAt: stored.state == .dispensing ? kept?.0 : nil)
        self.recorded = try WeighingStore.latest(
            call.db.rows(WeighingStore.latest(of: stored.id, review: self.review.number, site: site)))
    }

    struct Outcome {
        let document: RecordID
        let moves: [Move]
        let warnings: [WeighingSheet.Deviation]
        let weighedMg: Int64
    }

    /// Books what was weighed: the given weighings, and those that were recorded one by one for what is not given.
    /// - Throws: the first refusal; nothing is booked then.
    func run(_ given: [Weighing], checkedBy checker: RecordID) throws -> Outcome {
        try self.validity.check(self.stored.id, at: self.call.now, self.rules)
        let places = Set(given.map(\.place))
        try DispensingGuard.check(
            self.stored.id, review: self.review.number, given: places, rules: self.rules, self.call)
        let kept = self.recorded.filter { !places.contains($0.weighing.place) }
        let dispenser = try self.dispenser(
            checker, weighers: Dictionary(grouping: kept, by: \.weighing.dose).mapValues { $0.map(\.actor) },
            given: Set(given.map(\.dose)))
        try Self.check(given, pieces: self.pieces, doses: self.stored.draft.doses, rules: self.rules, self.call)
        let sheet = WeighingSheet(
            pieces: self.pieces, doses: self.stored.draft.doses, weighings: given + kept.map(\.weighing))
        let warnings = try self.judge(sheet)
        let document = self.call.newID()
        let net = sheet.netMg
        let moves = try self.book(net, as: document)
        let act = try LotStore.Act(self.call)
        let weighed = net.values.reduce(0, +)
        let new = DispensingStore.New(
            document: document, prescription: self.stored.id, review: self.review.number, dispenser: dispenser,
            checker: checker,
            prescribedMg: self.pieces.reduce(0) { $0 + $1.perDoseMg } * Int64(self.stored.draft.doses),
            weighedMg: weighed, ruleVersion: self.rules.version(of: RuleKey.tolerancePercent.rule) ?? "")
        try self.call.db.batch([
            Statement(
                WeighingStore.add(
                    given, to: self.stored.id, review: self.review.number, by: Signing.own(self.call), act),
                .rows(given.count)),
            Statement(DispensingStore.finish(new, act), .rows(1), otherwise: self.stored.stateConflict),
        ])
        try Billing(self.stored, self.call).complete()
        return Outcome(document: document, moves: moves, warnings: warnings, weighedMg: weighed)
    }

    /// Judges one weighing that is recorded by itself.
    func check(_ weighing: Weighing) throws {
        try self.validity.check(self.stored.id, at: self.call.now, self.rules)
        let own = try PharmacyStaff(call: self.call).caller(as: .dispenser, least: nil)
        try self.checkDispenser(Actor(self.call), Persons([Actor(self.call), self.reviewer], self.call))
        let isControlled = self.pieces.contains { $0.code == weighing.pieceCode && $0.isControlled }
        if isControlled, own == nil { try self.refuseNobody() }
        try Self.check([weighing], pieces: self.pieces, doses: self.stored.draft.doses, rules: self.rules, self.call)
        let sheet = WeighingSheet(pieces: self.pieces, doses: self.stored.draft.doses, weighings: [weighing])
        if !sheet.pieces.contains(where: { $0.code == weighing.pieceCode }) || weighing.dose > sheet.doses,
            let fault = sheet.incompleteness
        {
            throw fault
        }
    }

    /// Keeps one weighing; the first one keeps the reservation for as long again.
    func keep(_ weighing: Weighing) throws {
        let act = try LotStore.Act(self.call)
        try self.call.db.batch([
            Statement(
                WeighingStore.begin(self.stored.id, keptFor: self.rules.number(.reservationHours), act), .rows(1),
                otherwise: self.stored.stateConflict),
            Statement(
                WeighingStore.add(
                    [weighing], to: self.stored.id, review: self.review.number, by: Signing.own(self.call), act),
                .rows(1)),
        ])
    }

    /// What is still to be weighed after a weighing, and by how much it is off, if it is by more than the tolerance.
    func progress(after weighing: Weighing) throws -> (left: Int, warning: WeighingSheet.Deviation?) {
        let done = Set(self.recorded.map(\.weighing.place)).union([weighing.place])
        let sheet = WeighingSheet(pieces: self.pieces, doses: self.stored.draft.doses, weighings: [weighing])
        return (
            self.pieces.count * self.stored.draft.doses - done.count,
            sheet.pieces(beyond: try self.rules.number(.tolerancePercent)).first
        )
    }

    /// The dispenser's own member of staff. RX-13: not the reviewer; 8.4: not the one who checks, who in turn has not weighed the whole of
    /// a dose, and with toxic and narcotic pieces two persons who are known, the dispenser by the account.
    /// - Parameters:
    ///   - weighers: who recorded the weighings of a dose that are not given now.
    ///   - given: the doses of which something is given now: the dispenser has weighed that.
    private func dispenser(_ checker: RecordID, weighers: [Int: [Actor]], given: Set<Int>) throws -> RecordID? {
        let own = try PharmacyStaff(call: self.call).caller(as: .dispenser, least: nil)
        let (caller, checking) = (try Actor(self.call), Actor(account: nil, staff: checker))
        let persons = try Persons(
            [caller, checking, self.reviewer] + Set(weighers.values.joined()), self.call)
        try self.checkDispenser(caller, persons)
        let isControlled = self.pieces.contains(where: \.isControlled)
        if isControlled, own == nil { try self.refuseNobody() }
        let least = try PharmacyStaff.leastTitle(self.rules, self.call)
        let members = try PharmacyStaff(call: self.call).members([checker])
        let titles = try isControlled ? [least, self.rules.text(.toxicSecondTitle)] : [least]
        for title in titles {
            try PharmacistMustBeEntitled(duty: .checker, least: title, others: own.map { [$0] } ?? [])
                .check(members[checker], asked: checker)
        }
        let hasWeighedAll = weighers.contains { dose, actors in
            !given.contains(dose) && actors.allSatisfy { persons.isSame($0, checking) }
        }
        guard !persons.isSame(caller, checking), !hasWeighedAll else {
            throw PharmacistMustBeEntitled(duty: .checker, least: nil).refusal("anotherPerson", checker)
        }
        return own?.staffID
    }

    private var reviewer: Actor { Actor(account: self.review.account, staff: self.review.staff) }

    private func checkDispenser(_ caller: Actor, _ persons: Persons) throws {
        guard persons.isSame(caller, self.reviewer) else { return }
        throw PharmacistMustBeEntitled(duty: .dispenser, least: nil).refusal("anotherPerson", caller.staff)
    }

    /// Toxic and narcotic pieces pass through the hands of persons who are known.
    private func refuseNobody() throws {
        guard try self.rules.number(.toxicPersons) > 1 else { return }
        throw PharmacistMustBeEntitled(duty: .dispenser, least: nil).refusal("ownAccount", nil)
    }

    /// Each on a scale whose calibration is in force, and more than its vessel.
    private static func check(
        _ weighings: [Weighing], pieces: [WeighedPiece], doses: Int, rules: RuleBook, _ call: Call
    ) throws {
        for (index, weighing) in weighings.enumerated() where weighing.netMg <= 0 {
            let pointer = weighings.count == 1 ? "/grossMg" : "/weighings/\(index)/grossMg"
            throw Fault.invalid(pointer, expected: "more than tareMg", zh: "大于皮重 tareMg")
        }
        let asked = Array(Set(weighings.map(\.scaleId))).sorted()
        guard !asked.isEmpty else { return }
        let usable = try Dictionary(
            call.db.query(
                ScaleStore.usable(asked, on: call.today, site: call.site.id), as: (RecordID, Bool).self
            ).map { ($0.0, $0.1) }, uniquingKeysWith: { first, _ in first })
        for scale in asked {
            let name: JSONValue = ["scaleId": .string(scale.description)]
            guard let isInForce = usable[scale] else { throw HostFault.notFound.fault(name) }
            guard try isInForce || rules.number(.calibratedScalesOnly) == 0 else {
                throw DispensingFault.scaleNotCalibrated.fault(name)
            }
        }
    }

    /// Complete, each dose within the tolerance, toxic and narcotic pieces by themselves too. Gives the pieces that are off nevertheless.
    private func judge(_ sheet: WeighingSheet) throws -> [WeighingSheet.Deviation] {
        if let fault = sheet.incompleteness { throw fault }
        let percent = try self.rules.number(.tolerancePercent)
        let beyond =
            sheet.doses(beyond: percent)
            + sheet.pieces(beyond: try self.rules.number(.controlledTolerancePercent)) { $0.isControlled }
        guard beyond.isEmpty else {
            throw DispensingFault.weightOutOfTolerance.fault(.array(beyond.map(\.json)))
        }
        return sheet.pieces(beyond: percent)
    }

    /// Takes what was weighed from what was reserved, what is more by first expiry; what is less is free again.
    private func book(_ net: [String: Int64], as document: RecordID) throws -> [Move] {
        let act = try LotStore.Act(self.call)
        let wanted = self.pieces.map {
            ReservationStore.Wanted(pieceCode: $0.code, quantityMg: net[$0.code] ?? 0)
        }
        let before = try self.call.db.batch([
            Statement(ReservationStore.lockLots(wanted.map(\.pieceCode), act)),
            Statement(ReservationStore.lost(self.stored.id, act)),
            Statement(CatalogueStore.withdrawn(wanted.map(\.pieceCode), named: [])),
        ])
        let withdrawn = try before[2].decode(as: (String, String, LocalDate).self)
        guard withdrawn.isEmpty else {
            throw CatalogueFault.pieceOutOfUse.fault(.array(withdrawn.map { ["pieceCode": .string($0.0)] }))
        }
        let lost = try before[1].decode(as: (RecordID, String, LotState, LocalDate).self)
        guard lost.isEmpty else {
            throw DispensingFault.reservationLost.fault(
                .array(
                    lost.map { lot in
                        [
                            "lotId": .string(lot.0.description), "pieceCode": .string(lot.1),
                            "state": .string(lot.2.rawValue), "expiresOn": .string(lot.3.description),
                        ]
                    }))
        }
        let results = try self.call.db.batch(
            [Statement(ReservationStore.release([self.stored.id], as: .dispensed, site: act.site, at: act.now))]
                + wanted.enumerated().map { number, one in
                    Statement(
                        DispensingStore.take(
                            one, for: self.stored.id, review: self.review.number, document: document, line: number + 1,
                            act))
                })
        let moves = try zip(wanted, results.dropFirst()).map { one, rows in
            try rows.decode(as: (RecordID, Int64).self)
                .map { Move(lotId: $0.0, pieceCode: one.pieceCode, quantityMg: $0.1) }
        }
        let shares = zip(wanted, moves).map { one, moves in
            PieceShare(
                pieceCode: one.pieceCode, wantedMg: one.quantityMg, gotMg: moves.reduce(0) { $0 + $1.quantityMg })
        }
        if let fault = try PieceShare.shortage(shares, self.call) { throw fault }
        return moves.flatMap { $0 }
    }
}
