internal import XinglinKit

/// Who did something: an account, and the member of staff that it belonged to then.
struct Actor: Hashable {
    /// Nil where somebody was only named.
    let account: RecordID?
    /// Nil where the account was nobody's: then it is a person by itself.
    let staff: RecordID?
}

/// Tells whether two who acted are one person: by one account, by one member of staff, or by two of one person.
struct Persons {
    private let personOfStaff: [RecordID: RecordID]
    private let staffOfAccount: [RecordID: RecordID]

    /// - Parameter personOfStaff: as the index of staff has them; who is not in it stands for a person.
    init(_ actors: [Actor], personOfStaff: [RecordID: RecordID]) {
        self.personOfStaff = personOfStaff
        self.staffOfAccount = Dictionary(
            actors.compactMap { actor in actor.account.flatMap { account in actor.staff.map { (account, $0) } } },
            uniquingKeysWith: { first, _ in first })
    }

    func isSame(_ one: Actor, _ other: Actor) -> Bool {
        if let account = one.account, account == other.account { return true }
        guard let one = one.staff, let other = other.staff else { return false }
        return self.person(one) == self.person(other)
    }

    /// One id for each person. An account that has become somebody's since is that person's.
    func person(_ actor: Actor) -> RecordID {
        let staff = actor.staff ?? actor.account.flatMap { self.staffOfAccount[$0] }
        return staff.map(self.person) ?? actor.account ?? RecordID(high: 0, low: 0)
    }

    private func person(_ staff: RecordID) -> RecordID { self.personOfStaff[staff] ?? staff }
}
