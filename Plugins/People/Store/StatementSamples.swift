internal import XinglinKit

/// Every statement that the module sends, built with sample values: the conformance suite prepares each under the module's role.
enum StatementSamples {
    private static let id = RecordID(high: 0, low: 0)
    private static let act = PersonStore.Act(site: id, account: id, now: Timestamp(microseconds: 0))
    private static let day = LocalDate(daysSince1970: 0)
    private static let bytes = SQLBytes([0])
    private static let document = SealedDocument(kind: .passport, number: bytes, index: bytes)

    static var all: [SQL] { self.persons + self.registrations + self.merges + self.staff + self.imports }

    private static var row: PersonStore.Row? {
        let details = try? PersonDetails(.init(nameZh: "张三", sex: .male), today: self.day)
        return details.map { PersonStore.Row(id: self.id, details: $0, phone: self.bytes, address: self.bytes) }
    }

    private static var persons: [SQL] {
        [
            PersonStore.insert(self.document, of: self.id),
            PersonStore.deleteDocument(of: self.id),
            PersonStore.holder(of: self.document),
            PersonStore.nextTemporary(1),
            PersonStore.insertTemporary(["T261122000426"], of: [self.id]),
            PersonStore.cards(asked: [self.id]),
            PersonStore.absorbed(by: self.id),
            PersonStore.current(of: self.id),
            ChangeStore.insert(self.id, of: self.id, version: 1, fields: ["phone"], before: self.bytes, self.act),
            ChangeStore.list(of: self.id, before: self.id, limit: 1),
        ]
            + (self.row.map { row in
                [
                    PersonStore.insert(row, self.act), PersonStore.update(row, from: 1, self.act),
                    RegistrationStore.insert(row, basis: .registration, self.act),
                ]
            } ?? [])
    }

    private static var registrations: [SQL] {
        [
            RegistrationStore.enrol(self.id, basis: .treatment, self.act),
            RegistrationStore.current(of: self.id),
            RegistrationStore.named("张", bornOn: self.day, after: .init(), limit: 1),
            RegistrationStore.spelled("zhang", bornOn: nil, after: .init(), limit: 1),
            RegistrationStore.documented([self.bytes], bornOn: nil),
            RegistrationStore.numbered("T261122000426"),
            RegistrationStore.list(site: self.id, after: .init(), limit: 1),
        ]
    }

    private static var merges: [SQL] {
        [
            MergeStore.lock,
            MergeStore.pair(self.id, self.id),
            MergeStore.documentsDiffer(self.id, self.id),
            MergeStore.join(self.id, to: self.id),
            MergeStore.part(self.id),
            MergeStore.record(self.id, keep: self.id, drop: self.id, reason: self.bytes, self.act),
            MergeStore.open(of: self.id),
            MergeStore.takeBack(self.id, reason: self.bytes, self.act),
        ]
    }

    private static var staff: [SQL] {
        let employment = StaffStore.Employment(
            staffID: self.id, person: self.id, department: self.id, title: .tcmPharmacist, employedOn: self.day)
        return [
            StaffStore.createDepartment(self.id, code: "ZYF", nameZh: "中药房", kind: .pharmacy, self.act),
            StaffStore.departments(coded: ["ZYF"], site: self.id),
            StaffStore.listDepartments(site: self.id, after: "", limit: 1),
            StaffStore.employ(employment, self.act),
            StaffStore.employed(self.id, in: self.id, site: self.id),
            StaffStore.grant([.dispensing], to: [self.id], on: [self.day], site: self.id),
            StaffStore.revoke(from: self.id, allBut: [.dispensing], on: self.day, site: self.id),
            StaffStore.update(.init(staffID: self.id, version: 1), site: self.id),
            StaffStore.list(site: self.id, department: nil, formerToo: false, after: self.id, limit: 1),
            StaffStore.many([self.id]), StaffStore.isOf(self.id, self.id),
        ]
    }

    private static var imports: [SQL] {
        [
            ImportStore.holders(of: [], site: self.id),
            ImportStore.add([], basis: .publicHealth, self.act),
            ImportStore.enrol([], basis: .publicHealth, self.act),
            ImportStore.employed([], site: self.id),
            ImportStore.employ([], self.act),
            ExportStore.residents(site: self.id, after: self.id, limit: 1),
            ExportStore.staff(site: self.id, after: self.id, limit: 1),
        ]
    }
}
