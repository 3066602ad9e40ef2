internal import XinglinKit

/// The reasons for which this module refuses; its hundred of codes is 1000.
enum PeopleFault {
    static let documentInvalid = FaultKind(
        "people.documentInvalid", code: 1000,
        message: .init(zh: "证件号码有误或与所填信息不一致", en: "The document's number is wrong or disagrees with what else is said"),
        hint: .init(
            zh: "details.disagree 指明哪一项不符：format 格式、kind 证件类型、checkDigit 校验码、date 日期、sex 性别、birthDate 出生日期；请对照证件核对",
            en:
                "details.disagree says what: format, kind, checkDigit, date, sex or birthDate; compare with the document itself"
        ))
    static let documentExists = FaultKind(
        "people.documentExists", code: 1001,
        message: .init(zh: "该证件号码已建档", en: "A person with this document is there already"),
        hint: .init(
            zh: "使用 details 中的 personId；本机构尚未登记的，用 people.registration.create 登记；确属同一人的两份档案，由机构管理员合并",
            en:
                "Use details.personId; register the person here with people.registration.create; two records of one person are merged by an administrator"
        ))
    static let personMerged = FaultKind(
        "people.personMerged", code: 1002,
        message: .init(zh: "该档案已并入另一份档案", en: "This record was merged into another one"),
        hint: .init(
            zh: "details 给出现用档案的 personId；合并有误的，由机构管理员用 people.person.unmerge 撤销",
            en: "details gives the personId to use; a wrong merge is taken back with people.person.unmerge"))
    static let mergeWithItself = FaultKind(
        "people.mergeWithItself", code: 1003,
        message: .init(zh: "不能将档案与其自身合并", en: "A record cannot be merged with itself"),
        hint: .init(zh: "keep 与 drop 须为两份不同的档案", en: "Name two different records as keep and drop"))
    static let notMerged = FaultKind(
        "people.notMerged", code: 1004,
        message: .init(zh: "该档案未被合并", en: "This record is not merged"),
        hint: .init(
            zh: "用 people.person.get 查看档案；撤销合并时 drop 填被并入的档案",
            en: "See the record with people.person.get; drop names the record that was merged into another"))
    static let departmentExists = FaultKind(
        "people.departmentExists", code: 1005,
        message: .init(zh: "本机构已有该编码的科室", en: "The site has a department with this code"),
        hint: .init(zh: "使用 details 中的 departmentId，或换一个编码", en: "Use details.departmentId, or another code"))
    static let staffExists = FaultKind(
        "people.staffExists", code: 1006,
        message: .init(zh: "此人已是该科室在职职工", en: "The person works in this department already"),
        hint: .init(
            zh: "使用 details 中的 staffId；职称、权限变动用 people.staff.update",
            en: "Use details.staffId; change title and rights with people.staff.update"))
    static let staffLeft = FaultKind(
        "people.staffLeft", code: 1007,
        message: .init(zh: "该职工已离职", en: "This employment has ended"),
        hint: .init(zh: "再次入职请用 people.staff.create 新建", en: "Who comes back is recorded anew with people.staff.create")
    )

    static let all = [
        documentInvalid, documentExists, personMerged, mergeWithItself, notMerged, departmentExists, staffExists,
        staffLeft,
    ]

    /// The refusal of a document that another person has.
    static func exists(_ person: RecordID, isRegisteredHere: Bool) -> Fault {
        Self.documentExists.fault([
            "personId": .string(person.description), "registeredHere": .bool(isRegisteredHere),
        ])
    }

    /// The refusal to act on a record that was merged.
    static func merged(into person: RecordID) -> Fault {
        Self.personMerged.fault(["personId": .string(person.description)])
    }

    /// The refusal of an id that the caller's sites do not know.
    static func notFound(_ member: String, _ id: RecordID) -> Fault {
        HostFault.notFound.fault([member: .string(id.description)])
    }
}
