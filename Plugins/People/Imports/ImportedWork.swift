internal import XinglinKit

/// Department, title, rights and first day of a line of staff.
struct ImportedWork {
    let departmentCode: String
    let title: String
    let employedOn: String
    let rights: [StaffRight]

    static let fieldCount = 4

    var fields: [String] {
        [self.departmentCode, self.title, self.employedOn, self.rights.map(\.rawValue).joined(separator: " ")]
    }

    /// From what `fields` wrote.
    init(fields: [String]) {
        self.departmentCode = fields[0]
        self.title = fields[1]
        self.employedOn = fields[2]
        self.rights = fields[3].split(separator: " ").compactMap { StaffRight(rawValue: String($0)) }
    }

    private init(_ code: String, _ title: StaffTitle, _ employedOn: LocalDate, _ rights: [StaffRight]) {
        self.departmentCode = code
        self.title = title.rawValue
        self.employedOn = employedOn.description
        self.rights = rights
    }

    static func read(
        _ line: ImportLine, departments: Set<String>, today: LocalDate
    ) -> Result<ImportedWork, ImportRefusal> {
        var faults: [ImportFault] = []
        let code = line["departmentCode"].flatMap { departments.contains($0) ? $0 : nil }
        if code == nil { faults.append(ImportFault("departmentCode", Self.badDepartment)) }
        let title = line["title"].flatMap { StaffTitle(written: $0) }
        if title == nil { faults.append(ImportFault("title", Self.badTitle)) }
        let day = line["employedOn"].map { ImportedFields.date($0) } ?? today
        if day == nil || day.map({ $0 > today }) == true { faults.append(ImportFault("employedOn", Self.badDay)) }
        let words = (line["rights"] ?? "").split { ";；、,，".contains($0) }.map { PlainText.name(String($0)) }
        let rights = words.filter { !$0.isEmpty }.map { StaffRight(written: $0) }
        if rights.contains(nil) { faults.append(ImportFault("rights", Self.badRights)) }
        guard faults.isEmpty, let code, let title, let day else { return .failure(ImportRefusal(faults: faults)) }
        let known = Set(rights.compactMap(\.self)).sorted { $0.rawValue < $1.rawValue }
        return .success(ImportedWork(code, title, day, known))
    }

    private static let badDepartment = LocalizedText(
        zh: "本机构没有该编码的科室，请先建立科室", en: "the site has no department with this code; create it first")
    private static let badTitle = LocalizedText(
        zh: "职称不在目录中，如 中药师、主治医师、护师", en: "no title of the list, such as tcmPharmacist or physician")
    private static let badDay = LocalizedText(
        zh: "入职日期须写作 2020-07-01，且不晚于今天", en: "a date such as 2020-07-01, not in the future")
    private static let badRights = LocalizedText(
        zh: "权限须为：\(StaffRight.labelsZh)", en: "rights from \(StaffRight.codes.joined(separator: ", "))")
}
