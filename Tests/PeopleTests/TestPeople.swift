import XinglinKit
import XinglinTesting

@testable import People

/// Persons that do not exist, with valid check digits; the same seed makes the same persons.
struct TestPeople {
    private var random: SeededGenerator
    private var order = 0

    init(seed: UInt64) {
        self.random = SeededGenerator(seed: seed)
    }

    struct Person {
        let nameZh: String
        let sex: Sex
        let birthDate: LocalDate
        let citizenId: String
        let phone: String
        let address: String

        /// The params of `people.person.register`.
        var params: JSONValue {
            [
                "nameZh": .string(self.nameZh), "sex": .string(self.sex.rawValue),
                "birthDate": .string(self.birthDate.description),
                "document": ["kind": "citizenId", "number": .string(self.citizenId)], "phone": .string(self.phone),
                "address": .string(self.address),
            ]
        }
    }

    private static let surnames = Array("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕单仇解查任")
    private static let givens = Array("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰文建国志海春红梅福生德全")

    /// The next person. The order digits count up, so no number comes twice within 500,000 persons.
    mutating func next() -> Person {
        var name = String(Self.surnames.randomElement(using: &self.random) ?? "王")
        for _ in 0..<Int.random(in: 1...2, using: &self.random) {
            name.append(Self.givens.randomElement(using: &self.random) ?? "芳")
        }
        let sex: Sex = Bool.random(using: &self.random) ? .male : .female
        let born = LocalDate(daysSince1970: Int.random(in: -14_000...19_000, using: &self.random))
        self.order += 1
        // Area (of one province) and order together are distinct for each person.
        let area = 610_000 + self.order / 500 % 1000
        let number = self.order % 500 * 2 + (sex == .male ? 1 : 0)
        let digits = "\(area)\(born.description.replacing("-", with: ""))\(String(1000 + number).dropFirst())"
        let phone = "1390000" + String(10_000 + Int.random(in: 0..<10_000, using: &self.random)).dropFirst()
        return Person(
            nameZh: name, sex: sex, birthDate: born, citizenId: Self.complete(digits), phone: phone,
            address: "某县长安镇某村\(Int.random(in: 1...20, using: &self.random))组")
    }

    /// Seventeen digits with their check digit.
    static func complete(_ digits: String) -> String {
        digits + String(decoding: [CitizenNumber.check(of: Array(digits.utf8))], as: UTF8.self)
    }
}
