internal import XinglinKit

/// Reads what a label shows: the prescription, the patient's name by the index of persons, and who was at work.
struct LabelReading {
    let call: Call
    let stored: StoredPrescription

    private struct AskedPerson: Encodable { let personId: RecordID }
    private struct FoundPerson: Decodable {
        let nameZh: String
        let sexZh: String
    }

    func card() throws -> LabelCard {
        let site = try self.call.site
        let results = try self.call.db.batch([
            Statement(CaseStore.pieces(self.stored.lines.map(\.code), named: [])),
            Statement(ReviewStore.latest(of: self.stored.id, site: site.id)),
            Statement(DispensingStore.latest(of: self.stored.id, site: site.id)),
        ])
        let catalogue = try Dictionary(
            CaseStore.prescribed(results[0]).map { ($0.code, $0) }, uniquingKeysWith: { first, _ in first })
        let review = try ReviewStore.latest(results[1])
        let dispensing = try results[2].first(as: (RecordID, RecordID?, RecordID, RecordID, Timestamp).self)
        let isDispensed = self.stored.state == .dispensed || self.stored.state == .handedOver
        let (person, prescriber) = try self.person()
        return LabelCard(
            siteZh: site.nameZh, patientZh: person.nameZh, sexZh: person.sexZh,
            ageYears: self.stored.draft.patient.ageYears, number: self.stored.id.description,
            issuedOn: self.stored.issuedOn, kindZh: (self.stored.draft.kind ?? .ordinary).labelZh,
            doses: self.stored.draft.doses, dosesPerDay: self.stored.draft.dosesPerDay ?? 1,
            isExternal: self.stored.draft.use == .external,
            pieces: self.stored.lines.map { line in
                Self.piece(line, catalogue[line.code])
            },
            staff: try self.staff(
                [
                    ("医师", prescriber == nil ? self.stored.draft.prescriberStaffId : nil), ("审方", review.staff),
                    ("调剂", isDispensed ? dispensing?.1 : nil), ("复核", isDispensed ? dispensing?.2 : nil),
                ], prescriber: prescriber),
            costZh: try self.cost())
    }

    /// The total, with the fees apart; or what has no price.
    private func cost() throws -> String {
        let billing = Billing(self.stored, self.call)
        if let elsewhere = try billing.elsewhere() {
            return "费用：" + (elsewhere.totalFen.map { yuan($0) } ?? "以共享中药房为准")
        }
        let lines = try billing.charged()
        let missing = PricePrescription.missing(lines).map(\.nameZh)
        guard missing.isEmpty, let total = Bill.total(lines) else {
            return "费用：\(missing.joined(separator: "、"))未定价"
        }
        let fees = lines.filter { $0.kind != .piece }.map { "\($0.nameZh) \(yuan($0.amountFen ?? 0))" }
        return "费用：\(yuan(total))" + (fees.isEmpty ? "" : "（含\(fees.joined(separator: "、"))）")
    }

    /// The patient by the index; of a prescription that was taken over both names came along with it, because the index does not tell them
    /// here.
    private func person() throws -> (FoundPerson, prescriber: String?) {
        guard let origin = self.stored.origin else {
            return (
                try self.call.module("people.person.get", AskedPerson(personId: self.stored.patient)), nil
            )
        }
        typealias Sealed = ForwardingColumns
        let sql = try ForwardingStore.carried(with: origin.forwarding, site: self.call.site.id)
        guard let row = try self.call.db.first(sql, as: (String, SQLBytes, SQLBytes?).self) else {
            throw HostFault.notFound.fault(["forwardingId": .string(origin.forwarding.description)])
        }
        let name = try self.call.open(row.1, of: Sealed.patientName, row: origin.forwarding)
        return (
            FoundPerson(nameZh: name, sexZh: self.stored.draft.patient.sex.labelZh),
            try row.2.map { try self.call.open($0, of: Sealed.prescriberName, row: origin.forwarding) }
        )
    }

    /// As the decoction room boils it, beside what was written where that differs.
    private static func piece(_ line: StoredPrescription.Line, _ piece: PrescribedPiece?) -> LabelCard.Piece {
        let isToxic = piece.map { $0.isToxic28 || [.toxic, .severe].contains($0.toxicity) } ?? false
        let cooking = Cooking.done(written: line.cooking, usual: piece?.cooking ?? .none, isToxic: isToxic)
        return LabelCard.Piece(
            nameZh: line.nameZh, perDoseMg: line.perDoseMg, cooking: cooking,
            written: line.cooking == cooking ? nil : line.cooking)
    }

    private func staff(_ duties: [(String, RecordID?)], prescriber: String?) throws -> [LabelCard.Member] {
        let members = try PharmacyStaff(call: self.call).members(duties.compactMap(\.1))
        return duties.enumerated().map { place, duty in
            let name = place == 0 && prescriber != nil ? prescriber : duty.1.flatMap { members[$0]?.nameZh }
            return LabelCard.Member(dutyZh: duty.0, nameZh: name ?? "＿＿＿＿")
        }
    }
}
