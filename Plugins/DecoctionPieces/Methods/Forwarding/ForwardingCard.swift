internal import XinglinKit

/// A forwarded prescription as either site sees it.
struct ForwardingCard: Codable, Sendable {
    let forwardingId: RecordID
    let side: String
    let siteCode: String
    let siteNameZh: String
    let pharmacyCode: String
    let pharmacyNameZh: String
    let state: ForwardingState
    let stateZh: String
    let prescriptionId: RecordID
    var pharmacyPrescriptionId: RecordID?
    var pharmacyState: PrescriptionState?
    var pharmacyStateZh: String?
    var jobState: JobState?
    var jobStateZh: String?
    let patientId: RecordID
    var note: String?
    let sentAt: Timestamp
    var withdrawnAt: Timestamp?
    var takenAt: Timestamp?
    var refusal: String?
    var refusedAt: Timestamp?
    var carrier: String?
    var shippedAt: Timestamp?
    var dueOn: LocalDate?
    var totalFen: Int64?
    var receivedAt: Timestamp?
    var recalledAt: Timestamp?
    var givenUpAt: Timestamp?
    var whyGivenUp: GivenUp?
    var giveUpReason: String?
    let overdue: Bool

    static let sides = ["sent", "received"]

    static let schema = Schema.object(
        ForwardingMoved.fields + [
            .required("side", .enumeration(Self.sides), "Whether the acting site sent it, or received it."),
            .required("siteCode", .text(1...60), "Who sent it, by its code then."),
            .required("siteNameZh", .text(1...60), "By its name."),
            .required("pharmacyCode", .text(1...60), "Whose pharmacy it was sent to."),
            .required("pharmacyNameZh", .text(1...60), "By its name."),
            .required("prescriptionId", .id, "The prescription where it was written."),
            .optional("pharmacyPrescriptionId", .id, "The prescription that the pharmacy works on."),
            .optional("pharmacyState", .enumeration(PrescriptionState.codes), "How far the pharmacy has brought it."),
            .optional("pharmacyStateZh", .text(1...20), "The same in Chinese."),
            .optional("jobState", .enumeration(JobState.codes), "Where it stands in the pharmacy's decoction room."),
            .optional("jobStateZh", .text(1...20), "The same in Chinese."),
            .required("patientId", .id, "The patient."),
            .optional("note", .text(1...200), "What the sender said to it."),
            .required("sentAt", .timestamp, "When it was sent."),
            .optional("withdrawnAt", .timestamp, "When it was called back."),
            .optional("takenAt", .timestamp, "When the pharmacy took it."),
            .optional("refusal", .text(1...500), "Why it goes back to the doctor."),
            .optional("refusedAt", .timestamp, "When the pharmacy refused it."),
            .optional("carrier", .text(1...60), "Who brings the medicine to the sender."),
            .optional("shippedAt", .timestamp, "When it set out."),
            .optional("dueOn", .date, "By when it has to arrive (rule SHARED shipmentDueDays)."),
            .optional(
                "totalFen", .integer(0...1_000_000_000_000_000),
                "What the pharmacy charges for what has set out, in fen; absent where a price was missing."),
            .optional("receivedAt", .timestamp, "When the sender had it."),
            .optional(
                "recalledAt", .timestamp,
                "When the pharmacy recalled a lot of it that had set out; it is not given out then."),
            .optional("givenUpAt", .timestamp, "When the sender gave the medicine up."),
            .optional("whyGivenUp", .enumeration(GivenUp.codes), "Why."),
            .optional("giveUpReason", .text(1...200), "What was said beside it."),
            .required("overdue", .boolean, "Whether it is on its way behind that day."),
        ])

    private typealias Columns = (
        RecordID, String, String, String, String, String, ForwardingState, RecordID, RecordID?, PrescriptionState?,
        RecordID, SQLBytes?, Timestamp, Timestamp?, Timestamp?, SQLBytes?, Timestamp?, SQLBytes?, Timestamp?,
        LocalDate?,
        Timestamp?, Timestamp?, Timestamp?, GivenUp?, SQLBytes?, Int64?, Bool, JobState?
    )

    /// Reads the rows of `ForwardingQueries`.
    static func read(_ rows: Rows, _ call: Call) throws -> [ForwardingCard] {
        typealias Sealed = ForwardingColumns
        return try rows.decode(as: Columns.self).map { row in
            func open(_ bytes: SQLBytes?, _ column: SealedColumn) throws -> String? {
                try bytes.map { try call.open($0, of: column, row: row.0) }
            }
            // One by one: the initialiser with all of them is more than the compiler can check.
            var card = ForwardingCard(
                forwardingId: row.0, side: row.1, siteCode: row.2, siteNameZh: row.3, pharmacyCode: row.4,
                pharmacyNameZh: row.5, state: row.6, stateZh: row.6.labelZh, prescriptionId: row.7,
                patientId: row.10, sentAt: row.12, overdue: row.26)
            (card.pharmacyPrescriptionId, card.pharmacyState) = (row.8, row.9)
            card.pharmacyStateZh = row.9?.labelZh
            (card.jobState, card.jobStateZh) = (row.27, row.27?.labelZh)
            card.note = try open(row.11, Sealed.note)
            (card.withdrawnAt, card.takenAt) = (row.13, row.14)
            card.refusal = try open(row.15, Sealed.refusal)
            card.refusedAt = row.16
            card.carrier = try open(row.17, Sealed.carrier)
            (card.shippedAt, card.dueOn) = (row.18, row.19)
            (card.receivedAt, card.recalledAt, card.givenUpAt, card.whyGivenUp) = (row.20, row.21, row.22, row.23)
            card.giveUpReason = try open(row.24, Sealed.giveUpReason)
            card.totalFen = row.25
            return card
        }
    }

    static let small = ForwardingCard(
        forwardingId: Sample.forwarding, side: "sent", siteCode: "town-01", siteNameZh: "甲字镇卫生院",
        pharmacyCode: "county-01", pharmacyNameZh: "县中医医院", state: .sent, stateZh: ForwardingState.sent.labelZh,
        prescriptionId: Sample.prescription, patientId: Sample.patient, sentAt: Sample.instant, overdue: false)

    static let full = ForwardingCard(
        forwardingId: Sample.forwarding, side: "received", siteCode: "town-01", siteNameZh: "甲字镇卫生院",
        pharmacyCode: "county-01", pharmacyNameZh: "县中医医院", state: .inTransit,
        stateZh: ForwardingState.inTransit.labelZh, prescriptionId: Sample.prescription,
        pharmacyPrescriptionId: Sample.formerPrescription, pharmacyState: .handedOver,
        pharmacyStateZh: PrescriptionState.handedOver.labelZh, jobState: .delivered,
        jobStateZh: JobState.delivered.labelZh, patientId: Sample.patient, note: "请代煎，送回本院",
        sentAt: Sample.instant, withdrawnAt: Sample.instant, takenAt: Sample.instant, refusal: "库存不足，请改方",
        refusedAt: Sample.instant, carrier: "配送员", shippedAt: Sample.instant, dueOn: Sample.instant.localDate,
        totalFen: 1_757, receivedAt: Sample.instant, recalledAt: Sample.instant, givenUpAt: Sample.instant,
        whyGivenUp: .recalled,
        giveUpReason: "已就地封存，待县院收回", overdue: false)
}
