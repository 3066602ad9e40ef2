import Synchronization
import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import Membership

/// The day of a receipt, requests that wait, and what is shown of who has moved.
struct TransferDayTests {
    @Test("a receipt on the day of other facts comes after them: the day belongs to whoever received last")
    func sameDay() async throws {
        let two = try await TwoBranches.open()
        let (day, before) = (two.today, two.today.adding(days: -1))
        let group = try await two.party.organization("group", below: two.party.branch)
        let member = try await two.party.member()
        try await two.here.call(
            "membership.member.assign",
            ["memberId": member, "organizationId": group, "on": .string(day.description)])
        try await two.party.note(member, "position", from: day.description, ["title": "医务科科长"])
        let transfer = try await two.request(["memberId": member])
        try await two.issue(transfer)
        try await two.receive(transfer)
        #expect(try await two.counts(on: before) == ["1+0", "0+0", "1+0"])
        #expect(try await two.counts(on: day) == ["0+0", "1+0", "1+0"])
        let shown = try await two.there.call("membership.member.get", ["memberId": member])
        #expect(shown["organizationId"] == two.other && shown["positions"] == ["医务科科长"])
        // It was a mistake: back on the same day.
        let back = try await two.request(["memberId": member], to: two.party.branch, by: two.there)
        try await two.issue(back, by: two.there)
        try await two.receive(back, by: two.here)
        #expect(try await two.counts(on: day) == ["1+0", "0+0", "1+0"])
        let home = try await two.here.call("membership.member.get", ["memberId": member])
        #expect(home["organizationId"] == two.party.branch && home["status"] == "full")
        // Who was enrolled today can go today.
        let person = try await two.party.person()
        let enrolled = try await two.here.call(
            "membership.member.enrol",
            [
                "personId": person, "organizationId": two.party.branch, "status": "full", "joinedOn": "2015-06-30",
                "since": .string(day.description),
            ])
        let second = try await two.request(["memberId": try #require(enrolled["memberId"])])
        try await two.issue(second)
        try await two.receive(second)
        #expect(try await two.counts(on: day) == ["1+0", "1+0", "2+0"])
        #expect(try await two.counts(on: before) == ["1+0", "0+0", "1+0"])
    }

    @Test("a development's day is its own: the refusal says a day that will do, and it does")
    func possibleDay() async throws {
        let two = try await TwoBranches.open()
        let candidate = try await two.activist(applied: dated("2026-01-05"), chosen: two.today.adding(days: -5))
        let transfer = try await two.request(["candidateId": candidate])
        try await two.issue(transfer, days: 30)
        let refused = try await two.party.refusal(
            "membership.transfer.receive", TwoBranches.receipt(transfer, on: two.today, examined: true), by: two.there)
        #expect(refused.reason == "membership.factOutOfOrder")
        #expect(refused.details?["earliestOn"] == "2026-11-23" && refused.details?["latestOn"] == "2026-12-22")
        let later = try await two.later(days: 1)
        try await later.receive(transfer, examined: true)
        #expect(try await later.counts(on: later.today) == ["0+0", "0+1", "0+1"])
        #expect(try await later.counts(on: two.today) == ["0+1", "0+0", "0+1"])
    }

    @Test("a request without a letter is called to mind at both sites, and the receiving site may send it back")
    func waiting() async throws {
        var two = try await TwoBranches.open()
        let member = try await two.party.member()
        let transfer = try await two.request(["memberId": member])
        for (client, direction, place) in [
            (two.here, "out", two.party.branch), (two.there, "in", two.other),
        ] as [(TestClient, JSONValue, JSONValue)] {
            let due = try await client.call("membership.transfer.due")["due"]
            #expect(due?.arrayValue?.count == 1 && due?[0]?["kind"] == "letterMissing")
            #expect(due?[0]?["direction"] == direction && due?[0]?["dueOn"] == "2027-02-22")
            #expect(due?[0]?["stage"] == "first" && due?[0]?["evidence"]?[0]?["fact"] == "requestedOn")
            let lines = try await client.call("membership.agenda.list", ["organizationId": place])
            let line = lines["lines"]?.arrayValue?.first { $0["task"] == "transfer.letterMissing" }
            #expect(line?["subjectId"] == transfer && line?["rule"] == "TRANSFER", "\(lines)")
        }
        two = try await two.on(dated("2027-02-22"))
        #expect(try await two.there.call("membership.transfer.due")["due"]?[0]?["stage"] == "overdue")
        try await two.there.call("membership.transfer.sendBack", ["transferId": transfer, "reason": "本人未到岗"])
        let shown = try await two.here.call("membership.transfer.get", ["transferId": transfer])["transfer"]
        #expect(shown?["state"] == "returned" && shown?["returnReason"] == "本人未到岗")
        #expect(try await two.here.call("membership.transfer.due")["due"] == [])
        let again = try await two.request(["memberId": member])
        try await two.here.call("membership.transfer.withdraw", ["transferId": again])
        #expect(try await two.there.call("membership.transfer.due")["due"] == [])
        #expect(try await two.counts(on: two.today) == ["1+0", "0+0", "1+0"])
    }

    @Test("who has only moved is no ended member for whoever reads both sites; who died since is one, once")
    func ended() async throws {
        var two = try await TwoBranches.open()
        let (stayed, moved) = (try await two.party.member(), try await two.party.member())
        let transfer = try await two.request(["memberId": moved])
        try await two.issue(transfer)
        two = try await two.later(days: 1)
        try await two.receive(transfer)
        func listed(_ status: String?, on day: LocalDate? = nil, by client: TestClient) async throws -> Set<String> {
            var params: [String: JSONValue] = [:]
            params["status"] = status.map { .string($0) }
            params["asOf"] = day.map { .string($0.description) }
            let reply = try await client.call("membership.member.list", .object(params))
            let ids = reply["members"]?.arrayValue?.compactMap { $0["memberId"]?.stringValue } ?? []
            #expect(ids.count == Set(ids).count, "nobody twice")
            return Set(ids)
        }
        let above = two.party.committeeOfficer
        let both = Set([stayed, moved].compactMap(\.stringValue))
        #expect(try await listed("ended", by: above) == [])
        #expect(try await listed(nil, by: above) == both)
        #expect(try await listed(nil, on: two.today.adding(days: -1), by: above) == both)
        #expect(try await listed("ended", by: two.here) == Set([moved].compactMap(\.stringValue)))
        try await two.there.call(
            "membership.member.end",
            ["memberId": moved, "on": .string(two.today.description), "how": "died", "reason": "因病去世"])
        #expect(try await listed("ended", by: above) == Set([moved].compactMap(\.stringValue)))
        let shown = try await above.call("membership.member.get", ["memberId": moved])
        #expect(shown["facts"]?.arrayValue?.last?["endedHow"] == "died")
    }

    @Test("steps 9 to 11 in another order: a transfer shows where the development stands as the timeline does")
    func developmentStatus() async throws {
        let two = try await TwoBranches.open()
        let candidate = try await two.activist(applied: dated("2025-01-05"), chosen: dated("2025-02-05"))
        try two.host.script(
            """
            INSERT INTO membership.development_entry (site_id, entry_id, candidate_id, on_date, kind, step, status, facts,
                rule_versions, is_imported, recorded_at, recorded_by)
            SELECT site_id, gen_random_uuid(), '\(candidate.stringValue ?? "")', day::date, 'step', step, status, '{}', '{}',
                false, now(), site_id
            FROM host.site, (VALUES
                ('2026-03-01', 6, 'activist_cultivating'), ('2026-03-02', 7, 'candidate_pending_filing'),
                ('2026-03-03', 8, 'candidate'), ('2026-05-09', 9, 'candidate_introduced'),
                ('2026-05-08', 10, 'candidate_vetted'), ('2026-05-07', 11, 'candidate_trained')) AS done (day, step, status)
            WHERE code = 't1'
            """)
        let transfer = try await two.request(["candidateId": candidate])
        let shown = try await two.here.call("membership.transfer.get", ["transferId": transfer])
        let timeline = try await two.here.call("membership.development.timeline", ["candidateId": candidate])
        #expect(shown["developmentStatus"] == "candidate_trained" && shown["developmentStatus"] == timeline["status"])
    }

    @Test("two records of one person that were merged move as one, and are claimed wherever they are")
    func merged() async throws {
        var two = try await TwoBranches.open()
        let (kept, dropped) = (try await two.party.person(), try await two.party.person())
        func enrol(_ person: JSONValue, _ organization: JSONValue) -> JSONValue {
            ["personId": person, "organizationId": organization, "status": "full", "joinedOn": "2015-06-30"]
        }
        let member = try #require(
            try await two.here.call("membership.member.enrol", enrol(dropped, two.party.branch))["memberId"])
        let admin = try await two.host.client(role: .siteAdmin, site: "t1")
        try await admin.call("people.person.merge", ["keep": kept, "drop": dropped, "reason": "同一人"])
        // A site that has met only the record kept knows nothing of the other's register.
        let desk = try await two.host.client(role: .doctor, site: "t2")
        try await desk.call("people.registration.create", ["personId": kept, "basis": "registration"])
        let elsewhere = try await two.party.refusal(
            "membership.member.enrol", enrol(kept, two.other), by: two.there)
        #expect(elsewhere.reason == "membership.personClaimed" && elsewhere.details?["here"] == false)
        let transfer = try await two.request(["memberId": member])
        try await two.issue(transfer)
        two = try await two.later(days: 1)
        try await two.receive(transfer)
        let shown = try await two.there.call(
            "membership.member.get", ["memberId": member, "unmask": ["purpose": "organizationWork"]])
        #expect(shown["name"]?.stringValue?.hasPrefix("测试") == true && shown["status"] == "full")
        for (person, place, client) in [
            (kept, two.other, two.there), (dropped, two.other, two.there), (kept, two.party.branch, two.here),
            (dropped, two.party.branch, two.here),
        ] {
            let refused = try await two.party.refusal(
                "membership.member.enrol", enrol(person, place), by: client)
            #expect(refused.reason == "membership.personClaimed")
        }
        #expect(try await two.counts(on: two.today) == ["0+0", "1+0", "1+0"])
        #expect(try two.claims() == [["t2", "member"]])
    }

    @Test(
        "six consecutive months without dues run on through a transfer, and months paid where they were owed break them"
    )
    func arrears() async throws {
        let instant = try #require(Timestamp("2026-06-25T14:30:00+08:00"))
        var two = try await TwoBranches.open(at: instant)
        let member = try await two.party.member()
        func assess(_ months: [String], _ organization: JSONValue, from: String, by client: TestClient) async throws {
            try await client.call(
                "membership.dues.setBase",
                ["memberId": member, "category": "salaried", "baseFen": 300_000, "from": .string(from)])
            for month in months {
                for method in ["openMonth", "assess"] {
                    try await client.call(
                        "membership.dues.\(method)", ["organizationId": organization, "month": .string(month)])
                }
            }
        }
        func run(by client: TestClient, _ organization: JSONValue) async throws -> JSONValue? {
            try await client.call("membership.arrears.list", ["organizationId": organization])["members"]?[0]
        }
        try await assess(["2026-04", "2026-05", "2026-06"], two.party.branch, from: "2026-04", by: two.here)
        let transfer = try await two.request(["memberId": member])
        try await two.issue(transfer)
        try await two.receive(transfer)
        two = try await two.on(dated("2026-10-05"))
        try await assess(["2026-07", "2026-08", "2026-09"], two.other, from: "2026-07", by: two.there)
        let line = try await run(by: two.there, two.other)
        #expect(line?["stage"] == "lapse" && line?["months"]?.arrayValue?.count == 6)
        #expect(line?["months"]?[0] == "2026-04" && line?["organizationId"] == two.other)
        let above = try await run(by: two.party.committeeOfficer, two.party.committee)
        #expect(above?["months"]?.arrayValue?.count == 6)
        #expect(try await run(by: two.here, two.party.branch) == nil, "who has left is nobody's debtor there")
        let lines = try await two.there.call("membership.agenda.list", ["organizationId": two.other])["lines"]
        #expect(lines?.arrayValue?.contains { $0["task"] == "dues.lapse" } == true)
        // The month of June is paid where the member was on its first.
        try await two.here.call(
            "membership.dues.pay",
            [
                "memberId": member, "months": ["2026-06"], "amountFen": 1500, "on": .string(two.today.description),
                "how": "cash",
            ])
        let after = try await run(by: two.there, two.other)
        #expect(after?["stage"] == "talk" && after?["months"] == ["2026-07", "2026-08", "2026-09"])
    }
}
