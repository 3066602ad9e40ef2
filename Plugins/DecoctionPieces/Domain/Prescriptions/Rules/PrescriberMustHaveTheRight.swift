internal import XinglinKit

/// RX-01: who prescribes pieces has the right to; toxic and narcotic ones take rights of their own.
enum PrescriberMustHaveTheRight: PrescriptionRule {
    static let id = "RX-01"

    static func verdicts(on prescription: PrescriptionCase) throws(Fault) -> [Verdict] {
        switch prescription.prescriber {
        case .notNamed where prescription.isSubmitted:
            return [Self.refused([], zh: "处方未写明开方医师", en: "The prescription names no prescriber")]
        case .notNamed:
            return [.notChecked(zh: "未写明开方医师，未核对处方权", en: "No prescriber is named: the right was not checked")]
        case .notAskable:
            return [
                .notChecked(zh: "本机构未启用人员模块，未核对处方权", en: "The staff cannot be asked here: the right was not checked")
            ]
        case .unknown:
            return [Self.refused([], zh: "本机构没有这名医师", en: "The site knows no such prescriber")]
        case .known(_, hasLeft: true):
            return [Self.refused([], zh: "开方医师已离职", en: "The prescriber's employment has ended")]
        case .known(let rights, hasLeft: false):
            return try Self.verdicts(on: prescription, rights)
        }
    }

    private static func verdicts(
        on prescription: PrescriptionCase, _ rights: Set<String>
    ) throws(Fault) -> [Verdict] {
        var found: [Verdict] = []
        if !rights.contains(try prescription.rules.text(.tcmRight)) {
            found.append(
                Self.refused([], zh: "开方医师没有中药饮片处方权", en: "The prescriber has no right to prescribe pieces"))
        }
        let mayToxic = rights.contains(try prescription.rules.text(.toxicRight))
        let toxic = prescription.pieces.filter { $0.controlClass == .toxic || $0.isToxic28 }.map(\.code)
        if !toxic.isEmpty, !mayToxic {
            let names = prescription.names(toxic)
            found.append(
                Self.refused(
                    toxic, zh: "\(names)为毒性药品，开方医师没有毒性药品处方权",
                    en: "\(names): toxic, and the prescriber has no right to prescribe toxic pieces"))
        }
        let narcotic = prescription.pieces(.narcotic).map(\.code)
        if !narcotic.isEmpty, !rights.contains(try prescription.rules.text(.narcoticRight)) {
            let names = prescription.names(narcotic)
            found.append(
                Self.refused(
                    narcotic, zh: "\(names)为麻醉药品，开方医师没有麻醉药品处方权",
                    en: "\(names): narcotic, and the prescriber has no right to prescribe narcotics"))
        }
        let house = prescription.pieces(.house).map(\.code)
        if !house.isEmpty, !mayToxic {
            let names = prescription.names(house)
            found.append(
                Verdict(
                    .warn, house, zh: "\(names)为院内加严品种，宜由有毒性药品处方权的医师开具",
                    en: "\(names): under the house's control; better prescribed by who may prescribe toxic pieces",
                    .consider))
        }
        return found
    }

    private static func refused(_ pieces: [String], zh: String, en: String) -> Verdict {
        Verdict(.block, pieces, zh: zh, en: en, .anotherPrescriber)
    }
}
