internal import XinglinKit

/// The overview of who is on the way to membership as a page: a section for each stage, by organisation and day.
struct DevelopmentOverview {
    struct Candidate {
        let row: CandidateRow
        let person: PeopleIndex.Person?
    }

    let siteZh: String
    let nameZh: String
    let day: LocalDate
    let table: StatisticsTable
    let candidates: [Candidate]
    /// What whole names are needed for; nil where they are masked.
    let purpose: ViewPurpose?

    /// The furthest first.
    private static let stages: [CandidateStage] = [.developmentTarget, .activist, .applicant]

    var page: String {
        let places = Dictionary(
            self.table.lines.enumerated().map { ($0.element.id, $0.offset) }, uniquingKeysWith: { first, _ in first })
        let sorted = self.candidates.sorted { left, right in
            let ranks = [left.row, right.row].map { (places[$0.organization] ?? 0, $0.since, $0.id.description) }
            return ranks[0] < ranks[1]
        }
        let sections = Self.stages.map { stage in
            let rows = sorted.filter { $0.row.stage == stage }.map { self.row($0, places) }
            return PrintedPage.Section(heading: stage.labelZh, count: "共 \(rows.count) 名", rows: rows)
        }
        let counts = Self.stages.map { stage in
            "\(stage.labelZh) \(self.candidates.filter { $0.row.stage == stage }.count) 名"
        }
        return PrintedPage(
            siteZh: self.siteZh, title: "\(self.nameZh)发展党员一览表", asOf: self.day,
            columns: ["姓名", "党组织", "已完成步骤", "日期", "下一步"], sections: sections,
            total: "总计：" + counts.joined(separator: "，") + "，共 \(self.candidates.count) 名",
            remark: PrintedPage.remark(self.purpose)
        ).html
    }

    private func row(_ candidate: Candidate, _ places: [RecordID: Int]) -> [String] {
        let row = candidate.row
        let name = candidate.person.map { self.purpose == nil ? MaskedName.of($0.nameZh) : $0.nameZh } ?? "*"
        return [
            name, places[row.organization].map { self.table.lines[$0].nameZh } ?? "", row.ahead.lastZh,
            row.since.description, row.ahead.nextZh,
        ]
    }
}
