import Testing
import XinglinKit

@testable import People

/// GB 11643-1999.
struct CitizenNumberTests {
    static let today = LocalDate("2026-11-22") ?? LocalDate(daysSince1970: 0)

    private func refusal(_ number: String) -> [CitizenNumber.Disagreement] {
        do throws(DisagreementList) {
            _ = try CitizenNumber(PlainText.number(number), today: Self.today)
            return []
        } catch {
            return error.all
        }
    }

    @Test("the standard's own example is valid, also with a small x, full width and blanks")
    func example() throws {
        for text in ["11010519491231002X", "11010519491231002x", " 110105 19491231 002x ", "１１０１０５１９４９１２３１００２Ｘ"] {
            let number = try CitizenNumber(PlainText.number(text), today: Self.today)
            #expect(number.text == "11010519491231002X")
            #expect(number.birthDate.description == "1949-12-31")
            #expect(number.sex == .female)
        }
    }

    @Test("every change of a single digit, and every swap of two neighbours, is found")
    func singleErrors() {
        var people = TestPeople(seed: 1)
        for number in ["11010519491231002X"] + (0..<40).map({ _ in people.next().citizenId }) {
            #expect(self.refusal(number) == [])
            let digits = Array(number)
            for place in digits.indices {
                for other in "0123456789X" where other != digits[place] {
                    var wrong = digits
                    wrong[place] = other
                    #expect(self.refusal(String(wrong)) != [], "place \(place)")
                }
                if place > 0, digits[place] != digits[place - 1] {
                    var wrong = digits
                    wrong.swapAt(place, place - 1)
                    #expect(self.refusal(String(wrong)) != [], "swap \(place)")
                }
            }
        }
    }

    @Test(
        "a date that is none, or is in the future, is refused as such",
        arguments: [
            ("20000229", true), ("19000229", false), ("20230229", false), ("20240229", true), ("20231301", false),
            ("20230431", false), ("00000101", false), ("20261122", true), ("20261123", false), ("99991231", false),
        ])
    func dates(date: String, isValid: Bool) {
        let number = TestPeople.complete("610926\(date)001")
        #expect(self.refusal(number) == (isValid ? [] : [.date]))
    }

    @Test("the 17th digit says the sex: odd is male")
    func sex() throws {
        for digit in 0...9 {
            let number = try CitizenNumber(TestPeople.complete("6109261990010112\(digit)"), today: Self.today)
            #expect(number.sex == (digit % 2 == 1 ? .male : .female))
        }
    }

    @Test("a number of 15 digits becomes the one of 18 that replaced it")
    func fifteenDigits() throws {
        let number = try CitizenNumber("110105491231002", today: Self.today)
        #expect(number.text == "11010519491231002X")
        #expect(IdentityDocument.searchForms(of: "110105491231002", today: Self.today).contains("11010519491231002X"))
        #expect(self.refusal("110105490231002") == [.date])
    }

    @Test(
        "what is no number at all is refused by its form",
        arguments: [
            "", "1", "1101051949123100", "11010519491231002XX", "1101051949123100AX", "X1010519491231002X",
            "11010519491231002-", "一一〇一〇五一九四九一二三一〇〇二Ｘ", "1101O519491231002X",
        ])
    func form(text: String) {
        #expect(self.refusal(text) == [.format])
    }

    @Test("passports and other documents are upper case, half width and without blanks")
    func otherDocuments() throws {
        let passport = try IdentityDocument(kind: .passport, number: " e1234 5678", today: Self.today)
        #expect(passport.number == "E12345678")
        #expect(passport.citizen == nil)
        let other = try IdentityDocument(kind: .other, number: "军字第 123456 号", today: Self.today)
        #expect(other.number == "军字第123456号")
        for text in ["E-123", "", "1234", "护照12345", String(repeating: "1", count: 21)] {
            #expect(throws: DisagreementList.self) {
                try IdentityDocument(kind: .passport, number: text, today: Self.today)
            }
        }
    }

    @Test("sex and birth date must agree with the number; unknown and not stated claim nothing")
    func disagreements() throws {
        let document = try IdentityDocument(kind: .citizenId, number: "11010519491231002X", today: Self.today)
        #expect(document.disagreements(sex: .male, birthDate: Self.today) == [.sex, .birthDate])
        #expect(document.disagreements(sex: .female, birthDate: LocalDate("1949-12-31")) == [])
        #expect(document.disagreements(sex: .unknown, birthDate: nil) == [])
    }

    @Test("a citizen number is refused under another kind", arguments: ["11010519491231002X", "110105491231002"])
    func underAnotherKind(number: String) throws {
        let today = try #require(LocalDate("2026-11-22"))
        let refused = #expect(throws: DisagreementList.self) {
            try IdentityDocument(kind: .other, number: number, today: today)
        }
        #expect(refused?.all == [.kind])
        _ = try IdentityDocument(kind: .other, number: "军字第12345678号", today: today)
    }
}
