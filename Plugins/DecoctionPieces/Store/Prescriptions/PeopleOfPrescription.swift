internal import XinglinKit

/// What the index of persons and staff is asked for a prescription. `people` need not be there: then a check judges without it.
struct PeopleOfPrescription {
    let call: Call

    static let uses = ["people.staff.getMany", "people.person.get", "people.person.getMany"]

    private struct AskedStaff: Encodable { let staffIds: [RecordID] }
    private struct FoundStaff: Decodable {
        struct Member: Decodable {
            let staffId: RecordID
            let personId: RecordID
            let rights: [String]
            let leftOn: LocalDate?
        }
        let staff: [Member]
    }
    private struct AskedPerson: Encodable { let personId: RecordID }
    private struct FoundPerson: Decodable {
        struct Absorbed: Decodable { let personId: RecordID }
        let personId: RecordID
        let sex: PatientSex
        let birthDate: LocalDate?
        let absorbed: [Absorbed]
    }

    /// The members of staff that the site knows, by id.
    func staff(_ ids: [RecordID]) throws -> [RecordID: SignerMustBeEntitled.Staff] {
        guard !ids.isEmpty else { return [:] }
        let found: FoundStaff = try self.call.module("people.staff.getMany", AskedStaff(staffIds: ids))
        return Dictionary(
            found.staff.map { member in
                let hasLeft = member.leftOn.map { $0 < self.call.today } ?? false
                return (
                    member.staffId,
                    SignerMustBeEntitled.Staff(
                        staffID: member.staffId, personID: member.personId, rights: Set(member.rights), hasLeft: hasLeft
                    )
                )
            }, uniquingKeysWith: { first, _ in first })
    }

    /// Whether the index of staff can be asked at the site.
    func isAskable() throws -> Bool {
        do {
            _ = try self.staff([RecordID(high: 0, low: 0)])
            return true
        } catch let fault as Fault where Self.isAway(fault) {
            return false
        }
    }

    /// The prescriber's rights.
    func prescriber(_ id: RecordID?) throws -> PrescriptionCase.Prescriber {
        guard let id else { return .notNamed }
        do {
            guard let staff = try self.staff([id])[id] else { return .unknown }
            return .known(rights: staff.rights, hasLeft: staff.hasLeft)
        } catch let fault as Fault where Self.isAway(fault) {
            return .notAskable
        }
    }

    /// A patient as the index has them: the record that is kept, with the ids of those merged into it.
    struct Record {
        let personID: RecordID
        let everyID: [RecordID]
        let sex: PatientSex
        let birthDate: LocalDate?
    }

    /// The patient; nil where the index cannot be asked.
    /// - Throws: `host.notFound` where the site knows no such person.
    func patient(_ id: RecordID) throws -> Record? {
        do {
            let found: FoundPerson = try self.call.module("people.person.get", AskedPerson(personId: id))
            return Record(
                personID: found.personId,
                everyID: Array(Set([id, found.personId] + found.absorbed.map(\.personId))).sorted(),
                sex: found.sex, birthDate: found.birthDate)
        } catch let fault as Fault where Self.isAway(fault) {
            return nil
        }
    }

    /// Whether the module of persons is not installed, not enabled at the site, or quarantined.
    static func isAway(_ fault: Fault) -> Bool {
        [HostFault.methodNotFound, HostFault.moduleDisabled, HostFault.moduleQuarantined].contains(fault.kind)
    }
}
