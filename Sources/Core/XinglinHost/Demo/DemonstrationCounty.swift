internal import Logging
internal import XinglinCrypto
internal import XinglinKit
internal import XinglinPostgres

/// Loads the demonstration county into an empty database: institutions and accounts by the host's own statements, stock
/// through the public methods. It can be interrupted and run again; on a database that has it, it changes nothing.
struct DemonstrationCounty {
    private let core: HostCore
    private let log: Logger
    private let observer: DemonstrationObserver?
    private var services: HostServices { self.core.services }

    /// The first township centre: the one with accounts and stock.
    static let firstTownship = "township-01"
    private static let marker = "demonstration"

    /// - Parameter observer: told of the progress.
    init(_ core: HostCore, log: Logger, observer: DemonstrationObserver? = nil) {
        self.core = core
        self.log = log
        self.observer = observer
    }

    func load() async throws {
        let connection = try Connection(self.services.conninfo, applicationName: "xinglin demo")
        switch try self.state(connection) {
        case "loaded": return
        case "loading": break
        default:
            let sites: Int64? = try connection.query("SELECT count(*) FROM host.site").first()
            guard sites == 0 else {
                throw StartFailure(
                    .init(
                        zh: "给出了 --demo，但数据库中已有机构",
                        en: "--demo was given, but the database holds institutions already"),
                    remedy: .init(
                        zh: "去掉 --demo 启动，或用 --data 指定空文件夹",
                        en: "start without --demo, or name an empty folder with --data"))
            }
            try self.refuseEarlyDays()
            try self.createInstitutions(connection)
        }
        let passwords = try self.createAccounts(connection)
        try self.services.directory.reload(connection)
        let staff = try await DemonstrationPeople(self.core, self.observer).load(passwords)
        try self.give(staff, connection)
        if try await !DemonstrationStock(self.core, self.observer).load(passwords) {
            self.log.warning("the demonstration's pharmacy is empty: its rules begin after the day of the clock")
        }
        try await DemonstrationParty(self.core, self.observer).load(passwords)
        _ = try connection.query("UPDATE host.note SET value = 'loaded' WHERE name = \(Self.marker)")
        self.log.info("the demonstration county is loaded")
    }

    /// The rules of persons and of the Party hold from well before; what is told of the county's people reaches back some decades more.
    private static let firstYear = 2015

    private func refuseEarlyDays() throws(StartFailure) {
        let today = self.services.clock.now.localDate
        guard today.civil.year < Self.firstYear else { return }
        throw StartFailure(
            .init(
                zh: "演示县不能在 \(today) 载入：最早为 \(Self.firstYear)-01-01",
                en: "the demonstration county cannot be loaded on \(today): \(Self.firstYear)-01-01 is the earliest day"
            ),
            remedy: .init(
                zh: "把设置 clock.fixed 改为 \(Self.firstYear)-01-01 或以后",
                en: "set clock.fixed to \(Self.firstYear)-01-01 or later"))
    }

    private func state(_ connection: Connection) throws -> String? {
        try connection.query("SELECT value FROM host.note WHERE name = \(Self.marker)").first(as: String.self)
    }

    /// One transaction: after it the county is there and marked as being loaded.
    private func createInstitutions(_ connection: Connection) throws {
        let now = self.services.clock.now
        var items: [SQL] = ["BEGIN", "INSERT INTO host.note (name, value) VALUES (\(Self.marker), 'loading')"]
        let bureau = RecordID.make(at: now)
        for site in Self.sites {
            let id = site.parent == nil ? bureau : RecordID.make(at: now)
            items.append(
                """
                INSERT INTO host.site (site_id, code, name_zh, kind, parent_id, created_at) \
                VALUES (\(id), \(site.code), \(site.nameZh), \(site.kind), \(site.parent == nil ? nil : bureau), \(now))
                """)
        }
        for module in self.services.registry.runningModules {
            items.append(
                """
                INSERT INTO host.enabled_module (module, site_id, enabled_at, enabled_by) \
                SELECT \(module.code), site_id, \(now), account_id FROM host.site, host.account WHERE account = 'admin'
                """)
        }
        // The contract spares the demonstration's administrator the forced change, also where a start without --demo came first.
        items.append("UPDATE host.account SET must_change = false WHERE account = \(FirstAdministrator.account)")
        items.append("COMMIT")
        _ = try connection.run(items.map { PipelineItem(sql: $0, role: "") })
    }

