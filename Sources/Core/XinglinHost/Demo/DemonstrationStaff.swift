internal import XinglinKit

/// Who works where in the demonstration county: 600 staff, so many with each title in each department.
enum DemonstrationStaff {
    struct Department {
        let code: String
        let nameZh: String
        let kind: String
        /// Titles with their numbers; rights after a slash.
        let staff: [(title: String, count: Int, rights: String)]

        var count: Int { self.staff.reduce(0) { $0 + $1.count } }
    }

    static let columns = DemonstrationPersons.columns + ",科室编码,职称,权限,入职日期"

    /// The file of one site.
    static func file(_ departments: [Department], seed: UInt64, today: LocalDate) -> [String] {
        var persons = DemonstrationPersons(seed: seed, today: today)
        var lines: [String] = []
        for department in departments {
            for (title, count, rights) in department.staff {
                for _ in 0..<count {
                    let person = persons.make(ages: 26...58, address: "杏林县城关镇")
                    let year = min(person.birth.civil.year + 23, today.civil.year - 1)
                    lines.append("\(person.line),\(department.code),\(title),\(rights),\(year)-07-01")
                }
            }
        }
        return lines
    }

    /// The departments of a site: 22, 120, 80 and 18 staff, 600 in all.
    static func departments(of kind: Site.Kind) -> [Department] {
        switch kind {
        case .bureau: self.bureau
        case .countyHospital: self.countyHospital
        case .tcmHospital: self.tcmHospital
        default: self.townshipCentre
        }
    }

    private static let both = "tcmPrescribing;toxicDrugs"

    private static let bureau = [
        Department(code: "JG", nameZh: "机关", kind: "administration", staff: [("管理人员", 18, "")]),
        Department(code: "XX", nameZh: "信息统计股", kind: "administration", staff: [("管理人员", 4, "")]),
    ]

    private static let countyHospital = [
        Department(
            code: "NK", nameZh: "内科", kind: "clinical",
            staff: [("主任医师", 2, ""), ("主治医师", 8, ""), ("医师", 12, ""), ("主管护师", 4, ""), ("护师", 14, "")]),
        Department(
            code: "JZ", nameZh: "急诊科", kind: "emergency",
            staff: [("副主任医师", 2, ""), ("主治医师", 8, "narcotics"), ("护师", 14, ""), ("驾驶员", 6, "")]),
        Department(code: "YXK", nameZh: "影像科", kind: "medicalTechnology", staff: [("主治医师", 4, ""), ("技师", 8, "")]),
        Department(code: "JYK", nameZh: "检验科", kind: "medicalTechnology", staff: [("主管技师", 2, ""), ("技师", 8, "")]),
        Department(
            code: "YF", nameZh: "药剂科", kind: "pharmacy",
            staff: [("副主任药师", 1, ""), ("主管药师", 3, "narcotics"), ("药师", 8, "")]),
        Department(
            code: "ZYF", nameZh: "中药房", kind: "pharmacy", staff: [("主管中药师", 2, "toxicDrugs"), ("中药师", 4, "toxicDrugs")]),
        Department(code: "BGS", nameZh: "办公室", kind: "administration", staff: [("管理人员", 10, "")]),
    ]

    private static let tcmHospital = [
        Department(
            code: "ZYK", nameZh: "中医科", kind: "clinical",
            staff: [
                ("主任中医师", 2, both), ("副主任中医师", 4, both), ("主治中医师", 10, both), ("中医师", 12, "tcmPrescribing"),
                ("主管护师", 4, ""), ("护师", 20, ""),
            ]),
        Department(
            code: "ZYF", nameZh: "中药房", kind: "pharmacy",
            staff: [
                ("主任中药师", 1, "toxicDrugs"), ("副主任中药师", 2, "toxicDrugs"), ("主管中药师", 4, "toxicDrugs"), ("中药师", 7, ""),
            ]),
        Department(code: "YJK", nameZh: "医技科", kind: "medicalTechnology", staff: [("技师", 6, "")]),
        Department(code: "BGS", nameZh: "办公室", kind: "administration", staff: [("管理人员", 8, "")]),
    ]

    private static let townshipCentre = [
        Department(
            code: "QK", nameZh: "全科", kind: "clinical",
            staff: [("主治医师", 1, ""), ("医师", 2, ""), ("护师", 2, ""), ("护士", 2, "")]),
        Department(
            code: "ZYG", nameZh: "中医馆", kind: "clinical", staff: [("主治中医师", 1, both), ("中医师", 1, "tcmPrescribing")]),
        Department(
            code: "ZYF", nameZh: "中药房", kind: "pharmacy", staff: [("主管中药师", 1, "toxicDrugs"), ("中药师", 2, "toxicDrugs")]),
        Department(code: "GW", nameZh: "公共卫生科", kind: "publicHealth", staff: [("公共卫生医师", 2, ""), ("乡村医生", 2, "")]),
        Department(code: "BGS", nameZh: "办公室", kind: "administration", staff: [("管理人员", 1, ""), ("驾驶员", 1, "")]),
    ]
}
