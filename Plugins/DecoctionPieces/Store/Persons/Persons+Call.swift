internal import XinglinKit

extension Actor {
    /// The caller.
    init(_ call: Call) throws {
        self.init(account: try call.caller.accountID, staff: try Signing.own(call))
    }
}

extension Persons {
    private struct Asked: Encodable { let staffIds: [RecordID] }
    private struct Found: Decodable {
        struct Member: Decodable {
            let staffId: RecordID
            let personId: RecordID
        }
        let staff: [Member]
    }

    /// Asks the index of staff once, and only where two members of staff could be one person. Where it cannot be asked, each stands for a
    /// person.
    init(_ actors: [Actor], _ call: Call) throws {
        let staff = Set(actors.compactMap(\.staff))
        guard staff.count > 1 else {
            self.init(actors, personOfStaff: [:])
            return
        }
        do {
            let found: Found = try call.module("people.staff.getMany", Asked(staffIds: staff.sorted()))
            self.init(
                actors,
                personOfStaff: Dictionary(
                    found.staff.map { ($0.staffId, $0.personId) }, uniquingKeysWith: { first, _ in first }))
        } catch let fault as Fault where PeopleOfPrescription.isAway(fault) {
            self.init(actors, personOfStaff: [:])
        }
    }

    /// Whether the caller is one of those who acted.
    static func isCaller(amongst actors: [Actor], _ call: Call) throws -> Bool {
        guard !actors.isEmpty else { return false }
        let caller = try Actor(call)
        let persons = try Persons(actors + [caller], call)
        return actors.contains { persons.isSame($0, caller) }
    }
}
