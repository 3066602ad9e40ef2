internal import XinglinKit

/// What is said of a person, in normal form, complete and without contradiction.
struct PersonDetails: Equatable {
    let nameZh: String
    let pinyin: Pinyin
    let sex: Sex
    let birthDate: LocalDate?
    let document: IdentityDocument?
    let phone: String?
    let address: String?

    /// What was typed.
    struct Typed {
        var nameZh: String
        var sex: Sex?
        var birthDate: LocalDate?
        var document: (kind: DocumentKind, number: String)?
        var phone: String?
        var address: String?
    }

    /// A field that cannot be as it is.
    struct Objection: Error {
        let field: String
        let text: LocalizedText
    }

    /// Why the details cannot be taken: fields, and what is wrong with the document.
    struct Refusal: Error {
        var objections: [Objection] = []
        var disagreements: [CitizenNumber.Disagreement] = []
        var isEmpty: Bool { self.objections.isEmpty && self.disagreements.isEmpty }
    }

    /// Sex and birth date come from a citizen number where they are not given.
    /// - Throws: everything that is wrong, at once.
    init(_ typed: Typed, today: LocalDate) throws(Refusal) {
        var refusal = Refusal()
        let name = PlainText.name(typed.nameZh)
        if name.isEmpty || name.unicodeScalars.count > 60 { refusal.objections.append(Self.badName) }
        var document: IdentityDocument?
        if let written = typed.document {
            do throws(DisagreementList) {
                let read = try IdentityDocument(kind: written.kind, number: written.number, today: today)
                refusal.disagreements += read.disagreements(sex: typed.sex, birthDate: typed.birthDate)
                document = read
            } catch {
                refusal.disagreements += error.all
            }
        }
        if let date = typed.birthDate, date > today || date < Self.earliestBirth {
            refusal.objections.append(Self.badBirthDate)
        }
        let citizen = document?.citizen
        let sex = typed.sex.flatMap { $0.isStated ? $0 : nil } ?? citizen?.sex ?? typed.sex
        if sex == nil, refusal.disagreements.isEmpty { refusal.objections.append(Self.noSex) }
        let phone = typed.phone.flatMap(PlainText.phone)
        if typed.phone != nil, phone == nil { refusal.objections.append(Self.badPhone) }
        let address = typed.address.map(PlainText.name)
        guard refusal.isEmpty, let sex else { throw refusal }
        self.nameZh = name
        self.pinyin = Pinyin(name)
        self.sex = sex
        self.birthDate = typed.birthDate ?? citizen?.birthDate
        self.document = document
        self.phone = phone
        self.address = address
    }

    private static let earliestBirth = LocalDate(daysSince1970: -36_524)

    private static let badName = Objection(
        field: "nameZh", text: .init(zh: "姓名须为 1 至 60 个字", en: "a name of 1 to 60 characters"))
    private static let badBirthDate = Objection(
        field: "birthDate",
        text: .init(zh: "出生日期不能晚于今天，也不能早于 1870 年", en: "a birth date from 1870 to today"))
    private static let noSex = Objection(
        field: "sex",
        text: .init(zh: "须填写性别（持居民身份证者可省略）", en: "the sex, which only a citizen number can give instead"))
    private static let badPhone = Objection(
        field: "phone", text: .init(zh: "电话须为 5 至 20 位数字", en: "a telephone number of 5 to 20 digits"))
}

extension PersonDetails.Refusal {
    /// The refusal of a call: of the document where that is what is wrong, else of the fields.
    var fault: Fault {
        if !self.disagreements.isEmpty {
            return PeopleFault.documentInvalid.fault([
                "disagree": .array(self.disagreements.map { .string($0.rawValue) })
            ])
        }
        return HostFault.invalidParams.fault(
            .array(
                self.objections.map {
                    Schema.Violation(pointer: "/\($0.field)", expected: $0.text.en, expectedZh: $0.text.zh).json
                }))
    }
}
