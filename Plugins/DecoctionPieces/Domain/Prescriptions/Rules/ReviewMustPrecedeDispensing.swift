internal import XinglinKit

/// RX-13: a pharmacist of the grade reviews the prescription before it is dispensed, and is not the one who dispenses it. Before
/// a review has taken place it has nothing to judge.
enum ReviewMustPrecedeDispensing: PrescriptionRule {
    static let id = "RX-13"

    static func verdicts(on prescription: PrescriptionCase) throws(Fault) -> [Verdict] {
        guard let review = prescription.review else {
            return [
                .notChecked(
                    zh: "调剂前须经药师审方，尚未审方", en: "A pharmacist reviews it before dispensing; that is still to come")
            ]
        }
        guard let reviewer = review.reviewer else {
            return [Verdict(.block, zh: "尚未审方，不得调剂", en: "Not reviewed: it may not be dispensed", .review)]
        }
        if reviewer == review.dispenser {
            return [
                Verdict(.block, zh: "审方药师与调剂药师须为两人", en: "Who reviews does not dispense", .anotherPharmacist)
            ]
        }
        let wanted = try prescription.rules.text(
            review.isSecondaryHospital ? .reviewerTitleSecondary : .reviewerTitlePrimary)
        guard let title = review.title else {
            return [Verdict(.warn, zh: "审方药师的职称未核对", en: "The reviewer's title was not checked", .notChecked)]
        }
        guard PharmacistRank(title: title) < PharmacistRank(title: wanted) else { return [] }
        return [
            Verdict(.block, zh: "审方药师的职称不够", en: "The reviewer's title is too low", .anotherPharmacist)
        ]
    }
}

/// The rank of a pharmacist's title, as `people.staff` codes it; 0 for what is no pharmacist's.
struct PharmacistRank: Comparable {
    private let rank: Int

    init(title: String) {
        let plain = title.replacing("Tcm", with: "").replacing("tcmPharmacist", with: "pharmacist")
        let ranks = [
            "assistantPharmacist", "pharmacist", "pharmacistInCharge", "associateChiefPharmacist", "chiefPharmacist",
        ]
        self.rank = (ranks.firstIndex(of: plain) ?? -1) + 1
    }

    static func < (left: PharmacistRank, right: PharmacistRank) -> Bool { left.rank < right.rank }
}
