internal import XinglinKit

/// Reads all that the rules judge a draft by, and puts it into a case. It changes nothing.
struct CaseReading {
    let draft: PrescriptionDraft
    let call: Call
    /// Whether the prescription is handed in: then it names a prescriber, and is issued today unless told.
    var isSubmitted = false
    /// A prescription that this one stands for, whose supply does not count as an earlier one.
    var insteadOf: RecordID?
    /// What came along with a prescription of another site: neither its patient nor its prescriber is asked for here.
    var carried: Carried?
    /// The lines of a prescription that was handed in before: how they came to their pieces stays, and what the catalogue has
    /// withdrawn since is a finding (RX-14).
    var stored: [StoredPrescription.Line] = []
    /// What the patient answered to the question of RX-06, where that is coded.
    var answer: PregnancyAnswer?

    /// What was read.
    struct Result {
        let prescription: PrescriptionCase
        let findings: [Finding]
        /// The lines in the doctor's order.
        let written: [PrescriptionCase.Line]
        /// The patient's record that is kept; nil where none was named or the index cannot be asked.
        let patient: RecordID?
        /// The same with the ids of those merged into it.
        var everyPatient: [RecordID] = []
    }

    /// - Throws: a fault where a piece is unknown, withdrawn, out of use or ambiguous, or the patient unknown.
    func result() throws -> Result {
        let (lines, rules, withdrawn) = try self.linesAndRules()
        let record =
            try self.carried == nil
            ? self.draft.patientId.flatMap { try PeopleOfPrescription(call: self.call).patient($0) } : nil
        var prescription = PrescriptionCase(
            lines: lines, doses: self.draft.doses, dosesPerDay: self.draft.dosesPerDay ?? 1,
            patient: self.patient(record), today: self.call.today, rules: rules)
        prescription.use = self.draft.use
        prescription.kind = self.draft.kind ?? .ordinary
        prescription.hasKindReason = self.draft.kindReason != nil
        prescription.issuedOn = self.draft.issuedOn ?? (self.isSubmitted ? self.call.today : nil)
        prescription.isSubmitted = self.isSubmitted
        prescription.withdrawn = withdrawn
        if let carried = self.carried {
            prescription.judgedPrescriber = carried.prescriberFindings
        } else {
            prescription.prescriber = try PeopleOfPrescription(call: self.call).prescriber(self.draft.prescriberStaffId)
        }
        try self.readStock(
            of: &prescription,
            patients: self.carried?.patientIDs ?? record?.everyID ?? self.draft.patientId.map { [$0] } ?? [])
        return Result(
            prescription: prescription, findings: try PrescriptionCheck.findings(on: prescription), written: lines,
            patient: record?.personID, everyPatient: record?.everyID ?? [])
    }

    private func linesAndRules() throws -> ([PrescriptionCase.Line], RuleBook, [String: LocalDate]) {
        try self.checkLines()
        let names = self.draft.pieces.compactMap(\.written).map(PlainText.number)
        let results = try self.call.db.batch([
            Statement(
                CaseStore.pieces(
                    self.draft.pieces.compactMap(\.code) + self.draft.pieces.compactMap(\.substituteFor), named: names)),
            Statement(PharmacyRules.table.valid(on: self.call.today, site: self.call.site.id)),
            Statement(CatalogueStore.withdrawn(self.draft.pieces.compactMap(\.code), named: names)),
            Statement(CaseStore.aliased(names)),
        ])
        let rules = try PharmacyRules.book(results[1])
        let withdrawn = try results[2].decode(as: (String, String, LocalDate).self)
        guard withdrawn.isEmpty || !self.stored.isEmpty else {
            throw CatalogueFault.pieceOutOfUse.fault(.array(withdrawn.map { ["pieceCode": .string($0.0)] }))
        }
        let naming = PieceNaming(
            pieces: try CaseStore.prescribed(results[0]), withdrawn: try rules.names(.withdrawnNames),
            aliases: try Dictionary(
                results[3].decode(as: (String, String).self), uniquingKeysWith: { first, _ in first }))
        let unknown = self.draft.pieces.flatMap { [$0.code, $0.substituteFor].compactMap { $0 } }
            .filter { naming.piece(coded: $0) == nil }
        guard unknown.isEmpty else { throw DecoctionFault.unknown(Array(Set(unknown)).sorted()) }
        let lines = try self.draft.pieces.enumerated().compactMap { number, line in
            var line = try Self.line(line, naming)
            if number < self.stored.count {
                line?.written = self.stored[number].written
                line?.naming = self.stored[number].naming
            }
            return line
        }
        return (lines, rules, Dictionary(withdrawn.map { ($0.0, $0.2) }, uniquingKeysWith: { first, _ in first }))
    }

    private static func line(_ line: PrescriptionDraft.Line, _ naming: PieceNaming) throws -> PrescriptionCase.Line? {
        if let code = line.code {
            return naming.piece(coded: code).map {
                .init(piece: $0, perDoseMg: line.perDoseMg, cooking: line.cooking, substituteFor: line.substituteFor)
            }
        }
        return try line.written.map { name in
            let found = try naming.piece(named: name)
            return .init(
                piece: found.piece, perDoseMg: line.perDoseMg, cooking: line.cooking, substituteFor: line.substituteFor,
                written: PlainText.trimmed(name), naming: found.naming)
        }
    }

    /// A line names its piece in one way.
    private func checkLines() throws {
        for (index, line) in self.draft.pieces.enumerated()
        where [line.code, line.name, line.nameZh].compactMap(\.self).count != 1 {
            throw Fault.invalid("/pieces/\(index)", expected: "either code or name", zh: "code 与 name 填其一")
        }
        for (index, line) in self.draft.pieces.enumerated()
        where line.substituteFor != nil && line.substituteFor == line.code {
            throw Fault.invalid("/pieces/\(index)/substituteFor", expected: "another piece", zh: "另一种饮片")
        }
    }

    private func patient(_ record: PeopleOfPrescription.Record?) -> PrescriptionCase.Patient {
        let written = self.draft.patient
        var patient = PrescriptionCase.Patient(
            sex: written.sex, ageYears: written.ageYears, pregnant: self.answer ?? written.pregnant,
            allergies: written.allergies, isAsked: self.answer != nil)
        if let sex = record?.sex, sex == .male || sex == .female {
            patient.disagreesWithRecord = sex != written.sex
            patient.sex = sex
        }
        if let born = record?.birthDate {
            let age = born.years(on: self.call.today)
            // Who had a birthday since the draft was begun does not disagree.
            if abs(age - written.ageYears) > 1 { patient.disagreesWithRecord = true }
            patient.ageYears = age
        }
        return patient
    }

    private func readStock(of prescription: inout PrescriptionCase, patients: [RecordID]) throws {
        let codes = prescription.pieces.map(\.code)
        let site = try self.call.site.id
        let results = try self.call.db.batch([
            Statement(IncompatibilityStore.among(codes)),
            Statement(StockStore.totals(codes, site: site, on: self.call.today)),
            Statement(
                PrescriptionStore.controlledSupplies(
                    of: patients, site: site, since: self.call.today.adding(days: -Self.lookBack),
                    but: self.insteadOf ?? RecordID(high: 0, low: 0))),
        ])
        prescription.pairs = try CaseStore.pairs(results[0])
        prescription.stock = try CaseStore.stock(results[1])
        guard !patients.isEmpty else { return }
        prescription.earlier = try PrescriptionStore.supplies(results[2])
    }

    /// Longer than any run of days that the rules count.
    private static let lookBack = 60
}
