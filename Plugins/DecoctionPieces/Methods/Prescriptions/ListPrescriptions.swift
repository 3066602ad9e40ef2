internal import XinglinKit

/// `decoction.prescription.list`
struct ListPrescriptions: RPCMethod {
    struct Params: Codable, Sendable {
        var patientId: RecordID?
        var state: PrescriptionState?
        var from: LocalDate?
        var to: LocalDate?
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let prescriptions: RowList<Entry>
        var next: String?
    }

    struct Entry: Codable, Sendable {
        let prescriptionId: RecordID
        let patientId: RecordID
        var prescriberStaffId: RecordID?
        let issuedOn: LocalDate
        let kind: PrescriptionKind
        var use: PrescriptionUse?
        let doses: Int
        let dosesPerDay: Int
        let supplyDays: Int
        var rewrites: RecordID?
        var reuses: RecordID?
        let createdAt: Timestamp
        let createdBy: RecordID
        let state: PrescriptionState
        let stateZh: String
    }

    static let name = "decoction.prescription.list"
    static let summary =
        "Lists the prescriptions of the acting site, the newest first, by patient, state and day of issue."
    static let effect = Effect.read
    static let access = Access.roles([.doctor, .pharmacist, .reviewer])
    static let params = Schema.object(
        [
            .optional("patientId", .id, "Only those of this patient, merged records included."),
            .optional("state", .enumeration(PrescriptionState.codes), "Only those in this state."),
            .optional("from", .date, "Only those issued on this day or later."),
            .optional("to", .date, "Only those issued on this day or earlier."),
        ] + Schema.pageParams)
    static let reply = Schema.object(
        .required("prescriptions", .array(Self.entry, 0...500), "The prescriptions of this page."), Schema.pageReply)

    private static let entry = Schema.object(
        .required("prescriptionId", .id, "The prescription."),
        .required("patientId", .id, "The patient."),
        .optional("prescriberStaffId", .id, "Who prescribed it."),
        .required("issuedOn", .date, "The day of issue."),
        .required("kind", .enumeration(PrescriptionKind.codes), "Which form."),
        .optional("use", .enumeration(PrescriptionUse.codes), "oral or external, as it was written."),
        .required("doses", .integer(1...400), "How many doses."),
        .required("dosesPerDay", .integer(1...10), "How many a day."),
        .required("supplyDays", .integer(1...400), "For how many days they last."),
        .optional("rewrites", .id, "The prescription that it was written instead of."),
        .optional("reuses", .id, "The old prescription that it was written anew from."),
        .required("createdAt", .timestamp, "When it was handed in."),
        .required("createdBy", .id, "By which account."),
        .required("state", .enumeration(PrescriptionState.codes), "Where it stands."),
        .required("stateZh", .text(1...20), "The same in Chinese."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let last = try page.after(0) ?? RecordID(high: .max, low: .max)
        let site = try call.site.id
        var filter = PrescriptionStore.Filter(state: params.state, from: params.from, to: params.to)
        let sql: SQL
        if let patient = params.patientId {
            filter.patients = try PeopleOfPrescription(call: call).patient(patient)?.everyID ?? [patient]
            sql = PrescriptionStore.listOfPatient(filter, site: site, before: last, limit: page.limit + 1)
        } else {
            sql = PrescriptionStore.list(filter, site: site, before: last, limit: page.limit + 1)
        }
        let (rows, hasMore) = try call.db.rows(sql).page(limit: page.limit)
        let shown = try rows.decode(as: (RecordID, RecordID).self)
        call.recordAccess(basis: "treatment", subjects: Array(Set(shown.map(\.1))).sorted())
        return Reply(
            prescriptions: .json(rows.json(PrescriptionStore.columns)),
            next: hasMore ? shown.last.map { Page.cursor($0.0.description) } : nil)
    }

    static var examples: Examples<Params, Reply> {
        let entry = Entry(
            prescriptionId: Sample.prescription, patientId: Sample.patient, prescriberStaffId: Sample.staff,
            issuedOn: Sample.instant.localDate, kind: .ordinary, use: .oral, doses: 7, dosesPerDay: 1, supplyDays: 7,
            rewrites: Sample.formerPrescription, reuses: Sample.formerPrescription, createdAt: Sample.instant,
            createdBy: Sample.account, state: .readyForReview, stateZh: PrescriptionState.readyForReview.labelZh)
        let cursor = Page.cursor(Sample.prescription.description)
        return Examples(
            full: (
                Params(
                    patientId: Sample.patient, state: .readyForReview, from: Sample.instant.localDate,
                    to: Sample.instant.localDate, limit: 1, after: cursor),
                Reply(prescriptions: .elements([entry]), next: cursor)
            ), minimal: (Params(), Reply(prescriptions: .elements([]))))
    }
}
