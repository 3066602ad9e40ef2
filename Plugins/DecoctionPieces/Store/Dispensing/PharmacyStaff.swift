internal import XinglinKit

/// The staff that review, dispense and check, as the index of staff has them.
struct PharmacyStaff {
    let call: Call

    private struct Asked: Encodable { let staffIds: [RecordID] }
    private struct Found: Decodable {
        struct Member: Decodable {
            let staffId: RecordID
            let personId: RecordID
            let nameZh: String
            let title: String
            let leftOn: LocalDate?
        }
        let staff: [Member]
    }

    /// The members that the site knows, by id.
    /// - Throws: a refusal where the index of staff cannot be asked.
    func members(_ ids: [RecordID]) throws -> [RecordID: PharmacyMember] {
        guard !ids.isEmpty else { return [:] }
        let found: Found = try self.call.module(
            "people.staff.getMany", Asked(staffIds: Array(Set(ids)).sorted()))
        return Dictionary(
            found.staff.map { member in
                (
                    member.staffId,
                    PharmacyMember(
                        staffID: member.staffId, personID: member.personId, nameZh: member.nameZh, title: member.title,
                        hasLeft: member.leftOn.map { $0 < self.call.today } ?? false)
                )
            }, uniquingKeysWith: { first, _ in first })
    }

    /// The caller's own member of staff; nil where the account is nobody's, or the index cannot be asked.
    /// - Throws: `decoction.staffNotEntitled` where the person may not take the duty on.
    func caller(as duty: PharmacyDuty, least: String?) throws -> PharmacyMember? {
        guard let own = try Signing.own(self.call) else { return nil }
        let found: [RecordID: PharmacyMember]
        do {
            found = try self.members([own])
        } catch let fault as Fault where PeopleOfPrescription.isAway(fault) {
            return nil
        }
        try PharmacistMustBeEntitled(duty: duty, least: least).check(found[own], asked: own)
        return found[own]
    }

    /// The caller by the own account, and a pharmacist of the grade who is another person: toxic and narcotic pieces take both.
    /// - Throws: `decoction.staffNotEntitled`.
    func checkTwoPersons(_ checker: RecordID?, _ rules: RuleBook) throws {
        guard let own = try self.caller(as: .dispenser, least: nil) else {
            throw PharmacistMustBeEntitled(duty: .dispenser, least: nil).refusal("ownAccount", nil)
        }
        let duty = PharmacistMustBeEntitled(
            duty: .checker, least: try rules.text(.toxicSecondTitle), others: [own])
        guard let checker else { throw duty.refusal("anotherPerson", nil) }
        try duty.check(self.members([checker])[checker], asked: checker)
    }

    /// The least title of who reviews and checks at the site (RX-13).
    static func leastTitle(_ rules: RuleBook, _ call: Call) throws -> String {
        try rules.text(Self.isSecondary(try call.site) ? .reviewerTitleSecondary : .reviewerTitlePrimary)
    }

    /// County hospitals are secondary ones.
    static func isSecondary(_ site: Site) -> Bool {
        site.kind == .countyHospital || site.kind == .tcmHospital
    }
}
