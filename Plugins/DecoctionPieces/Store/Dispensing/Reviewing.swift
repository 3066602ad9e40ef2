internal import XinglinKit

/// Judges a prescription on the day of its review (RX-13), and keeps its pieces back or sends it to the doctor.
struct Reviewing {
    let call: Call
    let stored: StoredPrescription
    let note: String?

    /// What was kept back from one place of one lot.
    struct Reservation: Codable, Sendable {
        let lotId: RecordID
        let pieceCode: String
        let locationId: RecordID
        let quantityMg: Int64
    }

    struct Outcome {
        let state: PrescriptionState
        var reservations: [Reservation] = []
        var reservedUntil: Timestamp?
        var findings: [Finding] = []
    }

    /// Sends it back to the doctor.
    func refuse() throws -> Outcome {
        let rules = try PharmacyRules.book(on: self.call.today, self.call)
        let new = try self.decision(.refuse, rules, self.reviewer(rules), check: self.stored.check)
        try self.call.db.execute(
            ReviewStore.decide(new, keptFor: 0, LotStore.Act(self.call)), expecting: .rows(1),
            otherwise: self.stored.stateConflict)
        if let origin = self.stored.origin, let note = self.note {
            try ForwardingStep.refuse(origin.forwarding, because: note, from: .taken, self.call)
        }
        return Outcome(state: .refused)
    }

    /// Approves it, and reserves all of it.
    /// - Throws: `decoction.reviewBlocked` where today's rules hold it up, `decoction.insufficientStock`.
    func approve() throws -> Outcome {
        let signatures = try StoredSignature.read(
            self.call.db.rows(PrescriptionStore.signatures(of: self.stored.id, site: self.call.site.id)), self.call)
        let read = try CaseReading(
            draft: self.stored.draft, call: self.call, isSubmitted: true, insteadOf: self.stored.id,
            carried: self.stored.carried(self.call), stored: self.stored.lines,
            answer: StoredSignature.answer(in: signatures)
        ).result()
        var prescription = read.prescription
        let rules = prescription.rules
        let reviewer = try self.reviewer(rules)
        let act = try LotStore.Act(self.call)
        prescription.review = .init(
            reviewer: (reviewer?.staffID ?? act.account).description, dispenser: nil, title: reviewer?.title,
            isSecondaryHospital: PharmacyStaff.isSecondary(try self.call.site))
        let findings = try PrescriptionCheck.findings(on: prescription)
        try Self.checkNothingHoldsUp(findings, withdrawn: Set(prescription.withdrawn.keys), signatures)
        let wanted = prescription.pieces.map {
            ReservationStore.Wanted(pieceCode: $0.code, quantityMg: prescription.totalMg($0.code))
        }
        let check = self.stored.check + 1
        let new = try self.decision(.approve, rules, reviewer, check: check)
        let number =
            try ReviewStore.latest(
                self.call.db.rows(ReviewStore.latest(of: self.stored.id, site: act.site))
            ).number + 1
        let kept = try self.call.db.batch(
            [Statement(ReservationStore.lockLots(wanted.map(\.pieceCode), act))]
                + wanted.map {
                    Statement(ReservationStore.reserve($0, for: self.stored.id, review: number, act))
                })
        let reservations = try self.reservations(wanted, Array(kept.dropFirst()))
        let results = try self.call.db.batch([
            Statement(
                ReviewStore.decide(new, keptFor: rules.number(.reservationHours), act), .rows(1),
                otherwise: self.stored.stateConflict),
            Statement(
                PrescriptionStore.add(findings, check: check, to: self.stored.id, site: act.site, on: self.call.today),
                .rows(findings.count)),
        ])
        try Billing(self.stored, self.call).freeze()
        return Outcome(
            state: .approved, reservations: reservations, reservedUntil: try results[0].first(as: Timestamp.self),
            findings: findings)
    }

