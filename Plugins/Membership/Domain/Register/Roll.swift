internal import XinglinKit

/// The roll of members as a page: a section for each organisation that has any, full members first, by the day of joining.
struct Roll {
    struct Member {
        let id: RecordID
        /// Nil where the index no longer shows the person here.
        let person: PeopleIndex.Person?
        let status: MemberStatus
        /// Since when the standing of a full member counts (DV-23); nil of others, and where it is not recorded.
        let fullFrom: LocalDate?
        let joinedOn: LocalDate
        let organization: RecordID
    }

    let siteZh: String
    let nameZh: String
    let day: LocalDate
    let table: StatisticsTable
    let members: [Member]
    /// What whole names are needed for; nil where they are masked.
    let purpose: ViewPurpose?

    var page: String {
        let byPlace = Dictionary(grouping: self.members, by: \.organization)
        let sections = self.table.lines.compactMap { line -> PrintedPage.Section? in
            guard let members = byPlace[line.id], !members.isEmpty else { return nil }
            return PrintedPage.Section(
                heading: "\(line.nameZh)（\(line.kind.labelZh)）", count: Self.count(line.own),
                rows: members.sorted(by: Self.order).map(self.row))
        }
        return PrintedPage(
            siteZh: self.siteZh, title: "\(self.nameZh)党员花名册", asOf: self.day, columns: self.columns,
            sections: sections,
            total: "总计：" + Self.count(self.table.lines.first?.total ?? .init()),
            remark: PrintedPage.remark(self.purpose)
        ).html
    }

    private var columns: [String] {
        ["姓名"] + (self.purpose == nil ? [] : ["出生日期"]) + ["党员类别", "入党日期", "转正日期"]
    }

    private func row(_ member: Member) -> [String] {
        let name = member.person.map { self.purpose == nil ? MaskedName.of($0.nameZh) : $0.nameZh } ?? "*"
        return [name] + (self.purpose == nil ? [] : [member.person?.birthDate?.description ?? ""]) + [
            member.status.labelZh, member.joinedOn.description,
            member.fullFrom?.description ?? "",
        ]
    }

    private static func order(_ left: Member, _ right: Member) -> Bool {
        let ranks = [left, right].map { ($0.status == .full ? 0 : 1, $0.joinedOn, $0.id.description) }
        return ranks[0] < ranks[1]
    }

    static func count(_ figures: StatisticsTable.Figures) -> String {
        "正式党员 \(figures.full) 名，预备党员 \(figures.probationary) 名，共 \(figures.members) 名"
    }
}
