internal import XinglinKit

/// What somebody does between review and the patient (RX-13, 8.4).
enum PharmacyDuty: String, Sendable {
    case reviewer, dispenser, checker
}

/// A member of staff as the pharmacy needs them.
struct PharmacyMember: Equatable {
    let staffID: RecordID
    let personID: RecordID
    let nameZh: String
    let title: String
    let hasLeft: Bool
}

/// Whether somebody may take a duty on: employed here, of the grade, and not the one who had the other duty.
struct PharmacistMustBeEntitled {
    let duty: PharmacyDuty
    /// The least title, as the rule table has it; nil where any pharmacist may.
    let least: String?
    /// Who may not: the one with the other duty.
    var others: [PharmacyMember] = []

    /// - Throws: `decoction.staffNotEntitled` with what is missing.
    func check(_ member: PharmacyMember?, asked id: RecordID) throws(Fault) {
        if self.others.contains(where: { $0.staffID == id || $0.personID == member?.personID }) {
            throw self.refusal("anotherPerson", id)
        }
        guard let member, !member.hasLeft else { throw self.refusal("staff", id) }
        let rank = PharmacistRank(title: member.title)
        let none = PharmacistRank(title: "")
        if rank == none || rank < PharmacistRank(title: self.least ?? "") { throw self.refusal("title", id) }
    }

    func refusal(_ missing: String, _ id: RecordID?) -> Fault {
        var details: [String: JSONValue] = [
            "duty": .string(self.duty.rawValue), "missing": .string(missing),
        ]
        details["staffId"] = id.map { .string($0.description) }
        if missing == "title" { details["least"] = self.least.map { .string($0) } }
        return DispensingFault.staffNotEntitled.fault(.object(details))
    }
}
