internal import XinglinKit

/// Invents persons: the same ones every time, and nobody real. Their citizen numbers begin with 9999, an area that does not
/// exist, and their telephones with 0000.
struct DemonstrationPersons {
    private var random: Sequence64
    private var nextOfDay: [Int: Int] = [:]
    private let lastBirth: LocalDate
    private let area: String

    static let columns = "姓名,性别,出生日期,证件号码,电话,住址"

    /// - Parameters:
    ///   - seed: which persons, below 100; also the last digits of their area, so that no two seeds give one number twice.
    ///   - today: nobody is born later.
    init(seed: UInt64, today: LocalDate) {
        self.random = Sequence64(seed)
        self.area = "9999" + Self.padded(Int(seed % 100), 2)
        self.lastBirth = min(today, LocalDate("2025-12-31") ?? today)
    }

    /// The next person: a line of a file, in the order of `columns`, and the birth date.
    mutating func make(ages: ClosedRange<Int>, address: String) -> (line: String, birth: LocalDate) {
        let isMale = self.random.below(2) == 0
        let day = -(ages.lowerBound * 365 + self.random.below((ages.upperBound - ages.lowerBound) * 365 + 1))
        let birth = self.lastBirth.adding(days: day)
        let number = self.citizenNumber(birth, day: day, isMale: isMale)
        let name = self.name(isMale: isMale)
        let phone = "0000" + Self.padded(self.random.below(10_000_000), 7)
        return ("\(name),\(isMale ? "男" : "女"),\(birth),\(number),\(phone),\(address)", birth)
    }

    private mutating func name(isMale: Bool) -> String {
        let surname = Self.surnames[self.random.below(Self.surnames.count)]
        let given = isMale ? Self.givenMale : Self.givenFemale
        var name = String(surname) + String(given[self.random.below(given.count)])
        if self.random.below(5) > 0 { name.append(given[self.random.below(given.count)]) }
        return name
    }

    /// GB 11643-1999: area, birth date, order (odd for men) and check digit.
    private mutating func citizenNumber(_ birth: LocalDate, day: Int, isMale: Bool) -> String {
        let key = day * 2 + (isMale ? 1 : 0)
        let order = self.nextOfDay[key, default: 0]
        self.nextOfDay[key] = order + 1
        let digits =
            self.area + birth.description.filter { $0 != "-" } + Self.padded(order * 2 + (isMale ? 1 : 2), 3)
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
        let sum = zip(digits.utf8, weights).reduce(0) { $0 + Int($1.0 - 0x30) * $1.1 }
        return digits + String(Array("10X98765432")[sum % 11])
    }

    private static func padded(_ number: Int, _ count: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
    }

    private static let surnames = Array(
        "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
    )
    private static let givenMale = Array("伟强磊军勇杰涛明超刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林阳建国民志远文博山川海峰青松柏立新春生金贵福田根")
    private static let givenFemale = Array("芳娜敏静丽艳娟霞燕玲桂英红梅秀兰玉珍凤洁雪慧莹倩婷琳萍芬琴云月莲巧春花香淑清爱华翠菊美佳怡欣悦梦瑶")
}

/// A generator that gives the same numbers on every machine (SplitMix64).
struct Sequence64 {
    private var state: UInt64

    init(_ seed: UInt64) {
        self.state = seed
    }

    mutating func below(_ limit: Int) -> Int {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = self.state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) % UInt64(max(1, limit)))
    }
}
