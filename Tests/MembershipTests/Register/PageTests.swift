import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import Membership

@Suite("Statistics and pages of the register")
struct PageTests {
    private static func line(
        _ number: UInt64, below parent: UInt64?, _ full: Int, _ applicants: Int = 0
    ) -> StatisticsTable.Line {
        .init(
            id: RecordID(high: 1, low: number), parentID: parent.map { RecordID(high: 1, low: $0) }, kind: .branch,
            nameZh: "组织\(number)", own: .init(full: full, applicants: applicants))
    }

    @Test("the totals of a tree are sums of what stands below, and each organisation stands behind its parent")
    func totals() {
        let table = StatisticsTable([
            Self.line(1, below: 99, 0), Self.line(2, below: 1, 3), Self.line(3, below: 1, 4, 2),
            Self.line(4, below: 2, 5), Self.line(5, below: 2, 6), Self.line(6, below: 3, 7),
        ])
        #expect(table.lines.map(\.nameZh) == [1, 2, 4, 5, 3, 6].map { "组织\($0)" })
        #expect(table.lines.map(\.depth) == [0, 1, 2, 2, 1, 2])
        #expect(table.lines.map(\.total.full) == [25, 14, 5, 6, 11, 7])
        #expect(table.lines.map(\.total.applicants) == [2, 0, 0, 0, 2, 0])
        #expect(table.lines.reduce(StatisticsTable.Figures()) { $0 + $1.own } == table.lines[0].total)
    }

