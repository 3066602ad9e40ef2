internal import XinglinKit

/// A citizen identity number of GB 11643-1999: area (6), birth date (8), order (3, odd for males), check.
///
/// The area is not compared with GB/T 2260: abolished codes stay valid, and the check digit finds what was mistyped.
struct CitizenNumber: Equatable {
    /// Eighteen characters, the last a digit or `X`.
    let text: String
    let birthDate: LocalDate
    let sex: Sex

    private static let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    private static let checks = Array("10X98765432".utf8)

    /// What about a number cannot be, or contradicts what else is said of the person.
    enum Disagreement: String, CaseIterable, Codable, Sendable {
        case format, kind, checkDigit, date, sex, birthDate

        var text: LocalizedText {
            switch self {
            case .format: .init(zh: "证件号码格式不正确", en: "the number is not in the form of its kind")
            case .kind: .init(zh: "这是居民身份证号码，请选择居民身份证", en: "this is a citizen number: choose citizenId as its kind")
            case .checkDigit: .init(zh: "校验码不正确，请核对是否输错", en: "the check digit is wrong: compare with the card")
            case .date: .init(zh: "号码中的出生日期不存在或晚于今天", en: "the date in the number is no date, or in the future")
            case .sex: .init(zh: "性别与身份证号码不一致", en: "the sex does not agree with the number")
            case .birthDate: .init(zh: "出生日期与身份证号码不一致", en: "the birth date does not agree with the number")
            }
        }
    }

    /// Reads a number in normal form (`PlainText.number`). One of 15 digits (issued until 1999) is converted: the century 19
    /// and the check digit are added, as was done when the cards were replaced.
    init(_ number: String, today: LocalDate) throws(DisagreementList) {
        var digits = Array(number.utf8)
        if digits.count == 15, digits.allSatisfy(Self.isDigit) {
            digits.insert(contentsOf: [0x31, 0x39], at: 6)
            digits.append(Self.check(of: digits))
        }
        guard digits.count == 18, digits.dropLast().allSatisfy(Self.isDigit),
            Self.isDigit(digits[17]) || digits[17] == 0x58
        else { throw DisagreementList([.format]) }
        var found: [Disagreement] = []
        if digits[17] != Self.check(of: Array(digits.dropLast())) { found.append(.checkDigit) }
        let date = Self.date(digits)
        if date == nil || date.map({ $0 > today }) == true { found.append(.date) }
        guard found.isEmpty, let date else { throw DisagreementList(found) }
        self.text = String(decoding: digits, as: UTF8.self)
        self.birthDate = date
        self.sex = digits[16] % 2 == 1 ? .male : .female
    }

    /// The check character of 17 digits (ISO 7064 MOD 11-2).
    static func check(of digits: [UInt8]) -> UInt8 {
        Self.checks[zip(digits, Self.weights).reduce(0) { $0 + Int($1.0 - 0x30) * $1.1 } % 11]
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func date(_ digits: [UInt8]) -> LocalDate? {
        func number(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + Int($1 - 0x30) } }
        return LocalDate(year: number(6..<10), month: number(10..<12), day: number(12..<14))
    }
}

/// Everything that is wrong with a document's number.
struct DisagreementList: Error, Equatable {
    let all: [CitizenNumber.Disagreement]

    init(_ all: [CitizenNumber.Disagreement]) {
        self.all = all
    }
}
