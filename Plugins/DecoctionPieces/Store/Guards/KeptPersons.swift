internal import XinglinKit

extension PeopleOfPrescription {
    private struct AskedPersons: Encodable { let personIds: [RecordID] }
    private struct FoundPersons: Decodable {
        struct Card: Decodable {
            let askedId: RecordID?
            let personId: RecordID
        }
        let persons: [Card]
    }

    /// Which record is kept of each person, where that is another one: records are merged.
    func kept(_ ids: [RecordID]) throws -> [RecordID: RecordID] {
        let asked = Array(Set(ids)).sorted()
        var kept: [RecordID: RecordID] = [:]
        do {
            for start in stride(from: 0, to: asked.count, by: Self.most) {
                let part = Array(asked[start..<min(start + Self.most, asked.count)])
                let found: FoundPersons = try self.call.module(
                    "people.person.getMany", AskedPersons(personIds: part))
                for card in found.persons { kept[card.askedId ?? card.personId] = card.personId }
            }
        } catch let fault as Fault where Self.isAway(fault) {
            return [:]
        }
        return kept
    }

    /// How many persons the index shows at once.
    private static let most = 500
}

extension RecallReport.Patient {
    /// The same under the record that is kept of the patient.
    func under(_ kept: [RecordID: RecordID]) -> Self {
        var patient = self
        patient.patientId = kept[self.patientId] ?? self.patientId
        return patient
    }
}
