internal import XinglinKit

/// Gives every institution departments and staff, and the first township its residents, through the public methods.
struct DemonstrationPeople {
    private let core: HostCore
    private let observer: DemonstrationObserver?

    init(_ core: HostCore, _ observer: DemonstrationObserver?) {
        self.core = core
        self.observer = observer
    }

    /// Does nothing where the module is not there. Gives the staff of the first township, by their titles.
    func load(_ passwords: [String: String]) async throws -> [(staffID: String, titleZh: String)] {
        guard self.core.services.registry.methods["people.staff.list"] != nil else { return [] }
        let client = try await InProcessClient.loggedIn("bureau-admin", passwords, self.core)
        try await self.loadStaff(client)
        try await self.loadResidents(client)
        let listed = try await client.call(
            "people.staff.list", ["limit": 100], site: DemonstrationCounty.firstTownship)
        return (listed["staff"]?.arrayValue ?? []).compactMap { staff in
            guard let id = staff["staffId"]?.stringValue, let title = staff["titleZh"]?.stringValue else { return nil }
            return (id, title)
        }
    }

    private func loadStaff(_ client: InProcessClient) async throws {
        let part = LocalizedText(zh: "科室和职工", en: "departments and staff")
        let plan = DemonstrationCounty.sites.map { ($0, DemonstrationStaff.departments(of: $0.kind)) }
        let total = plan.reduce(0) { $0 + $1.1.reduce(0) { $0 + $1.count } }
        var done = 0
        for (number, (site, departments)) in plan.enumerated() {
            for department in departments {
                _ = try await client.call(
                    "people.department.create",
                    [
                        "code": .string(department.code), "nameZh": .string(department.nameZh),
                        "kind": .string(department.kind),
                    ], site: site.code, key: "demo-department-\(site.code)-\(department.code)")
            }
            let lines = DemonstrationStaff.file(departments, seed: UInt64(1 + number), today: self.today)
            try await DemonstrationImport(client: client, kind: "people.staff", name: "demo-staff", site: site.code)
                .run(header: DemonstrationStaff.columns, lines: lines) { count in
                    self.observer?(DemonstrationProgress(part, done + count, of: total))
                }
            done += lines.count
        }
    }

    private func loadResidents(_ client: InProcessClient) async throws {
        let total = self.core.services.settings.demonstration.residents
        guard total > 0 else { return }
        let part = LocalizedText(zh: "居民", en: "residents")
        var persons = DemonstrationPersons(seed: 99, today: self.today)
        let villages = Array("东西南北中上下前后大小").map { "\($0)杏村" }
        let lines = (0..<total).map { index in
            // A household has four members on average.
            let village = villages[index / 4 % villages.count]
            return persons.make(
                ages: 0...95, address: "杏林县甲字镇\(village)\(1 + index / 44 % 12)组\(1 + index / 4 % 97)号"
            ).line
        }
        let site = DemonstrationCounty.firstTownship
        try await DemonstrationImport(client: client, kind: "people.residents", name: "demo-residents", site: site)
            .run(header: DemonstrationPersons.columns, lines: lines) { count in
                self.observer?(DemonstrationProgress(part, count, of: total))
            }
    }

    private var today: LocalDate { self.core.services.clock.now.localDate }
}

extension InProcessClient {
    /// A client logged in with one of the demonstration's accounts.
    static func loggedIn(
        _ account: String, _ passwords: [String: String], _ core: HostCore
    ) async throws -> InProcessClient {
        let client = InProcessClient(core.service)
        _ = try await client.call(
            "session.login", ["account": .string(account), "password": .string(passwords[account] ?? "")])
        return client
    }
}
