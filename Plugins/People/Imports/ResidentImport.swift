internal import XinglinKit

/// `people.residents`: persons of a township. Who is in the county's index already is registered at the site, and what the
/// index says of them stays; who is registered here already is reported.
struct ResidentImport: BulkImport {
    static let kind = "people.residents"
    static let summary = LocalizedText(zh: "居民基本信息", en: "Residents")
    static let access = Access.roles([.siteAdmin, .integrator])
    static let columns = PersonImport.columns

    static let registered = ImportFault(
        "documentNumber", .init(zh: "此人已在本机构登记，无需再导入", en: "the person is registered at this site already"))
    private static let nothingToKnowThemBy = ImportFault(
        "birthDate", .init(zh: "无证件号码者须填写出生日期", en: "without a document the birth date is needed"))

    func check(_ lines: [ImportLine], _ call: Call) throws -> [ImportVerdict] {
        let reads = try lines.map { try PersonImport.read($0, call) }
        let holders = try PersonImport.holders(reads.compactMap { try? $0.get() }, call)
        return reads.map { read in
            switch read {
            case .failure(let refusal): .faulty(refusal.faults)
            case .success(let read): Self.verdict(read, holders)
            }
        }
    }

    private static func verdict(_ read: PersonImport.Read, _ holders: [String: PersonImport.Holder]) -> ImportVerdict {
        let person = read.person
        if person.kind == nil, person.birthDate == nil { return .faulty([Self.nothingToKnowThemBy]) }
        let holder = person.kind == nil ? nil : holders[PersonImport.key(person.kind, person.index)]
        if let fault = PersonImport.nameFault(read, holder) { return .faulty([fault]) }
        if holder?.isRegisteredHere == true { return .faulty([Self.registered]) }
        return .good(prepared: PreparedPerson.bytes(of: person.fields), unique: person.unique)
    }

    func apply(_ lines: [PreparedLine], _ call: Call) throws -> [Int: [ImportFault]] {
        let persons = try lines.map { try PreparedPerson(PreparedPerson.fields(in: $0.content)[...]) }
        let outcome = try PersonImport.apply(persons, basis: .publicHealth, call)
        var faults: [Int: [ImportFault]] = [:]
        for (line, person) in zip(lines, persons) {
            if outcome.known.contains(person.id) { faults[line.number] = [Self.registered] }
            if outcome.misnamed.contains(person.id) { faults[line.number] = [PersonImport.otherName] }
        }
        return faults
    }
}
