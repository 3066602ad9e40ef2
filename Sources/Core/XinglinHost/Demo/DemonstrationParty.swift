internal import XinglinKit

/// Gives the county its Party organisations through the public methods: a committee at the bureau, the TCM hospital's branch with four groups
/// (73 full members and a probationary one, ten development targets, six activists), and the first township's branch that has grown from
/// three to seven members.
struct DemonstrationParty {
    private let core: HostCore
    private let observer: DemonstrationObserver?
    private let today: LocalDate

    static let hospital = "tcm-hospital"
    private static let township = DemonstrationCounty.firstTownship
    /// The hospital's staff do not suffice: some members have retired.
    private static let retired = 18

    init(_ core: HostCore, _ observer: DemonstrationObserver?) {
        self.core = core
        self.observer = observer
        self.today = core.services.clock.now.localDate
    }

    /// Does nothing where the module, or that of persons, is not there. Idempotency keys let an interrupted load go on.
    func load(_ passwords: [String: String]) async throws {
        let methods = self.core.services.registry.methods
        guard methods["membership.member.enrol"] != nil, methods["people.staff.list"] != nil else { return }
        let client = try await InProcessClient.loggedIn("bureau-admin", passwords, self.core)
        let committee = try await self.organization(
            client, "bureau", "杏林县卫生健康系统党委", "committee", below: nil, key: "committee")
        try await self.loadHospital(client, passwords, below: committee)
        try await self.loadTownship(client, passwords, below: committee)
    }

    private func loadHospital(
        _ client: InProcessClient, _ passwords: [String: String], below committee: JSONValue
    ) async throws {
        let branch = try await self.organization(
            client, Self.hospital, "杏林县中医医院党支部", "branch", below: committee, key: "tcm")
        var groups: [JSONValue] = []
        for name in ["第一党小组", "第二党小组", "第三党小组", "第四党小组"] {
            groups.append(
                try await self.organization(client, Self.hospital, name, "group", below: branch, key: "tcm-\(name)"))
        }
        var people = try await self.staff(client, Self.hospital)
        people += try await self.retirees(client)
        let plan = self.hospitalPlan(groups, branch)
        guard people.count >= plan.count else { return }
        let part = LocalizedText(zh: "党员与发展对象", en: "members and candidates")
        var members: [JSONValue] = []
        for (number, (person, who)) in zip(people, plan).enumerated() {
            if let member = try await self.add(client, Self.hospital, person, who, key: "tcm-\(number)") {
                members.append(member)
            }
            self.observer?(DemonstrationProgress(part, number + 1, of: plan.count))
        }
        let officer = try await InProcessClient.loggedIn("branchOfficer-tcm", passwords, self.core)
        try await self.elect(officer, branch, Array(members.prefix(6)))
    }

    /// Who is who: a member of a group, or a candidate of the branch at a step.
    private enum Place {
        case member(in: JSONValue, joined: LocalDate, isFull: Bool)
        case candidate(of: JSONValue, days: [Int])
    }

    /// 73 full members and one on probation over the groups, ten development targets (step 8), six activists (step 6).
    private func hospitalPlan(_ groups: [JSONValue], _ branch: JSONValue) -> [Place] {
        let full = (0..<73).map { number in
            Place.member(in: groups[number % 4], joined: self.today.adding(days: -800 - number * 20), isFull: true)
        }
        let probationary = [Place.member(in: groups[0], joined: self.today.adding(days: -120), isFull: false)]
        let targets = (0..<10).map { number in
            let start = 520 + number
            return Place.candidate(
                of: branch, days: [start, start - 20, start - 40, start - 50, start - 55, start - 60, 60, 50])
        }
        let activists = (0..<6).map { number in
            let start = 250 + number
            return Place.candidate(
                of: branch, days: [start, start - 20, start - 40, start - 50, start - 55, start - 60])
        }
        return full + probationary + targets + activists
    }

