internal import XinglinKit

/// `people.staff`: staff of the acting site, by department code. Who is in the county's index already is employed as that
/// person; who works in the department already is reported.
struct StaffImport: BulkImport {
    static let kind = "people.staff"
    static let summary = LocalizedText(zh: "本机构职工", en: "Staff of the site")
    static let access = Access.roles([.siteAdmin])
    static let columns =
        PersonImport.columns + [
            ImportColumn(
                "departmentCode", .init(zh: "科室编码", en: "department code"), required: true,
                .init(zh: "本机构已建科室的编码", en: "the code of a department of the site")),
            ImportColumn(
                "title", .init(zh: "职称", en: "title"), required: true,
                .init(zh: "如 中药师、主管中药师、主治医师、护师", en: "such as tcmPharmacist or 中药师")),
            ImportColumn(
                "rights", .init(zh: "权限", en: "rights"), required: false,
                .init(
                    zh: "多项用分号隔开：\(StaffRight.labelsZh)",
                    en: "parted by semicolons: \(StaffRight.codes.joined(separator: ", "))")),
            ImportColumn(
                "employedOn", .init(zh: "入职日期", en: "employed on"), required: false,
                .init(zh: "如 2020-07-01；空为今天", en: "such as 2020-07-01; today where empty")),
        ]

    /// A line whose fields can all be read.
    private struct Read {
        let person: PersonImport.Read
        let work: ImportedWork
    }

    func check(_ lines: [ImportLine], _ call: Call) throws -> [ImportVerdict] {
        let site = try call.site.id
        let codes = Array(Set(lines.compactMap { $0["departmentCode"] })).sorted()
        let rows = try call.db.query(
            StaffStore.departments(coded: codes, site: site), as: (RecordID, String).self)
        let known = Set(rows.map(\.1))
        let reads = try lines.map { try Self.read($0, known, call) }
        let good = reads.compactMap { try? $0.get() }
        let holders = try PersonImport.holders(good.map(\.person), call)
        let employed = try Self.employed(good, site, call)
        // A person may stand on several lines, with several departments, but under one name.
        var names: [String: String] = [:]
        return reads.map { read in
            switch read {
            case .failure(let refusal): return .faulty(refusal.faults)
            case .success(let read):
                let person = read.person.person
                let key = PersonImport.key(person.kind, person.index)
                guard names[key, default: person.nameZh] == person.nameZh else {
                    return .faulty([PersonImport.otherName])
                }
                names[key] = person.nameZh
                return Self.verdict(read, holders, employed, call)
            }
        }
    }

    private static func read(
        _ line: ImportLine, _ departments: Set<String>, _ call: Call
    ) throws -> Result<Read, ImportRefusal> {
        let person = try PersonImport.read(line, call)
        let work = ImportedWork.read(line, departments: departments, today: call.today)
        switch (person, work) {
        case (.success(let person), .success(let work)) where person.person.kind != nil:
            return .success(Read(person: person, work: work))
        default:
            var faults: [ImportFault] = []
            if case .failure(let refusal) = person { faults += refusal.faults }
            if case .failure(let refusal) = work { faults += refusal.faults }
            if line["documentNumber"] == nil { faults.append(Self.noDocument) }
            return .failure(ImportRefusal(faults: faults))
        }
    }

    private static func employed(_ reads: [Read], _ site: RecordID, _ call: Call) throws -> Set<String> {
        let indexes = reads.compactMap(\.person.person.index)
        guard !indexes.isEmpty else { return [] }
        let rows = try call.db.query(
            ImportStore.employed(indexes, site: site), as: (SQLBytes, String, String).self)
        return Set(rows.map { "\(PersonImport.key($0.1, $0.0.sqlText)) \($0.2)" })
    }

    private static func verdict(
        _ read: Read, _ holders: [String: PersonImport.Holder], _ employed: Set<String>, _ call: Call
    ) -> ImportVerdict {
        let person = read.person.person
        let key = PersonImport.key(person.kind, person.index)
        if let fault = PersonImport.nameFault(read.person, holders[key]) { return .faulty([fault]) }
        let place = "\(key) \(read.work.departmentCode)"
        if employed.contains(place) { return .faulty([Self.worksHere]) }
        let fields = person.fields + [call.newID().description] + read.work.fields
        return .good(prepared: PreparedPerson.bytes(of: fields), unique: Array(place.utf8))
    }

    func apply(_ lines: [PreparedLine], _ call: Call) throws -> [Int: [ImportFault]] {
        let act = try PersonStore.Act(call)
        let staff = try lines.map { try Self.employment(PreparedPerson.fields(in: $0.content)) }
        // One person may stand on two lines, with two departments: the person is added once.
        var seen: Set<String> = []
        let persons = staff.map(\.person).filter { seen.insert(PersonImport.key($0.kind, $0.index)).inserted }
        let outcome = try PersonImport.apply(persons, basis: .administration, call)
        let names = Dictionary(
            persons.map { (PersonImport.key($0.kind, $0.index), outcome.misnamed.contains($0.id) ? "" : $0.nameZh) },
            uniquingKeysWith: { first, _ in first })
        let ids: [RecordID] = try call.db.query(ImportStore.employ(staff, act))
        let made = Set(ids)
        let granted = staff.filter { made.contains($0.staffID) }.flatMap { line in line.rights.map { (line, $0) } }
        try call.db.execute(
            StaffStore.grant(
                granted.map(\.1), to: granted.map(\.0.staffID),
                on: granted.compactMap { LocalDate($0.0.employedOn) }, site: act.site),
            expecting: .rows(granted.count))
        var faults: [Int: [ImportFault]] = [:]
        for (line, employment) in zip(lines, staff) where !made.contains(employment.staffID) {
            let person = employment.person
            let isOther = names[PersonImport.key(person.kind, person.index)] != person.nameZh
            faults[line.number] = [isOther ? PersonImport.otherName : Self.worksHere]
        }
        return faults
    }

    private static func employment(_ fields: [String]) throws -> ImportStore.Employment {
        let count = PreparedPerson.fieldCount
        guard fields.count == count + 1 + ImportedWork.fieldCount, let id = RecordID(fields[count]) else {
            throw HostFault.internal.fault()
        }
        let work = ImportedWork(fields: Array(fields[(count + 1)...]))
        return ImportStore.Employment(
            staffID: id, person: try PreparedPerson(fields[..<count]), departmentCode: work.departmentCode,
            title: work.title, employedOn: work.employedOn, rights: work.rights)
    }

    private static let noDocument = ImportFault(
        "documentNumber", .init(zh: "职工须填写证件号码", en: "staff need a document number"))
    private static let worksHere = ImportFault(
        "departmentCode", .init(zh: "此人已是该科室在职职工", en: "the person works in this department already"))
}
