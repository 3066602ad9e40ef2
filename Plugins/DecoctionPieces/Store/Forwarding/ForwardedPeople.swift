internal import XinglinKit

/// Who the patient and the prescriber are, as the index tells the site that sends a prescription: the pharmacy cannot ask it for them.
struct ForwardedPeople {
    let patientName: String
    /// The kept record first, then those that were merged into it.
    let patientIDs: [RecordID]
    let prescriberName: String?

    private struct AskedPerson: Encodable { let personId: RecordID }
    private struct FoundPerson: Decodable {
        struct Absorbed: Decodable { let personId: RecordID }
        let personId: RecordID
        let nameZh: String
        let absorbed: [Absorbed]
    }

    static func read(of stored: StoredPrescription, _ call: Call) throws -> ForwardedPeople {
        let person: FoundPerson = try call.module("people.person.get", AskedPerson(personId: stored.patient))
        let others = Set([stored.patient] + person.absorbed.map(\.personId)).subtracting([person.personId])
        let prescriber = stored.draft.prescriberStaffId
        let members = try PharmacyStaff(call: call).members(prescriber.map { [$0] } ?? [])
        return ForwardedPeople(
            patientName: person.nameZh, patientIDs: [person.personId] + others.sorted(),
            prescriberName: prescriber.flatMap { members[$0]?.nameZh })
    }
}
