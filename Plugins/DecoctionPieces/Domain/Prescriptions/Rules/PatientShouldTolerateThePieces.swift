internal import XinglinKit

/// RX-12: allergies, age, and pieces with a warning for liver or kidneys. 罂粟壳 is not for children.
enum PatientShouldTolerateThePieces: PrescriptionRule {
    static let id = "RX-12"

    static func verdicts(on prescription: PrescriptionCase) throws(Fault) -> [Verdict] {
        var found = Self.allergies(prescription)
        found += try Self.age(prescription)
        for (key, zh, en) in [(RuleKey.liverMaterials, "肝", "liver"), (.kidneyMaterials, "肾", "kidneys")] {
            let materials = try prescription.rules.names(key)
            let pieces = prescription.pieces.filter { materials.contains($0.baseMaterial) }.map(\.code)
            guard !pieces.isEmpty else { continue }
            let names = prescription.names(pieces)
            found.append(
                Verdict(
                    .warn, pieces, zh: "\(names)有\(zh)功能损害风险，请留意疗程和\(zh)功能",
                    en: "\(names): a risk for the \(en); mind the course and the function", .consider))
        }
        return found
    }

    private static func allergies(_ prescription: PrescriptionCase) -> [Verdict] {
        guard let allergies = prescription.patient.allergies else {
            return [.notChecked(zh: "未提供过敏史，未核对过敏", en: "No history of allergies was given: it was not checked")]
        }
        let known = allergies.map(PlainText.number).filter { !$0.isEmpty }
        let pieces = prescription.pieces.filter { piece in
            known.contains { allergy in
                allergy.contains(piece.baseMaterial) || allergy.contains(piece.nameZh)
                    || allergy.count > 1 && (piece.nameZh.contains(allergy) || piece.baseMaterial.contains(allergy))
            }
        }.map(\.code)
        guard !pieces.isEmpty else { return [] }
        let names = prescription.names(pieces)
        return [
            Verdict(.warn, pieces, zh: "\(names)与过敏史相符，请核对", en: "\(names): matches a known allergy", .consider)
        ]
    }

    private static func age(_ prescription: PrescriptionCase) throws(Fault) -> [Verdict] {
        let age = Int64(prescription.patient.ageYears)
        let isChild = age < (try prescription.rules.number(.childAgeBelow))
        let isOld = age >= (try prescription.rules.number(.elderAgeFrom))
        guard isChild || isOld else { return [] }
        var found: [Verdict] = []
        let husk = prescription.pieces(.narcotic).map(\.code)
        if isChild, !husk.isEmpty {
            let names = prescription.names(husk)
            found.append(
                Verdict(.block, husk, zh: "\(names)儿童禁用", en: "\(names): forbidden for children", .rewrite))
        }
        let toxic = prescription.pieces.filter { $0.toxicity != .none && $0.controlClass != .narcotic }.map(\.code)
        if !toxic.isEmpty {
            let names = prescription.names(toxic)
            found.append(
                Verdict(
                    .warn, toxic, zh: "\(names)有毒性标注，\(isChild ? "儿童" : "老年人")慎用并酌减",
                    en: "\(names): marked as toxic; with caution and less for \(isChild ? "children" : "the old")",
                    .consider))
        }
        return found
    }
}
