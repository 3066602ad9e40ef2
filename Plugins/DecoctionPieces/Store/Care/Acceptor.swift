internal import XinglinKit

/// Who accepts a lot, judged by grade where it is known who that is (PC-02).
struct Acceptor {
    /// Nil where the account is nobody's of the staff, or the index cannot be asked: then the grade is not judged.
    let staffID: RecordID?
    let title: String?
    let ruleVersion: String

    private struct Asked: Encodable { let staffIds: [RecordID] }
    private struct Found: Decodable {
        struct Member: Decodable {
            let staffId: RecordID
            let title: String
            let leftOn: LocalDate?
        }
        let staff: [Member]
    }

    /// - Throws: `decoction.gradeTooLow`.
    static func judged(_ call: Call) throws -> Acceptor {
        let rules = try PharmacyRules.book(on: call.today, call)
        let version = rules.version(of: RuleKey.acceptanceStaffRequired.rule) ?? ""
        let rule = try AcceptanceMustBeByGrade(call.site.kind, rules)
        func refused(_ why: String, _ title: String? = nil) -> Fault {
            var details: [String: JSONValue] = [
                "rule": "PC-02", "why": .string(why), "level": .string(rule.level.rawValue),
                "wanted": .string(rule.wanted), "ruleVersion": .string(version),
            ]
            details["title"] = title.map { .string($0) }
            return CareFault.gradeTooLow.fault(.object(details))
        }
        guard let own = try Signing.own(call), let found = try Self.member(own, call) else {
            guard try rules.number(.acceptanceStaffRequired) == 0 else { throw refused("staff") }
            return Acceptor(staffID: nil, title: nil, ruleVersion: version)
        }
        guard let member = found.staff.first, member.leftOn.map({ $0 >= call.today }) ?? true else {
            throw refused("staff")
        }
        guard rule.allows(member.title) else { throw refused("title", member.title) }
        return Acceptor(staffID: own, title: member.title, ruleVersion: version)
    }

    /// Nil where the index of staff cannot be asked.
    private static func member(_ id: RecordID, _ call: Call) throws -> Found? {
        do {
            return try call.module("people.staff.getMany", Asked(staffIds: [id]))
        } catch let fault as Fault where PeopleOfPrescription.isAway(fault) {
            return nil
        }
    }
}
