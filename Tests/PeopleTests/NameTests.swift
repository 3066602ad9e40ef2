import Testing
import XinglinKit

@testable import People

struct NameTests {
    @Test(
        "a name is found by its pinyin as typists type it",
        arguments: [
            ("张三", "zhangsan", "zs"), ("欧阳修", "ouyangxiu", "oyx"), ("吕布", "lvbu", "lb"), ("单雄信", "shanxiongxin", "sxx"),
            ("尉迟恭", "yuchigong", "ycg"), ("长孙无忌", "zhangsunwuji", "zswj"), ("万俟卨", "moqixie", "mqx"),
            ("曾国藩", "zengguofan", "zgf"), ("仇英", "qiuying", "qy"), ("解缙", "xiejin", "xj"),
            ("查良镛", "zhaliangyong", "zly"),
            ("任我行", "renwoxing", "rwx"), ("区大相", "oudaxiang", "odx"), ("盖叫天", "gejiaotian", "gjt"),
            ("华佗", "huatuo", "ht"), ("阿依古丽·买买提", "ayigulimaimaiti", "ayglmmt"), ("Zhang San", "zhangsan", "zs"),
            ("女娲", "nvwa", "nw"), ("单", "dan", "d"), ("张重庆", "zhangchongqing", "zcq"),
        ])
    func pinyin(name: String, full: String, initials: String) {
        let pinyin = Pinyin(name)
        #expect(pinyin.full == full)
        #expect(pinyin.initials == initials)
    }

    @Test("what is typed to search loses tones, blanks and case")
    func typed() {
        #expect(Pinyin.typed("Zhāng Sān") == "zhangsan")
        #expect(Pinyin.typed("ＺＳ") == "zs")
        #expect(Pinyin.typed("lü") == "lv")
        #expect(Pinyin.typed("%_' ") == nil)
    }

    @Test("names have one form")
    func names() {
        #expect(PlainText.name("　张 三  ") == "张 三")
        #expect(PlainText.name("阿依古丽•买买提") == "阿依古丽·买买提")
        #expect(PlainText.name("ＪＯＨＮ   Smith") == "JOHN Smith")
    }

    @Test(
        "telephone numbers lose blanks and dashes, and are refused with letters",
        arguments: [
            ("138 0000 1234", "13800001234"), ("(0915) 888-1234", "09158881234"),
            ("+86 138 0000 1234", "+8613800001234"),
            ("１３８００００１２３４", "13800001234"), ("1234", nil), ("138x0000", nil), ("", nil), ("1+38000", nil),
        ] as [(String, String?)])
    func phones(text: String, expected: String?) {
        #expect(PlainText.phone(text) == expected)
    }

    @Test("masks hide what they must")
    func masks() {
        #expect(Masking.document("11010519491231002X", kind: .citizenId) == "110105********002X")
        #expect(Masking.document("E12345678", kind: .passport) == "E1*****78")
        #expect(Masking.document("AB12", kind: .other) == "A***")
        #expect(Masking.phone("13800001234") == "138****1234")
        #expect(Masking.phone("8881234") == "***1234")
        #expect(Masking.name("张三") == "张*")
        #expect(Masking.name("欧阳修文") == "欧*")
        #expect(Masking.address("陕西省安康市平利县老县镇某村3组12号") == "陕西省安康市平利县老县镇***")
        #expect(Masking.address("某区和平街道某路5号") == "某区和平街道***")
        #expect(Masking.address("某市某区某路5号院2单元") == "某市某区某路***")
        #expect(Masking.address("某村") == "某***")
    }

    @Test("no mask shows a whole text, however short")
    func masksHideSomething() {
        for length in 1...40 {
            let text = String("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefgh".prefix(length))
            for kind in DocumentKind.allCases { #expect(!Masking.document(text, kind: kind).contains(text)) }
            #expect(!Masking.phone(text).contains(text))
            #expect(!Masking.address(text).contains(text))
        }
    }

    @Test("temporary numbers have a check digit that finds every single error")
    func temporaryNumbers() {
        let day = LocalDate("2026-11-22") ?? LocalDate(daysSince1970: 0)
        for sequence in [1, 42, 99_999, 100_000, 123_456_789] as [Int64] {
            let number = TemporaryNumber(on: day, sequence: sequence)
            #expect(number.text.hasPrefix("T261122"))
            #expect(TemporaryNumber(" \(number.text.lowercased()) ") == number)
            let characters = Array(number.text)
            for place in characters.indices.dropFirst() {
                for other in "0123456789" where other != characters[place] {
                    var wrong = characters
                    wrong[place] = other
                    #expect(TemporaryNumber(String(wrong)) == nil)
                }
            }
        }
    }

    @Test("titles cover PC-02's grades, and every code has its own label")
    func titles() {
        for label in ["中药士", "中药师", "主管中药师", "副主任中药师", "主任中药师", "主治医师", "护师", "管理人员"] {
            #expect(StaffTitle(written: label) != nil)
        }
        #expect(Set(StaffTitle.allCases.map(\.labelZh)).count == StaffTitle.allCases.count)
        #expect(Set(StaffRight.allCases.map(\.labelZh)).count == StaffRight.allCases.count)
    }

    @Test(
        "dates in files",
        arguments: [
            ("2001-02-03", "2001-02-03"), ("2001/2/3", "2001-02-03"), ("2001.2.3", "2001-02-03"),
            ("20010203", "2001-02-03"), ("2001年2月3日", "2001-02-03"), ("2001-02-30", nil), ("01-02-03", nil),
            ("2001-2", nil), ("2001-+2-3", nil), ("3/2/2001", nil),
        ] as [(String, String?)])
    func dates(text: String, expected: String?) {
        #expect(ImportedFields.date(text)?.description == expected)
    }
}