    /// Gives the passwords by account. They are written to DIR/demo-accounts.json before the accounts are made.
    private func createAccounts(_ connection: Connection) throws -> [String: String] {
        let now = self.services.clock.now
        let file = "\(self.services.settings.dataDirectory)/demo-accounts.json"
        var passwords: [String: String] = [:]
        var listed: [JSONValue] = []
        var items: [SQL] = ["BEGIN"]
        for account in Self.accounts {
            let password = try SecureRandom.password()
            passwords[account.name] = password
            listed.append(account.json(password: password))
            let hash = try PasswordHash.make(password)
            items += account.inserts(hash: hash, now: now)
        }
        items.append("COMMIT")
        try writePrivateFile(file, JSONValue.array(listed).canonicalText + "\n")
        _ = try connection.run(items.map { PipelineItem(sql: $0, role: "") })
        return passwords
    }

    /// Makes accounts those of staff with the titles that their work asks for (PC-02).
    private func give(_ staff: [(staffID: String, titleZh: String)], _ connection: Connection) throws {
        var left = staff
        for (account, title) in Self.titles {
            guard let place = left.firstIndex(where: { $0.titleZh == title }) else { continue }
            let member = left.remove(at: place)
            _ = try connection.query(
                "UPDATE host.account SET staff_id = \(member.staffID) WHERE account = \(account) AND staff_id IS NULL")
        }
        try self.services.directory.reload(connection)
    }
}

// MARK: - Who and where

extension DemonstrationCounty {
    struct DemoSite {
        let code: String
        let nameZh: String
        let kind: Site.Kind
        let parent: String?
    }

    struct DemoAccount {
        let name: String
        let nameZh: String
        let role: Role
        let site: String
        let reach: Grant.Reach

        func json(password: String) -> JSONValue {
            [
                "account": .string(self.name), "password": .string(password), "roles": [.string(self.role.rawValue)],
                "site": .string(self.site), "nameZh": .string(self.nameZh),
            ]
        }

        /// A second run gives the account the password that the file now says.
        func inserts(hash: String, now: Timestamp) -> [SQL] {
            [
                """
                INSERT INTO host.account (account_id, account, password_hash, must_change, created_at) \
                VALUES (\(RecordID.make(at: now)), \(self.name), \(hash), false, \(now)) \
                ON CONFLICT (account) DO UPDATE SET password_hash = excluded.password_hash
                """,
                """
                INSERT INTO host.role_grant (account_id, role, site_id, reach) \
                SELECT account_id, \(self.role), site_id, \(self.reach) FROM host.account, host.site \
                WHERE account = \(self.name) AND code = \(self.site) ON CONFLICT DO NOTHING
                """,
            ]
        }
    }

    /// A bureau, a county hospital, a county TCM hospital and 21 township centres. No real place has these names.
    static let sites: [DemoSite] =
        [
            DemoSite(code: "bureau", nameZh: "杏林县卫生健康局", kind: .bureau, parent: nil),
            DemoSite(code: "county-hospital", nameZh: "杏林县人民医院", kind: .countyHospital, parent: "bureau"),
            DemoSite(code: "tcm-hospital", nameZh: "杏林县中医医院", kind: .tcmHospital, parent: "bureau"),
        ]
        + zip(1..., "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌").map { number, character in
            DemoSite(
                code: "township-\(number < 10 ? "0" : "")\(number)", nameZh: "\(character)字镇中心卫生院",
                kind: .townshipCentre, parent: "bureau")
        }

    private static let titles = [
        ("reviewer", "主管中药师"), ("pharmacist", "中药师"), ("pharmacist-2", "中药师"), ("doctor", "主治中医师"), ("nurse", "护师"),
        ("siteAdmin", "管理人员"),
    ]

    /// At least one account for each shipped role; two pharmacists, because toxic pieces need a second person (PC-02).
    static let accounts: [DemoAccount] =
        [
            DemoAccount(name: "bureau-admin", nameZh: "县级管理员", role: .siteAdmin, site: "bureau", reach: .subtree),
            DemoAccount(name: "pharmacist-2", nameZh: "药师乙", role: .pharmacist, site: firstTownship, reach: .site),
            DemoAccount(
                name: "committee-officer", nameZh: "党委组织干事", role: .branchOfficer, site: "bureau", reach: .subtree),
            DemoAccount(
                name: "branchOfficer-tcm", nameZh: "中医医院支部干事", role: .branchOfficer,
                site: DemonstrationParty.hospital, reach: .site),
            DemoAccount(name: "statistician", nameZh: "统计员", role: .statistician, site: "bureau", reach: .subtree),
            DemoAccount(name: "auditor", nameZh: "审计员", role: .auditor, site: "bureau", reach: .subtree),
        ]
        + [
            (Role.siteAdmin, "机构管理员"), (.pharmacist, "药师甲"), (.reviewer, "审方药师"), (.doctor, "医师"), (.nurse, "护士"),
            (.dispatcher, "调度员"), (.branchOfficer, "支部干事"), (.integrator, "接口账号"),
        ].map { role, nameZh in
            DemoAccount(name: role.rawValue, nameZh: nameZh, role: role, site: firstTownship, reach: .site)
        }
}
