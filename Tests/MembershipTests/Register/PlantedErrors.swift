import XinglinKit

@testable import Membership

/// Errors that a test plants into a register, each with the field that must be named for it.
enum PlantedError: CaseIterable {
    case nameMissing, numberMissing, checkDigit, numberShort, noSuchBirth, otherSex, otherBirth, sexUnknown, phoneBad
    case organizationMissing, organizationUnknown, notABranch, organizationEnded, statusMissing, statusUnknown
    case joinedMissing, monthOnly, joinedInFuture, dayNumber, tooYoung, noYearPassed
    case endedBeforeJoining, probationShort, endedInFuture, endOfProbationary
    case sinceBeforeJoining, sinceBeforeFounding, sinceInFuture
    case twice, oneFieldMore
    // Those whom the registers know otherwise.
    case elsewhere, candidate, otherName, otherFacts

    /// The field; empty where it is the whole line.
    var field: String {
        switch self {
        case .nameMissing, .otherName: "nameZh"
        case .numberMissing, .checkDigit, .numberShort, .noSuchBirth, .otherSex, .otherBirth, .elsewhere, .candidate:
            "documentNumber"
        case .sexUnknown: "sex"
        case .phoneBad: "phone"
        case .organizationMissing, .organizationUnknown, .notABranch, .organizationEnded: "organization"
        case .statusMissing, .statusUnknown, .noYearPassed: "status"
        case .joinedMissing, .monthOnly, .joinedInFuture, .dayNumber, .tooYoung, .otherFacts: "joinedOn"
        case .endedBeforeJoining, .probationShort, .endedInFuture, .endOfProbationary: "probationEndedOn"
        case .sinceBeforeJoining, .sinceBeforeFounding, .sinceInFuture: "since"
        case .twice, .oneFieldMore: ""
        }
    }

    /// Whether the registers must know the person before.
    var isAboutThePerson: Bool {
        switch self {
        case .elsewhere, .candidate, .otherName, .otherFacts: true
        default: false
        }
    }

    /// 1985-03-03.
    static let born = LocalDate(daysSince1970: 5_540)

    /// A line without fault, whose person is of that number.
    static func base(_ number: Int, of organization: String) -> RegisterFile.Line {
        [
            "nameZh": RegisterFile.name(number), "documentNumber": RegisterFile.citizenNumber(number, born: Self.born),
            "organization": organization, "status": "正式党员", "joinedOn": "2015-06-30",
        ]
    }

    /// What the line becomes.
    func plant(_ line: RegisterFile.Line, after earlier: RegisterFile.Line) -> RegisterFile.Line {
        var line = line
        let number = line["documentNumber"] ?? ""
        switch self {
        case .nameMissing: line["nameZh"] = nil
        case .numberMissing: line["documentNumber"] = nil
        case .checkDigit: line["documentNumber"] = number.dropLast() + (number.hasSuffix("1") ? "2" : "1")
        case .numberShort: line["documentNumber"] = String(number.dropLast())
        case .noSuchBirth:
            line["documentNumber"] = RegisterFile.complete(
                number.prefix(6) + "19850230" + number.suffix(4).prefix(3))
        case .otherSex: line["sex"] = Int(number.suffix(2).prefix(1)).map { $0 % 2 == 1 ? "女" : "男" }
        case .otherBirth: line["birthDate"] = "1985年3月5日"
        case .sexUnknown: line["sex"] = "先生"
        case .phoneBad: line["phone"] = "无"
        case .organizationMissing: line["organization"] = nil
        case .organizationUnknown: line["organization"] = "不存在的党支部"
        case .notABranch: line["organization"] = "某县医院党委"
        case .organizationEnded: line["organization"] = "已撤销党支部"
        case .statusMissing: line["status"] = nil
        case .statusUnknown: line["status"] = "群众"
        case .joinedMissing: line["joinedOn"] = nil
        case .monthOnly: line["joinedOn"] = "2015.06"
        case .joinedInFuture: line["joinedOn"] = "2026-11-23"
        case .dayNumber: line["joinedOn"] = "42185"
        // A day before the eighteenth birthday.
        case .tooYoung: line["joinedOn"] = "2003-03-02"
        // A year after joining is tomorrow.
        case .noYearPassed: line["joinedOn"] = "2025-11-23"
        case .endedBeforeJoining: line["probationEndedOn"] = "2015-06-29"
        case .probationShort: line["probationEndedOn"] = "2016-06-29"
        case .endedInFuture: line["probationEndedOn"] = "2026-11-23"
        case .endOfProbationary:
            line["status"] = "预备党员"
            line["joinedOn"] = "2026-01-10"
            line["probationEndedOn"] = "2026-11-01"
        case .sinceBeforeJoining: line["since"] = "2015-06-29"
        case .sinceBeforeFounding:
            line["organization"] = "新建党支部"
            line["since"] = "2021-12-31"
        case .sinceInFuture: line["since"] = "2026-11-23"
        case .twice: line = earlier
        case .oneFieldMore: line["nameZh"] = "张,三"
        case .elsewhere, .candidate, .otherName, .otherFacts: break
        }
        return line
    }
}