    @Test("a page escapes all that it is given, and needs nothing else")
    func escaped() {
        let page = PrintedPage(
            siteZh: "<b>\"甲\"</b>", title: "名册 & 'x'", asOf: TestParty.now.localDate, columns: ["姓名"],
            sections: [.init(heading: "<i>", count: "1", rows: [["<script>alert(1)</script>"]])], total: "1",
            remark: "&"
        ).html
        for text in ["<b>", "<i>", "<script", "& '"] { #expect(!page.contains(text)) }
        #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && page.contains("2026年11月22日"))
        for text in ["http", "src=", "url(", "@import"] { #expect(!page.contains(text)) }
    }

    @Test("the roll shows each member once, masked unless a purpose is named, and its counts are the statistics'")
    func roll() async throws {
        let party = try await TestParty.open()
        let group = try await party.organization("group", below: party.branch)
        for _ in 0..<3 { _ = try await party.member() }
        _ = try await party.member(in: group)
        _ = try await party.member(joined: try #require(LocalDate("2026-03-01")), status: "probationary")
        let page = try await party.officer.call("membership.roll.page", ["organizationId": party.branch])
        let html = page["html"]?.stringValue ?? ""
        #expect(page["full"] == 4 && page["probationary"] == 1)
        #expect(html.ranges(of: "<td class='no'>").count == 5)
        #expect(html.contains("总计：正式党员 4 名，预备党员 1 名，共 5 名") && html.contains("测**") && !html.contains("<td>测试"))
        #expect(html.contains("正式党员 3 名，预备党员 1 名，共 4 名"))
        let whole = try await party.officer.call(
            "membership.roll.page", ["organizationId": party.branch, "unmask": ["purpose": "inspection"]])
        #expect(whole["html"]?.stringValue?.contains("<td>测试") == true)
        // Before the probationary member joined.
        let then = try await party.officer.call(
            "membership.roll.page", ["organizationId": party.branch, "asOf": "2026-02-28"])
        #expect(then["full"] == 4 && then["probationary"] == 0)
        let audit = try party.host.sql(
            """
            SELECT notes::json->>'basis', json_array_length(notes::json->'subjects') FROM host.audit
            WHERE method = 'membership.roll.page' ORDER BY seq
            """)
        #expect(audit.map(\.first) == ["view", "inspection", "view"])
        let future = try await party.refusal(
            "membership.roll.page", ["organizationId": party.branch, "asOf": "2026-11-23"])
        #expect(future.reason == "host.invalidParams")
        let clinical = try await party.refusal(
            "membership.roll.page", ["organizationId": party.branch], by: party.desk)
        #expect(clinical.reason == "host.forbidden")
    }

    @Test(
        "DV-23: roll and export show since when the standing counts of those taken over later, and nothing where that is not recorded"
    )
    func takenOverLater() async throws {
        let party = try await TestParty.open()
        func enrol(_ joined: String, full: String?) async throws {
            var params: [String: JSONValue] = [
                "personId": try await party.person(), "organizationId": party.branch, "status": "full",
                "joinedOn": .string(joined), "since": "2020-05-01",
            ]
            params["probationEndedOn"] = full.map { .string($0) }
            try await party.officer.call("membership.member.enrol", .object(params))
        }
        try await enrol("2012-06-30", full: "2013-09-30")
        try await enrol("2014-06-30", full: "2015-06-30")
        try party.host.script("UPDATE membership.standing SET full_since = NULL WHERE full_since = '2015-06-30'")
        _ = try await party.member(joined: try #require(LocalDate("2021-03-31")))
        let page = try await party.officer.call("membership.roll.page", ["organizationId": party.branch])
        let html = page["html"]?.stringValue ?? ""
        #expect(
            html.contains("<td>2012-06-30</td><td>2013-09-30</td>") && html.contains("<td>2014-06-30</td><td></td>"))
        #expect(html.contains("<td>2021-03-31</td><td>2022-03-31</td>") && !html.contains("2020-05-01"))
        let rows = try DelimitedTable(
            parsing: try await Sheets.export("membership.register", ["organizationId": party.branch], party.officer)
        ).rows
        let days = rows.map { [$0["joined on"] ?? "-", $0["full member from"] ?? "-", $0["member here since"] ?? "-"] }
        #expect(
            Set(days) == [
                ["2012-06-30", "2013-09-30", "2020-05-01"], ["2014-06-30", "", "2020-05-01"],
                ["2021-03-31", "2022-03-31", "2021-03-31"],
            ])
        // On the day before the conversion nobody knows of it.
        let then = try await party.officer.call(
            "membership.roll.page", ["organizationId": party.branch, "asOf": "2022-03-30"])
        #expect(then["html"]?.stringValue?.contains("2022-03-31") == false)
    }

    /// Candidates, as a development that was recorded step by step leaves them.
    private static func develop(_ party: TestParty, _ statuses: [(String, Int)]) async throws {
        for (status, step) in statuses {
            let person = try await party.person()
            _ = try party.host.sql(
                """
                WITH one AS (
                    INSERT INTO membership.candidate (site_id, candidate_id, person_id, is_imported, recorded_at, recorded_by)
                    SELECT kept_at, gen_random_uuid(), '\(person.stringValue ?? "")', true, now(), gen_random_uuid()
                    FROM membership.organization WHERE organization_id = '\(party.branch.stringValue ?? "")'
                    RETURNING site_id, candidate_id
                )
                INSERT INTO membership.development_entry (
                    site_id, entry_id, candidate_id, on_date, kind, step, status, organization_id, facts, rule_versions,
                    is_imported, recorded_at, recorded_by)
                SELECT site_id, gen_random_uuid(), candidate_id, '2025-06-30', 'step', \(step), '\(status)',
                    '\(party.branch.stringValue ?? "")', '{}', '{}', true, now(), gen_random_uuid()
                FROM one RETURNING 1
                """)
        }
    }

    @Test("the overview of a development counts what the statistics count, and says what comes next")
    func development() async throws {
        let party = try await TestParty.open()
        try await Self.develop(
            party, [("applicant", 1), ("activist", 4), ("activist", 4), ("candidate_vetted", 10), ("withdrawn", 1)])
        let page = try await party.officer.call("membership.development.page", ["organizationId": party.branch])
        let html = page["html"]?.stringValue ?? ""
        #expect(page["applicants"] == 1 && page["activists"] == 2 && page["developmentTargets"] == 1)
        #expect(html.contains("总计：发展对象 1 名，入党积极分子 2 名，入党申请人 1 名，共 4 名"))
        #expect(html.contains("9 确定入党介绍人、11 开展短期集中培训") && !html.contains("<td>测试"))
        let rows = try DelimitedTable(
            parsing: try await Sheets.export(
                "membership.development", ["organizationId": party.branch], party.officer)
        ).rows
        #expect(rows.count == 4)
        #expect(rows.filter { $0["Status"] == "activist" }.allSatisfy { $0["Next step"] == "5 指定培养联系人" })
    }

    @Test("the table of statistics has a line for each organisation, and adds up to the count")
    func statistics() async throws {
        let party = try await TestParty.open()
        let group = try await party.organization("group", below: party.branch)
        for _ in 0..<2 { _ = try await party.member() }
        for _ in 0..<3 { _ = try await party.member(in: group) }
        try await Self.develop(party, [("applicant", 1), ("candidate", 8)])
        let bytes = try await Sheets.export(
            "membership.statistics", ["organizationId": party.committee], party.committeeOfficer)
        let rows = try DelimitedTable(parsing: bytes).rows
        #expect(rows.map { $0["Level"] ?? "" } == ["0", "1", "2"])
        #expect(rows.map { $0["Full members"] ?? "" } == ["0", "2", "3"])
        #expect(rows.map { $0["Full members, with all below"] ?? "" } == ["5", "5", "3"])
        let count = try await party.count(party.committee, by: party.committeeOfficer)
        for (column, member) in [
            ("Full members", "full"), ("Applicants", "applicants"), ("Development targets", "developmentTargets"),
        ] {
            #expect(rows[0][column + ", with all below"].flatMap { Int64($0) } == count[member]?.integerValue)
            #expect(rows.compactMap { $0[column].flatMap { Int64($0) } }.reduce(0, +) == count[member]?.integerValue)
        }
        await #expect(throws: CallRefused.self) {
            try await party.officer.call("exports.begin", ["kind": "membership.statistics"])
        }
    }
}
