internal import XinglinKit

/// A prescription as a caller writes it; the params of `decoction.prescription.check`, and part of those of `submit` and `rewrite`.
struct PrescriptionDraft: Codable, Sendable {
    struct Patient: Codable, Sendable {
        let sex: PatientSex
        let ageYears: Int
        var pregnant: PregnancyAnswer?
        var allergies: [String]?
    }

    /// A piece by its code, or by its name where a prescription on paper is taken over.
    struct Line: Codable, Sendable {
        var code: String?
        var nameZh: String?
        var name: String?
        let perDoseMg: Int64
        var cooking: Cooking?
        var substituteFor: String?

        /// The name that was written.
        var written: String? { self.name ?? self.nameZh }
    }

    var patient: Patient
    var patientId: RecordID?
    var issuedOn: LocalDate?
    let doses: Int
    var dosesPerDay: Int?
    var use: PrescriptionUse?
    var kind: PrescriptionKind?
    var kindReason: String?
    let pieces: [Line]
    var prescriberStaffId: RecordID?

    static let fields: [Schema.Field] = [
        .required(
            "patient", Self.patientSchema,
            "The patient. Where patientId is given, sex and age are taken from the record."),
        .optional("patientId", .id, "The patient's id in the index of persons."),
        .optional("issuedOn", .date, "The day of issue (RX-02)."),
        .required("doses", .integer(1...400), "How many doses (剂, 付)."),
        .optional("dosesPerDay", .integer(1...10), "How many doses a day; 1 unless told."),
        .optional("use", .enumeration(PrescriptionUse.codes), "oral or external; judged as oral unless told."),
        .optional(
            "kind", .enumeration(PrescriptionKind.codes),
            "ordinary unless told; emergency and longTerm for RX-03, narcotic for RX-10 (light red)."),
        .optional("kindReason", .text(1...200), "Why it is a long prescription."),
        .required("pieces", .array(Self.line, 1...80), "What one dose consists of."),
        .optional("prescriberStaffId", .id, "Who prescribes; a member of staff (RX-01)."),
    ]

    static let patientSchema = Schema.object(
        .required("sex", .enumeration(PatientSex.codes), "Sex (GB/T 2261.1)."),
        .required("ageYears", .integer(0...150), "Age in completed years."),
        .optional("pregnant", .enumeration(PregnancyAnswer.codes), "Whether the patient is pregnant (RX-06)."),
        .optional("allergies", .array(.text(1...60), 0...50), "Known allergies; empty where there are none (RX-12)."))

    private static let line = Schema.object(
        .optional("code", .code(1...20), "The piece; this or name."),
        .optional(
            "name", .text(1...30),
            "The piece as a paper prescription names it: its own name, an alias, or a base material; this or code."),
        .optional("nameZh", .text(1...30), "The same as name."),
        .required("perDoseMg", .integer(1...1_000_000), "Its weight in one dose, in milligrams."),
        .optional("cooking", .enumeration(Cooking.codes), "How it is boiled, as written in brackets (RX-04)."),
        .optional(
            "substituteFor", .code(1...20), "The piece that the doctor replaces with this one (RX-14)."))

    /// Every member, for the examples.
    static let example = PrescriptionDraft(
        patient: Patient(sex: .female, ageYears: 34, pregnant: .no, allergies: ["青霉素"]), patientId: Sample.patient,
        issuedOn: Sample.instant.localDate, doses: 14, dosesPerDay: 1, use: .oral, kind: .longTerm,
        kindReason: "慢性病，病情稳定",
        pieces: [
            Line(code: "XLYP0001", perDoseMg: 6000, cooking: Cooking.none),
            Line(nameZh: "桂枝", perDoseMg: 9000, substituteFor: "XLYP0004"),
            Line(name: "双花", perDoseMg: 9000),
        ], prescriberStaffId: Sample.staff)

    static let small = PrescriptionDraft(
        patient: Patient(sex: .male, ageYears: 50), doses: 3, pieces: [Line(code: "XLYP0001", perDoseMg: 6000)])
}
