internal import XinglinKit

/// `membership.register`: the members of an existing register (DV-01, DV-19), one a line. The same file once more changes nothing: a line
/// whose member is enrolled here just so is good and does nothing, one that says something else is reported.
struct RegisterImport: BulkImport {
    static let kind = "membership.register"
    static let summary = LocalizedText(zh: "党员名册：每行一名在册党员", en: "Register: each line is a member")
    static let access = MembershipAccess.administration
    static let columns: [ImportColumn] = [
        ImportColumn(
            "nameZh", .init(zh: "姓名", en: "name"), required: true,
            .init(zh: "与身份证一致，如 张三", en: "as in the identity card")),
        ImportColumn(
            "documentNumber", .init(zh: "公民身份号码", en: "citizen number"), required: true,
            .init(zh: "完整号码，表格中设为文本；15 位旧号自动换为 18 位", en: "the whole number, as text; one of 15 digits is converted")),
        ImportColumn(
            "sex", .init(zh: "性别", en: "sex"), required: false,
            .init(zh: "男、女；可空，须与号码一致", en: "male or female; must agree with the number")),
        ImportColumn(
            "birthDate", .init(zh: "出生日期", en: "birth date"), required: false,
            .init(zh: "如 1990-05-01；可空，须与号码一致", en: "such as 1990-05-01; must agree with the number")),
        ImportColumn(
            "phone", .init(zh: "联系电话", en: "phone"), required: false,
            .init(zh: "5 至 20 位数字，如 13800001234", en: "5 to 20 digits")),
        ImportColumn(
            "organization", .init(zh: "所在党支部或党小组", en: "branch or group"), required: true,
            .init(
                zh: "本机构已登记的党支部或党小组的名称；重名的写作“上级名称/名称”",
                en: "the name of a branch or group of the site; parent/name where several have it")),
        ImportColumn(
            "status", .init(zh: "党员类别", en: "status"), required: true,
            .init(zh: "正式党员、预备党员", en: "full or probationary")),
        ImportColumn(
            "joinedOn", .init(zh: "入党日期", en: "joined on"), required: true,
            .init(
                zh: "支部大会通过接收为预备党员之日，如 2015-06-30",
                en: "the branch meeting that admitted the member, such as 2015-06-30")),
        ImportColumn(
            "probationEndedOn", .init(zh: "转正日期", en: "full member from"), required: false,
            .init(zh: "正式党员填写；空为入党满一年之日", en: "full members; a year after joining where empty")),
        ImportColumn(
            "since", .init(zh: "进入本组织日期", en: "member here since"), required: false,
            .init(zh: "空为入党日期，或该组织成立之日", en: "joining, or the founding of the organisation, where empty")),
    ]

    func check(_ lines: [ImportLine], _ call: Call) throws -> [ImportVerdict] {
        let bench = try RegisterBench(call)
        let read = lines.map { (line: RegisterLine($0), person: Self.person($0)) }
        let judged = try RegisterPeople.judge(read.map(\.person), call)
        let claims = try bench.claims(judged.compactMap(\.personId))
        return zip(lines, zip(read, judged)).map { line, found in
            bench.verdict(line, found.0.line, found.0.person, found.1, claims)
        }
    }

    /// The person of a line. What is too long is no more than named as such.
    static func person(_ line: ImportLine) -> RegisterPeople.Written {
        func text(_ column: String) -> String? {
            line[column].flatMap { $0.unicodeScalars.count <= RegisterLine.longest ? $0 : nil }
        }
        let birth = text("birthDate").flatMap { try? WrittenDate.read($0) }
        return RegisterPeople.Written(
            nameZh: text("nameZh"), sex: text("sex"), birthDate: birth?.description,
            documentKind: text("documentNumber") == nil ? nil : "citizenId", documentNumber: text("documentNumber"),
            phone: text("phone"))
    }

    func apply(_ lines: [PreparedLine], _ call: Call) throws -> [Int: [ImportFault]] {
        let fresh = try lines.compactMap { line in try PreparedMember(line.content).map { (line.number, $0) } }
        guard !fresh.isEmpty else { return [:] }
        let bench = try RegisterBench(call)
        var faults: [Int: [ImportFault]] = [:]
        var enrolments: [(number: Int, row: RegisterStore.Enrolment)] = []
        let ensured = try RegisterPeople.ensure(fresh.map { $0.1.written }, call)
        for ((number, member), person) in zip(fresh, ensured) {
            guard bench.takesMembers(member.organization) else {
                faults[number] = [ImportFault("organization", RegisterText.organizationEnded)]
                continue
            }
            guard let id = person.personId else {
                faults[number] = [ImportFault("nameZh", RegisterText.otherName)]
                continue
            }
            let row = RegisterStore.Enrolment(member: member, person: id, fact: call.newID(), conversion: call.newID())
            enrolments.append((number, row))
        }
        let sql = RegisterStore.enrol(enrolments.map(\.row), try Act(call))
        let ids: [RecordID] = try call.db.query(sql)
        let enrolled = Set(ids)
        for (number, row) in enrolments where !enrolled.contains(row.member.id) {
            faults[number] = [ImportFault("documentNumber", RegisterText.claimedMeanwhile)]
        }
        call.recordAccess(basis: "partyRegister", subjects: ids)
        return faults
    }
}

extension PreparedMember {
    /// The person, as the index takes them.
    var written: RegisterPeople.Written {
        func filled(_ text: String) -> String? { text.isEmpty ? nil : text }
        return RegisterPeople.Written(
            nameZh: self.nameZh, sex: filled(self.sex), birthDate: filled(self.birthDate), documentKind: "citizenId",
            documentNumber: self.documentNumber, phone: filled(self.phone))
    }
}
