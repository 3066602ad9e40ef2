internal import XinglinKit

/// `decoction.label.get`
struct GetLabel: RPCMethod {
    struct Params: Codable, Sendable {
        let prescriptionId: RecordID
        let kind: LabelKind
    }

    struct Reply: Codable, Sendable {
        let svg: String
    }

    static let name = "decoction.label.get"
    static let summary = """
        Gives the label of a reviewed prescription for the bag or the pot as a page to print, with name, doses, pieces, special boiling, use and \
        staff (8.5). Whose name is shown is audited.
        """
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer])
    static let params = Schema.object(
        .required("prescriptionId", .id, "A prescription that is approved, or further on."),
        .required("kind", .enumeration(LabelKind.codes), "bag, or pot with fields that are filled in by hand."))
    static let reply = Schema.object(
        .required("svg", .opaque(1...200_000), "An SVG page of 100 mm width; it holds the patient's name."))
    static let faults = [PrescriptionFault.prescriptionStateConflict]

    private static let states: [PrescriptionState] = [.approved, .dispensing, .dispensed, .handedOver]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let stored = try StoredPrescription.read(params.prescriptionId, call)
        guard Self.states.contains(stored.state) else { throw stored.stateConflict }
        let card = try LabelReading(call: call, stored: stored).card()
        call.recordAccess(basis: "treatment", subjects: [stored.patient])
        return Reply(svg: LabelPage(card: card, kind: params.kind).svg)
    }

    static var examples: Examples<Params, Reply> {
        let card = LabelCard(
            siteZh: "甲字镇卫生院", patientZh: "张三", sexZh: "女", ageYears: 34, number: Sample.prescription.description,
            issuedOn: Sample.instant.localDate, kindZh: PrescriptionKind.ordinary.labelZh, doses: 7, dosesPerDay: 1,
            isExternal: false,
            pieces: [.init(nameZh: "麻黄", perDoseMg: 6_000, cooking: .first)],
            staff: [.init(dutyZh: "医师", nameZh: "李四")])
        let example = (
            params: Params(prescriptionId: Sample.prescription, kind: LabelKind.bag),
            reply: Reply(svg: LabelPage(card: card, kind: .bag).svg)
        )
        return Examples(full: example, minimal: example)
    }
}
