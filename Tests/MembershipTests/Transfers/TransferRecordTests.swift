import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import Membership

/// What travels with a person, and what stays.
struct TransferRecordTests {
    @Test("who comes back has one row and one history, and belonged to one site on each day of the whole way")
    func thereAndBack() async throws {
        var two = try await TwoBranches.open()
        let member = try await two.party.member()
        let out = try await two.request(["memberId": member])
        try await two.issue(out)
        two = try await two.later(days: 10)
        try await two.receive(out)
        let group = try await two.party.organization("group", below: two.other, by: two.there)
        two = try await two.later(days: 10)
        try await two.there.call(
            "membership.member.assign",
            ["memberId": member, "organizationId": group, "on": .string(two.today.description)])
        let early = try await two.party.refusal(
            "membership.transfer.request",
            ["memberId": member, "toOrganizationId": two.other, "reason": "再转", "on": "2026-12-01"])
        #expect(early.reason == "membership.memberEnded", "who has left cannot be sent away again")
        let back = try await two.request(["memberId": member], to: two.party.branch, by: two.there)
        try await two.issue(back, by: two.there)
        two = try await two.later(days: 10)
        try await two.receive(back, by: two.here)
        #expect(two.today == dated("2026-12-22"))
        for offset in 0...40 {
            let day = dated("2026-11-20").adding(days: offset)
            guard day <= two.today else { break }
            let isThere = day >= Self.at("2026-12-02") && day < Self.at("2026-12-22")
            #expect(
                try await two.counts(on: day) == (isThere ? ["0+0", "1+0", "1+0"] : ["1+0", "0+0", "1+0"]), "\(day)")
        }
        #expect(try two.claims() == [["t1", "member"]])
        #expect(try two.host.sql("SELECT count(*) FROM membership.member") == [["2"]])
        let home = try await two.here.call("membership.member.get", ["memberId": member])
        #expect(
            home["status"] == "full" && home["statusSince"] == "2016-06-30"
                && home["organizationId"] == two.party.branch)
        let changes = try #require(home["facts"]?.arrayValue).map { $0["change"]?.stringValue ?? "" }
        #expect(changes.sorted() == ["assigned", "converted", "ended", "enrolled", "received", "received"])
        // And away again.
        let again = try await two.request(["memberId": member])
        try await two.issue(again)
        two = try await two.later(days: 1)
        try await two.receive(again)
        #expect(try await two.counts(on: two.today) == ["0+0", "1+0", "1+0"])
        #expect(try await two.counts(on: dated("2026-12-22")) == ["1+0", "0+0", "1+0"])
        #expect(try await two.counts(on: dated("2026-12-05")) == ["0+0", "1+0", "1+0"])
    }

    @Test(
        "a transfer is corrected by nobody alone; what was taken along is corrected where the member is, and counts follow"
    )
    func corrections() async throws {
        var two = try await TwoBranches.open()
        let member = try await two.party.member()
        let transfer = try await two.request(["memberId": member])
        try await two.issue(transfer)
        two = try await two.later(days: 1)
        try await two.receive(transfer)
        func facts(_ client: TestClient) async throws -> [JSONValue] {
            try #require(try await client.call("membership.member.get", ["memberId": member])["facts"]?.arrayValue)
        }
        func correct(_ fact: JSONValue?, _ client: TestClient) async throws -> CallRefused {
            try await two.party.refusal(
                "membership.member.correct",
                ["memberId": member, "factId": fact ?? .null, "on": "2016-07-01", "reason": "日期有误"], by: client)
        }
        for (client, change) in [(two.here, "ended"), (two.there, "received"), (two.here, "converted")] {
            let fact = try await facts(client).first { $0["change"] == .string(change) }
            let refused = try await correct(fact?["factId"], client)
            #expect(refused.details?[0]?["pointer"] == "/factId", "\(change)")
        }
        let converted = try await facts(two.there).first { $0["change"] == "converted" }
        try await two.there.call(
            "membership.member.correct",
            [
                "memberId": member, "factId": try #require(converted?["factId"]), "on": "2016-09-30",
                "reason": "转正日期有误",
            ])
        let shown = try await two.there.call("membership.member.get", ["memberId": member])
        #expect(shown["statusSince"] == "2016-09-30" && shown["standingFrom"] == "2016-09-30")
        #expect(try await two.counts(on: dated("2016-09-29")) == ["1+0", "0+0", "1+0"], "it was counted there")
        #expect(try await two.counts(on: two.today) == ["0+0", "1+0", "1+0"])
    }

    @Test("an activist of seven months moves with all papers: the time counts on, and both sites read the scans")
    func activist() async throws {
        var two = try await TwoBranches.open()
        let (applied, chosen) = (dated("2025-12-01"), dated("2026-04-22"))
        let file = try await two.file("支委会会议记录", by: two.here)
        let candidate = try await two.activist(applied: applied, chosen: chosen, file: file)
        #expect(try await two.counts(on: two.today) == ["0+1", "0+0", "0+1"])
        let transfer = try await two.request(["candidateId": candidate])
        await #expect(throws: CallRefused.self) { try await two.there.call("files.read", TwoBranches.reading(file)) }
        let early = try await two.there.call("membership.transfer.get", ["transferId": transfer])
        #expect(early["papers"] == [], "there is no letter yet")
        try await two.issue(transfer)
        let shown = try await two.there.call("membership.transfer.get", ["transferId": transfer])
        #expect(shown["papers"]?.arrayValue?.count == 5 && shown["developmentStatus"] == "activist_mentored")
        let paper = shown["papers"]?.arrayValue?.first { $0["fileId"] != nil }
        #expect(paper?["fileId"] == file && paper?["step"] == 3 && paper?["on"] == .string(chosen.description))
        #expect(try await two.there.call("files.read", TwoBranches.reading(file))["base64"] != nil)
        // The envelope is closed while the letter is out.
        #expect(throws: (any Error).self) { try Self.record(candidate, on: two.today, "t1", two) }
        two = try await two.later(days: 3)
        let unexamined = try await two.party.refusal(
            "membership.transfer.receive", TwoBranches.receipt(transfer, on: two.today), by: two.there)
        #expect(unexamined.reason == "membership.papersUnexamined" && unexamined.details?["rule"] == "DV-08")
        try await two.receive(transfer, examined: true)
        #expect(try two.claims() == [["t2", "candidate"]])
        for offset in -5...0 {
            let day = two.today.adding(days: offset)
            #expect(try await two.counts(on: day) == (offset < 0 ? ["0+1", "0+0", "0+1"] : ["0+0", "0+1", "0+1"]))
        }
        #expect(try await two.counts(on: dated("2026-04-25")) == ["0+1", "0+0", "0+1"])
        try Self.sameRecord(candidate, two)
        // DV-07, DV-08: the year counts from the decision at the other site.
        let kept = try two.host.sql(
            """
            SELECT on_date::text FROM membership.development_entry JOIN host.site USING (site_id)
            WHERE code = 't2' AND candidate_id = '\(candidate.stringValue ?? "")' AND step = 3
            """)
        let years = Int(try DataOfTests.book().number(RuleKey("DV-07", "cultivationYears")))
        #expect(dated(kept[0][0] ?? "").adding(years: years) == dated("2027-04-22"))
        #expect(try await two.there.call("files.read", TwoBranches.reading(file))["base64"] != nil)
        #expect(try await two.here.call("files.read", TwoBranches.reading(file))["base64"] != nil)
        try Self.record(candidate, on: two.today.adding(days: 1), "t2", two)
        let refused = try await two.party.refusal(
            "membership.transfer.request",
            ["candidateId": candidate, "toOrganizationId": two.other, "reason": "再转", "on": "2026-11-25"])
        #expect(refused.reason == "membership.transferNotNow" && refused.details?["why"] == "gone")
    }

    @Test("papers that were sent back are the giving site's alone again, and may be added to")
    func sentBack() async throws {
        let two = try await TwoBranches.open()
        let file = try await two.file("考察登记表", by: two.here)
        let candidate = try await two.activist(applied: dated("2025-12-01"), chosen: dated("2026-04-22"), file: file)
        let transfer = try await two.request(["candidateId": candidate])
        try await two.issue(transfer)
        _ = try await two.there.call("files.read", TwoBranches.reading(file))
        try await two.there.call("membership.transfer.sendBack", ["transferId": transfer, "reason": "缺考察记录"])
        await #expect(throws: CallRefused.self) { try await two.there.call("files.read", TwoBranches.reading(file)) }
        #expect(try await two.there.call("membership.transfer.get", ["transferId": transfer])["papers"] == [])
        try Self.record(candidate, on: two.today, "t1", two)
        #expect(try two.claims() == [["t1", "candidate"]])
    }

    @Test(
        "between a resolution and its approval nobody moves (DV-17, DV-23)",
        arguments: ["probationary_pending_approval", "probationary_talked", "conversion_pending_approval"])
    func pending(status: String) async throws {
        let two = try await TwoBranches.open()
        let candidate = try await two.activist(applied: dated("2024-12-01"), chosen: dated("2025-04-22"))
        let transfer = try await two.request(["candidateId": candidate])
        try Self.record(candidate, on: dated("2026-11-20"), "t1", status: status, two)
        let refused = try await two.party.refusal("membership.transfer.issueLetter", ["transferId": transfer])
        #expect(refused.reason == "membership.transferNotNow" && refused.details?["why"] == "approvalPending")
        try await two.here.call("membership.transfer.withdraw", ["transferId": transfer])
        let again = try await two.party.refusal(
            "membership.transfer.request",
            ["candidateId": candidate, "toOrganizationId": two.other, "reason": "调动", "on": "2026-11-22"])
        #expect(again.details?["why"] == "approvalPending")
    }

    @Test("audit rows stand at both sites, with ids and without names or reasons; both sites hear of it")
    func traces() async throws {
        var two = try await TwoBranches.open()
        let member = try await two.party.member()
        try await two.there.call("events.subscribe", ["topics": ["membership.*"]])
        let transfer = try await two.request(["memberId": member])
        let told = try await two.there.notifications.next()
        #expect(told["topic"] == "membership.transfer.requested" && told["site"] == "t2")
        #expect(told["body"]?["transferId"] == transfer && told["body"]?["memberId"] == member)
        try await two.issue(transfer)
        two = try await two.later(days: 1)
        try await two.receive(transfer)
        let rows = try two.host.sql(
            """
            SELECT site.code, audit.method, audit.notes::text FROM host.audit JOIN host.site USING (site_id)
            WHERE method LIKE 'membership.transfer.%' ORDER BY seq
            """)
        let places = rows.map { "\($0[0] ?? "") \($0[1] ?? "")" }.sorted()
        #expect(
            places
                == ["issueLetter", "receive", "request"].flatMap { step in
                    ["t1 membership.transfer.\(step)", "t2 membership.transfer.\(step)"]
                }.sorted())
        for row in rows {
            let notes = row[2] ?? ""
            #expect(
                notes.contains(member.stringValue ?? "-") && !notes.contains("测") && !notes.contains("调动"), "\(notes)")
        }
        #expect(
            try two.host.sql("SELECT count(*) FROM membership.transfer WHERE person_name LIKE '%测%'::bytea") == [["0"]])
    }

    private static func at(_ text: String) -> LocalDate { dated(text) }

    /// One more entry of a development, past the methods.
    private static func record(
        _ candidate: JSONValue, on day: LocalDate, _ site: String, status: String = "activist_cultivating",
        _ two: TwoBranches
    ) throws {
        try two.host.script(
            """
            INSERT INTO membership.development_entry (site_id, entry_id, candidate_id, on_date, kind, step, status,
                facts, rule_versions, is_imported, recorded_at, recorded_by)
            SELECT site_id, gen_random_uuid(), '\(candidate.stringValue ?? "")', '\(day)', 'step', 15, '\(status)', '{}', '{}', false,
                '\(two.today)T14:30:00+08:00', site_id
            FROM host.site WHERE code = '\(site)'
            """)
    }

    /// Every row of the development is at both sites, word by word, with its id.
    private static func sameRecord(_ candidate: JSONValue, _ two: TwoBranches) throws {
        let id = candidate.stringValue ?? ""
        for (table, rows, of) in [
            ("development_entry", "5", "candidate_id = '\(id)' AND kind = 'step'"),
            ("vote", "1", "candidate_id = '\(id)'"),
            (
                "development_document", "1",
                "entry_id IN (SELECT entry_id FROM membership.development_entry WHERE candidate_id = '\(id)')"
            ),
        ] {
            let pairs = try two.host.sql(
                """
                SELECT count(*), count(DISTINCT (to_jsonb(one) - 'site_id' - 'from_site_id')), count(DISTINCT site_id)
                FROM membership.\(table) AS one WHERE \(of)
                """)
            #expect(pairs == [[String((Int(rows) ?? 0) * 2), rows, "2"]], "\(table)")
        }
    }
}