    /// From three members to seven; one activist; the four who came last are accompanied by experienced members (seed S0).
    private func loadTownship(
        _ client: InProcessClient, _ passwords: [String: String], below committee: JSONValue
    ) async throws {
        let branch = try await self.organization(
            client, Self.township, "甲字镇中心卫生院党支部", "branch", below: committee, key: "township")
        let people = try await self.staff(client, Self.township)
        // Whoever is youngest of the staff, 26, was of age on joining (DV-01).
        let joined = [2800, 2700, 2600, 1200, 1000, 800, 600]
        guard people.count > joined.count else { return }
        var members: [JSONValue] = []
        for (number, days) in joined.enumerated() {
            let place = Place.member(in: branch, joined: self.today.adding(days: -days), isFull: true)
            if let member = try await self.add(client, Self.township, people[number], place, key: "township-\(number)")
            {
                members.append(member)
            }
        }
        let activist = Place.candidate(of: branch, days: [300, 280, 260, 250, 245, 240])
        _ = try await self.add(client, Self.township, people[joined.count], activist, key: "township-activist")
        let officer = try await InProcessClient.loggedIn("branchOfficer", passwords, self.core)
        for number in 0..<4 where members.count == joined.count {
            _ = try await officer.call(
                "membership.mentor.pair",
                [
                    "mentorId": members[number % 3], "menteeId": members[3 + number],
                    "from": .string(self.today.adding(days: -100).description),
                ], site: Self.township, key: "demo-party-mentor-\(number)")
        }
    }
}

// MARK: - Single records

extension DemonstrationParty {
    private func organization(
        _ client: InProcessClient, _ site: String, _ nameZh: String, _ kind: String, below parent: JSONValue?,
        key: String
    ) async throws -> JSONValue {
        var params: [String: JSONValue] = [
            "nameZh": .string(nameZh), "kind": .string(kind),
            "foundedOn": .string(self.today.adding(days: -4000).description),
        ]
        params["parentId"] = parent
        let reply = try await client.call(
            "membership.organization.create", .object(params), site: site, key: "demo-party-\(key)")
        return reply["organizationId"] ?? .null
    }

    /// The persons who work at a site, in the order of the list.
    private func staff(_ client: InProcessClient, _ site: String) async throws -> [JSONValue] {
        let listed = try await client.call("people.staff.list", ["limit": 500], site: site)
        return (listed["staff"]?.arrayValue ?? []).compactMap { $0["personId"] }
    }

    private func retirees(_ client: InProcessClient) async throws -> [JSONValue] {
        var persons = DemonstrationPersons(seed: 98, today: self.today)
        var ids: [JSONValue] = []
        for number in 0..<Self.retired {
            let fields = persons.make(ages: 60...75, address: "杏林县城关镇").line.split(separator: ",").map(String.init)
            let reply = try await client.call(
                "people.person.register",
                [
                    "nameZh": .string(fields[0]), "sex": fields[1] == "男" ? "male" : "female",
                    "birthDate": .string(fields[2]),
                    "document": ["kind": "citizenId", "number": .string(fields[3])],
                ], site: Self.hospital, key: "demo-party-retired-\(number)")
            if let id = reply["personId"] { ids.append(id) }
        }
        return ids
    }

    /// Gives the member's id; none for a candidate.
    private func add(
        _ client: InProcessClient, _ site: String, _ person: JSONValue, _ place: Place, key: String
    ) async throws -> JSONValue? {
        switch place {
        case .member(let organization, let joined, let isFull):
            return try await client.call(
                "membership.member.enrol",
                [
                    "personId": person, "organizationId": organization, "status": isFull ? "full" : "probationary",
                    "joinedOn": .string(joined.description),
                ], site: site, key: "demo-party-\(key)")["memberId"]
        case .candidate(let organization, let days):
            let steps = days.enumerated().map { index, ago -> JSONValue in
                [
                    "step": .integer(Int64(index + 1)), "on": .string(self.today.adding(days: -ago).description),
                    "facts": .object([:]),
                ]
            }
            _ = try await client.call(
                "membership.development.takeOver",
                ["personId": person, "organizationId": organization, "steps": .array(steps)], site: site,
                key: "demo-party-\(key)")
            return nil
        }
    }

    /// A committee of five out of six candidates (BR-05: a fifth more than seats).
    private func elect(_ officer: InProcessClient, _ branch: JSONValue, _ candidates: [JSONValue]) async throws {
        let posts = ["secretary", "deputySecretary", "organization", "publicity", "discipline"]
        guard candidates.count == 6 else { return }
        _ = try await officer.call(
            "membership.committee.elect",
            [
                "organizationId": branch, "on": .string(self.today.adding(days: -400).description), "due": 73,
                "present": 68,
                "seats": 5,
                "candidates": .array(
                    candidates.enumerated().map { index, member in
                        ["memberId": member, "votes": .integer(index < 5 ? Int64(66 - index) : 5)]
                    }),
                "posts": .array(
                    zip(candidates, posts).map { member, post in ["memberId": member, "post": .string(post)] }),
            ], site: Self.hospital, key: "demo-party-election")
    }
}