    /// The reviewer's own member of staff, of the grade, who has not signed for the doctor; nil where the account is nobody's.
    private func reviewer(_ rules: RuleBook) throws -> PharmacyMember? {
        let signers = try ActorStore.actors(
            self.call.db.rows(ActorStore.signatures(of: self.stored.id, site: self.call.site.id)))
        guard try !Persons.isCaller(amongst: signers, self.call) else {
            throw PharmacistMustBeEntitled(duty: .reviewer, least: nil)
                .refusal("anotherPerson", try Signing.own(self.call))
        }
        return try PharmacyStaff(call: self.call).caller(
            as: .reviewer, least: PharmacyStaff.leastTitle(rules, self.call))
    }

    private func decision(
        _ decision: ReviewDecision, _ rules: RuleBook, _ reviewer: PharmacyMember?, check: Int
    ) throws -> ReviewStore.New {
        let id = self.call.newID()
        return ReviewStore.New(
            id: id, prescription: self.stored.id, check: check, decision: decision,
            note: try self.note.map {
                try self.call.seal(PlainText.trimmed($0), for: DispensingColumns.reviewNote, row: id)
            }, staff: try Signing.own(self.call), title: reviewer?.title,
            ruleVersion: rules.version(of: ReviewMustPrecedeDispensing.id) ?? "")
    }

    /// Whether stock suffices is not asked here: the reservation decides, at once and for good. A withdrawn piece is never reserved.
    private static func checkNothingHoldsUp(
        _ findings: [Finding], withdrawn: Set<String>, _ signatures: [StoredSignature]
    ) throws {
        let demand = SignatureDemand(findings: findings)
        let signed = demand.signed(by: signatures)
        let holding = findings.filter { finding in
            finding.severity.holdsUp && !(finding.resolution.isSignable && signed.contains(finding.rule))
        }
        guard holding.contains(where: { $0.rule != StockMustSuffice.id || !withdrawn.isDisjoint(with: $0.pieces) })
        else { return }
        throw DispensingFault.reviewBlocked.fault(.array(holding.map(\.json)))
    }

    private func reservations(_ wanted: [ReservationStore.Wanted], _ kept: [Rows]) throws -> [Reservation] {
        var reservations: [Reservation] = []
        var shares: [PieceShare] = []
        for (one, rows) in zip(wanted, kept) {
            let parts = try rows.decode(as: (RecordID, RecordID, Int64).self).map {
                Reservation(lotId: $0.0, pieceCode: one.pieceCode, locationId: $0.1, quantityMg: $0.2)
            }
            shares.append(
                PieceShare(
                    pieceCode: one.pieceCode, wantedMg: one.quantityMg, gotMg: parts.reduce(0) { $0 + $1.quantityMg }))
            reservations += parts
        }
        if let fault = try PieceShare.shortage(shares, self.call) { throw fault }
        return reservations
    }
}

/// What was wanted of a piece, and what was got.
struct PieceShare {
    let pieceCode: String
    let wantedMg: Int64
    let gotMg: Int64

    /// The refusal where a piece is short. What was got is taken here until the host rolls the call back, so it is added to what is read.
    static func shortage(_ shares: [PieceShare], _ call: Call) throws -> Fault? {
        let short = shares.filter { $0.gotMg < $0.wantedMg }
        guard !short.isEmpty else { return nil }
        let there = try CaseStore.stock(
            call.db.rows(StockStore.totals(short.map(\.pieceCode), site: call.site.id, on: call.today)))
        let shortages = short.map { share in
            let stock = there[share.pieceCode] ?? IssueRefusal.Stock()
            return Shortage(
                pieceCode: share.pieceCode, requestedMg: share.wantedMg, availableMg: stock.availableMg + share.gotMg,
                quarantinedMg: stock.quarantinedMg, expiredMg: stock.expiredMg)
        }
        return Fault(
            DecoctionFault.insufficientStock, details: .array(shortages.map(\.json)),
            retryable: shortages.allSatisfy { $0.availableMg >= $0.requestedMg })
    }
}
