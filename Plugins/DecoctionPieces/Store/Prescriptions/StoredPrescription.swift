internal import XinglinKit

/// A prescription as it stands in the database, its sealed part opened.
struct StoredPrescription {
    struct Line {
        let number: Int
        let code: String
        let nameZh: String
        let perDoseMg: Int64
        let cooking: Cooking?
        let substituteFor: String?
    }

    let id: RecordID
    let patient: RecordID
    let draft: PrescriptionDraft
    let illness: Illness
    let lines: [Line]
    let issuedOn: LocalDate
    let supplyDays: Int
    let state: PrescriptionState
    let check: Int
    let keepUntil: LocalDate
    let rewrites: RecordID?
    let reuses: RecordID?
    let withdrawnReason: String?
    let createdAt: Timestamp
    let createdBy: RecordID
    /// Where it was written, of one that was taken over from another site.
    let origin: Origin?

    private typealias Columns = (
        RecordID, RecordID, RecordID?, LocalDate, PrescriptionKind, PrescriptionUse?, Int, Int, Int, PatientSex, Int,
        SQLBytes, SQLBytes, SQLBytes?, SQLBytes?, SQLBytes?, SQLBytes?, PrescriptionState, Int, LocalDate, RecordID?,
        RecordID?, Timestamp, RecordID, RecordID?, RecordID?
    )

    /// Reads one of the acting site, or of the site that has sent it here.
    /// - Parameter locking: keeps everybody else from changing it until the call ends.
    /// - Throws: `host.notFound`.
    static func read(
        _ id: RecordID, locking: Bool = false, at origin: RecordID? = nil, _ call: Call
    ) throws -> StoredPrescription {
        let site = try origin ?? call.site.id
        let results = try call.db.batch([
            Statement(locking ? PrescriptionStore.lock(id, site: site) : PrescriptionStore.read(id, site: site)),
            Statement(PrescriptionStore.lines(of: id, site: site)),
        ])
        guard let row = try results[0].first(as: Columns.self) else {
            throw HostFault.notFound.fault(["prescriptionId": .string(id.description)])
        }
        let lines = try results[1].decode(as: (Int, String, String, Int64, Cooking?, String?).self).map {
            Line(number: $0.0, code: $0.1, nameZh: $0.2, perDoseMg: $0.3, cooking: $0.4, substituteFor: $0.5)
        }
        return try StoredPrescription(row, lines, call)
    }

    private init(_ row: Columns, _ lines: [Line], _ call: Call) throws {
        typealias Sealed = PrescriptionColumns
        self.id = row.0
        self.patient = row.1
        self.lines = lines
        self.issuedOn = row.3
        self.supplyDays = row.8
        self.illness = Illness(
            diagnosis: try call.open(row.11, of: Sealed.diagnosis, row: row.0),
            syndrome: try call.open(row.12, of: Sealed.syndrome, row: row.0))
        let allergies = try row.14.map { try call.open($0, of: Sealed.allergies, row: row.0) }
        let pregnant = try row.15.map { try call.open($0, of: Sealed.pregnant, row: row.0) }
        self.draft = PrescriptionDraft(
            patient: .init(
                sex: row.9, ageYears: row.10, pregnant: pregnant.flatMap(PregnancyAnswer.init(rawValue:)),
                allergies: allergies.map { $0.split(separator: "\n").map(String.init) }),
            patientId: row.1, issuedOn: row.3, doses: row.6, dosesPerDay: row.7, use: row.5, kind: row.4,
            kindReason: try row.13.map { try call.open($0, of: Sealed.kindReason, row: row.0) },
            pieces: lines.map {
                .init(code: $0.code, perDoseMg: $0.perDoseMg, cooking: $0.cooking, substituteFor: $0.substituteFor)
            }, prescriberStaffId: row.2)
        self.withdrawnReason = try row.16.map { try call.open($0, of: Sealed.withdrawnReason, row: row.0) }
        self.state = row.17
        self.check = row.18
        self.keepUntil = row.19
        self.rewrites = row.20
        self.reuses = row.21
        self.createdAt = row.22
        self.createdBy = row.23
        if let site = row.24, let forwarding = row.25 {
            self.origin = Origin(site: site, forwarding: forwarding)
        } else {
            self.origin = nil
        }
    }

    /// The refusal of a step that the state does not allow.
    var stateConflict: Fault {
        PrescriptionFault.prescriptionStateConflict.fault([
            "prescriptionId": .string(self.id.description), "state": .string(self.state.rawValue),
        ])
    }
}

/// A signature as it stands in the database.
struct StoredSignature: Codable, Sendable {
    let rule: String
    let ruleVersion: String
    let pieces: [String]
    let staffId: RecordID
    let accountId: RecordID
    let ownAccount: Bool
    let reason: String
    let checkNo: Int
    let at: Timestamp
    /// What the patient answered.
    var answer: PregnancyAnswer?
    /// Whether a question was answered in words alone: it is as it was before anybody asked, but for the signature.
    var answeredByText: Bool?

    static let schema = Schema.object(
        .required("rule", .code(5...5), "The rule."),
        .required("ruleVersion", .code(1...20), "The version of the rule that the signer had before them."),
        .required("pieces", .array(.code(1...20), 0...80), "The pieces that it covers."),
        .required("staffId", .id, "Who signed."),
        .required("accountId", .id, "The account."),
        .required("ownAccount", .boolean, "Whether the account is known to be the signer's own."),
        .required("reason", .text(1...200), "The reason, or the answer."),
        .required("checkNo", .integer(1...1_000_000), "At which check."),
        .required("at", .timestamp, "When."),
        .optional("answer", .enumeration(PregnancyAnswer.codes), "What was answered to the question of RX-06."),
        .optional(
            "answeredByText", .boolean,
            "Whether that question was answered in the reason alone, without a coded answer."))

    /// What was answered last; nil where no answer was coded. An answer leads to a check of its own.
    static func answer(in signatures: [StoredSignature]) -> PregnancyAnswer? {
        signatures.filter { $0.answer != nil }.max { $0.checkNo < $1.checkNo }?.answer
    }

    /// The signatures that can lift a finding: an answer lifts none by itself, and what was signed for its rule before it, was signed
    /// without knowing it.
    static func holding(_ signatures: [StoredSignature]) -> [StoredSignature] {
        let last = signatures.filter { $0.answer != nil }.map(\.checkNo).max() ?? 0
        return signatures.filter {
            $0.answer == nil && ($0.checkNo > last || $0.rule != PregnancyMustBeRespected.id)
        }
    }

    static func read(_ rows: Rows, _ call: Call) throws -> [StoredSignature] {
        try rows.decode(
            as: (RecordID, Int, String, String, String, RecordID, RecordID, Bool, SQLBytes, Timestamp, SQLBytes?).self
        ).map { row in
            StoredSignature(
                rule: row.2, ruleVersion: row.3, pieces: row.4.split(separator: " ").map(String.init), staffId: row.5,
                accountId: row.6, ownAccount: row.7,
                reason: try call.open(row.8, of: PrescriptionColumns.signatureReason, row: row.0), checkNo: row.1,
                at: row.9,
                answer: try row.10.map { try call.open($0, of: PrescriptionColumns.signatureAnswer, row: row.0) }
                    .flatMap(PregnancyAnswer.init(rawValue:)))
        }
    }
}
