import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import Membership

/// A development on a host: a branch with two full members, a committee above, and a clock that goes on.
struct Developing {
    private(set) var party: TestParty
    let candidate: JSONValue
    let person: JSONValue
    let members: [JSONValue]

    /// An application on a day, in a branch of two full members.
    static func begin(on day: LocalDate, born: LocalDate? = LocalDate("1990-05-01")) async throws -> Developing {
        let party = try await TestParty.open(at: Self.instant(day))
        let members = [try await party.member(), try await party.member()]
        let person = try await party.person(born: born)
        let reply = try await party.officer.call(
            "membership.development.apply",
            ["personId": person, "organizationId": party.branch, "on": .string("\(day)")])
        #expect(reply["status"] == "applicant")
        return Developing(
            party: party, candidate: try #require(reply["candidateId"]), person: person, members: members)
    }

    static func instant(_ day: LocalDate) -> Timestamp { Timestamp("\(day)T14:30:00+08:00") ?? TestParty.now }

    var officer: TestClient { self.party.officer }

    /// The clock shows a day; sessions are new.
    mutating func go(to day: LocalDate) async throws {
        if day != self.party.today { self.party = try await self.party.on(day) }
    }

    /// Facts that nothing stands against.
    func facts(_ step: Int, on day: LocalDate) -> JSONValue {
        let names = step == 5 ? "mentors" : step == 9 ? "introducers" : nil
        var facts = ProcessOnPaper.facts(step, on: day)
        // Two full members have no committee.
        if step == 3 || step == 7 { facts = facts.changed(["decidedBy": "meeting"]) }
        return (names.map { facts.changed([$0: .array(self.members)]) } ?? facts).json
    }

    func params(_ step: Int, on day: LocalDate, _ change: [String: JSONValue?] = [:]) -> JSONValue {
        [
            "candidateId": self.candidate, "step": .integer(Int64(step)), "on": .string("\(day)"),
            "facts": StepFacts(self.facts(step, on: day)).changed(change).json,
        ]
    }

    func ballots(
        _ purpose: String, on day: LocalDate, due: Int64 = 2, present: Int64 = 2, inFavour: Int64 = 2,
        written: Int64 = 0,
        recused: Int64 = 0, countedOut: Int64 = 0, unregistered: Int64 = 0
    ) -> JSONValue {
        var params: [String: JSONValue] = [
            "candidateId": self.candidate, "on": .string("\(day)"), "purpose": .string(purpose), "due": .integer(due),
            "present": .integer(present), "writtenInFavour": .integer(written), "inFavour": .integer(inFavour),
            "recused": .integer(recused),
        ]
        for (name, number) in [("countedOut", countedOut), ("unregistered", unregistered)] where number > 0 {
            params[name] = ["number": .integer(number), "reason": "支部大会决定"]
        }
        return .object(params)
    }

    /// Records a step, or its vote, on the day that the clock shows.
    @discardableResult
    func take(_ step: Int, _ change: [String: JSONValue?] = [:]) async throws -> JSONValue {
        let day = self.party.today
        guard DevelopmentStep.votes.contains(step) else {
            return try await self.officer.call("membership.development.record", self.params(step, on: day, change))
        }
        return try await self.officer.call(
            "membership.development.vote", self.ballots(step == 15 ? "admission" : "conversion", on: day))
    }

    /// The refusal of a step that must be refused.
    func refusal(_ step: Int, on day: LocalDate? = nil, _ change: [String: JSONValue?] = [:]) async throws
        -> CallRefused
    {
        let day = day ?? self.party.today
        guard DevelopmentStep.votes.contains(step) else {
            return try await self.party.refusal("membership.development.record", self.params(step, on: day, change))
        }
        return try await self.party.refusal(
            "membership.development.vote", self.ballots(step == 15 ? "admission" : "conversion", on: day))
    }

    func next(asOf day: LocalDate? = nil) async throws -> [JSONValue] {
        var params: [String: JSONValue] = ["candidateId": self.candidate]
        params["asOf"] = day.map { .string("\($0)") }
        return try #require(
            try await self.officer.call("membership.development.next", .object(params))["steps"]?.arrayValue)
    }

    func timeline() async throws -> JSONValue {
        try await self.officer.call("membership.development.timeline", ["candidateId": self.candidate])
    }

    /// The holding entry of a step.
    func entry(_ step: Int) async throws -> JSONValue {
        let entries = try #require(try await self.timeline()["entries"]?.arrayValue)
        return try #require(entries.last { $0["step"] == .integer(Int64(step)) && $0["correctedBy"] == nil })
    }

    /// Takes the steps up to one, the clock going on to each one's earliest day.
    mutating func walk(to last: Int) async throws {
        let lines = try await self.next()
        for step in 2...last where lines[step - 1]["recordedOn"] == nil {
            let line = try await self.next()[step - 1]
            let earliest = try #require(line["earliestOn"]?.stringValue.flatMap { LocalDate($0) })
            try await self.go(to: max(self.party.today, earliest))
            try await self.take(step)
        }
    }
}

extension CallRefused {
    /// The rules that a refusal names.
    var rules: [String] { self.details?.arrayValue?.compactMap { $0["rule"]?.stringValue } ?? [] }
}
