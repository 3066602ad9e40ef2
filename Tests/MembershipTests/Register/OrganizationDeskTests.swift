import Testing
import XinglinKit

@testable import Membership

@Suite("Lines of organisations, and how files name them")
struct OrganizationDeskTests {
    private static let site = RecordID(high: 1, low: 1)
    private static let today = TestParty.now.localDate

    private static func id(_ number: UInt64) -> RecordID { RecordID(high: 2, low: number) }

    private static func entry(
        _ number: UInt64, _ kind: OrganizationKind, _ name: String, below parent: UInt64? = nil, ended: Bool = false
    ) -> OrganizationIndex.Entry {
        .init(
            id: Self.id(number), keptAt: Self.site, kind: kind, nameZh: name, parentID: parent.map(Self.id),
            foundedOn: TestParty.founded, isEnded: ended)
    }

    private static func places(_ lines: [[String: String]]) -> [[String]] {
        var desk = OrganizationDesk(
            OrganizationIndex([Self.entry(1, .committee, "某县党委"), Self.entry(2, .branch, "旧支部", below: 1, ended: true)]
            ),
            site: Self.site, today: Self.today)
        return lines.enumerated().map { number, values in
            let verdict = desk.verdict(
                ImportLine(number: number + 1, values: values), id: Self.id(UInt64(100 + number)))
            guard case .faulty(let faults) = verdict else { return [] }
            return faults.map { $0.field ?? "" }
        }
    }

    @Test("a parent may stand in the file before, not behind, and must not have faults itself")
    func parents() {
        #expect(
            Self.places([
                ["nameZh": "一支部", "kind": "党支部", "parent": "某县党委", "foundedOn": "2015-01-01"],
                ["nameZh": "一小组", "kind": "党小组", "parent": "一支部", "foundedOn": "2015-01-01"],
                ["nameZh": "二小组", "kind": "党小组", "parent": "二支部", "foundedOn": "2015-01-01"],
                ["nameZh": "二支部", "kind": "党支部", "parent": "某县党委", "foundedOn": "2015.01"],
                ["nameZh": "三小组", "kind": "党小组", "parent": "二支部", "foundedOn": "2015-01-01"],
                ["nameZh": "四小组", "kind": "党小组", "parent": "一支部", "foundedOn": "2014-12-31"],
                ["nameZh": "五小组", "kind": "党小组", "foundedOn": "2015-01-01"],
                ["nameZh": "六小组", "kind": "党小组", "parent": "某县党委", "foundedOn": "2015-01-01"],
                ["nameZh": "七小组", "kind": "党小组", "parent": "旧支部", "foundedOn": "2015-01-01"],
                ["kind": "小组", "foundedOn": "2026-11-23"],
            ]) == [
                [], [], ["parent"], ["foundedOn"], ["parent"], ["parent"], ["parent"], ["parent"], ["parent"],
                ["nameZh", "kind", "foundedOn"],
            ])
    }

    @Test("what is recorded just so is good; with another kind or day the field is named")
    func recorded() {
        #expect(
            Self.places([
                ["nameZh": "某县党委", "kind": "党委", "foundedOn": "2010-07-01"],
                ["nameZh": "某县党委", "kind": "党总支", "foundedOn": "2010-07-02"],
                // One that has ended may be founded anew.
                ["nameZh": "旧支部", "kind": "branch", "parent": "某县党委", "foundedOn": "2021-01-01"],
            ]) == [[], ["kind", "foundedOn"], []])
    }

    @Test("names are found whatever blanks and width, by parent and name, and by id; several are told")
    func names() {
        let index = OrganizationIndex([
            Self.entry(1, .branch, "甲支部（北）"), Self.entry(2, .branch, "乙支部"), Self.entry(3, .group, "一组", below: 1),
            Self.entry(4, .group, "一组", below: 2),
        ])
        func find(_ text: String) -> UInt64? {
            guard case .one(let entry) = index.find(text, where: { _ in true }) else { return nil }
            return (1...4).first { Self.id($0) == entry.id }
        }
        #expect(find("甲支部(北)") == 1 && find(" 甲支部 （北） ") == 1)
        #expect(find("一组") == nil && find("甲支部（北）/一组") == 3 && find("乙支部／一组") == 4)
        #expect(find(Self.id(4).description) == 4 && find("丙") == nil && find("丙/一组") == nil)
        for number in 1...4 as ClosedRange<UInt64> {
            #expect(find(index.written(Self.id(number)) { _ in true }) == number)
        }
    }
}
