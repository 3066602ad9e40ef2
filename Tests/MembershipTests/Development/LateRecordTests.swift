import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import Membership

/// DV-27 of every dated record of a development: seven days back in time, eight refused, and allowed with the higher committee's approval.
struct LateRecordTests {
    /// Two developments at one point: of one the record is made seven days back, of the other eight, first without an approval and then
    /// with one.
    private func late(
        _ method: String, step: Int64, walkedTo last: Int, waiting: LocalDate? = nil, _ more: [String: JSONValue]
    ) async throws {
        for days in [7, 8] {
            var one = try await Developing.begin(on: try day("2024-03-04"))
            if last > 1 { try await one.walk(to: last) }
            if let waiting { try await one.go(to: max(waiting, one.party.today)) }
            let on = one.party.today
            try await one.go(to: on.adding(days: days))
            let params = JSONValue.object(
                ["candidateId": one.candidate, "on": .string("\(on)")].merging(more) { $1 }
                    .merging(
                        method == "assign"
                            ? ["organizationId": try await one.party.organization("group", below: one.party.branch)]
                            : [:]
                    ) { $1 })
            let name = "membership.development.\(method)"
            if days == 8 {
                let refused = try await one.party.refusal(name, params)
                #expect(refused.reason == "membership.stepRefused" && refused.rules == ["DV-27"], "\(method)")
                #expect(refused.details?[0]?["clause"]?.stringValue?.isEmpty == false, "\(method)")
                #expect(refused.details?[0]?["earliestOn"] == .string("\(on.adding(days: 1))"), "\(method)")
                try await one.party.committeeOfficer.call(
                    "membership.development.approveBackdating",
                    [
                        "candidateId": one.candidate, "step": .integer(step), "on": .string("\(on)"),
                        "reason": "支部事务员住院",
                    ], site: "t1")
            }
            try await one.officer.call(name, params)
        }
    }

    @Test("an appraisal") func appraisal() async throws {
        try await self.late("appraise", step: 6, walkedTo: 6, ["what": "appraisal", "text": "表现良好"])
    }

    @Test("a step, and the vote of the meeting") func vote() async throws {
        try await self.late("record", step: 2, walkedTo: 1, ["step": 2, "facts": ["talker": "支部书记"]])
        try await self.late(
            "vote", step: 15, walkedTo: 14,
            ["purpose": "admission", "due": 2, "present": 2, "writtenInFavour": 0, "inFavour": 2, "recused": 0])
    }

    @Test("an extension") func extension_() async throws {
        // The end of probation is the day that the application's walk leads to, a week later.
        var one = try await Developing.begin(on: try day("2024-03-04"))
        try await one.walk(to: 22)
        let end = one.party.today.adding(days: 7)
        try await self.late(
            "extend", step: 23, walkedTo: 22, waiting: end, ["months": 6, "reason": "需继续考察"])
    }

    @Test("another branch or group, giving up, an end before the admission, and a cancelled probation")
    func ends() async throws {
        try await self.late("assign", step: 19, walkedTo: 1, ["reason": "调整党小组"])
        try await self.late("withdraw", step: 17, walkedTo: 1, ["reason": "本人提出"])
        try await self.late("cancel", step: 17, walkedTo: 1, ["reason": "支部大会决议"])
        try await self.late("cancel", step: 23, walkedTo: 17, ["reason": "支部大会决议"])
    }
}
