internal import XinglinCrypto
internal import XinglinKit

/// Judges whether a caller administers a site: the methods that name sites in their params ask here.
struct Administration {
    let directory: DirectorySnapshot
    let caller: Principal

    init(_ call: Call) throws {
        self.directory = try call.hosted.services.directory.snapshot
        self.caller = try call.caller
    }

    /// The site of that code, if the caller administers it.
    /// - Throws: `host.siteUnknown`, `host.forbidden`.
    func site(_ code: String) throws -> Site {
        guard let site = self.directory.sitesByCode[code] else {
            throw HostFault.siteUnknown.fault(["site": .string(code)])
        }
        try self.require(at: site.id)
        return site
    }

    /// - Throws: `host.forbidden` unless the caller administers the site, or every site where it is nil.
    func require(at site: RecordID?, reach: Grant.Reach = .site) throws {
        let isAdministrator = self.caller.grants.contains { grant in
            guard grant.role == .siteAdmin else { return false }
            guard let site else { return grant.siteID == nil }
            guard self.directory.reaches(grant, site) else { return false }
            return reach == .site || grant.siteID == nil || grant.reach == .subtree
        }
        guard isAdministrator else {
            throw HostFault.forbidden.fault([
                "roles": ["siteAdmin"],
                "site": .string(site.flatMap { self.directory.sitesByID[$0]?.code } ?? "*"),
            ])
        }
    }

    /// The account of that name, if the caller administers every site at which it has a role: otherwise the administrator
    /// of one township could reset the password of the county's.
    /// - Throws: `host.notFound`, `host.forbidden`.
    func account(_ name: String) throws -> DirectorySnapshot.Account {
        guard let account = self.directory.account(named: name) else {
            throw HostFault.notFound.fault(["account": .string(name)])
        }
        // Nobody's own site speaks for an account without roles: only the administrator of every site may touch it.
        if account.principal.grants.isEmpty { try self.require(at: nil) }
        for grant in account.principal.grants { try self.require(at: grant.siteID, reach: grant.reach) }
        return account
    }

    /// The machine account of that name, under the same conditions.
    /// - Throws: `host.notFound`, `host.forbidden`, `host.invalidParams` for a person's account.
    func machine(_ name: String) throws -> RecordID {
        let account = try self.account(name)
        guard account.isMachine else {
            throw Fault.invalid(
                "/account", expected: "a machine account (accounts.createMachine)",
                zh: "接口账号（由 accounts.createMachine 创建）")
        }
        return account.principal.accountID
    }

    /// The account of that name with a password, under the same conditions.
    /// - Throws: `host.notFound`, `host.forbidden`, `host.invalidParams` for a machine account.
    func person(_ name: String) throws -> RecordID {
        let account = try self.account(name)
        guard !account.isMachine else {
            throw Fault.invalid(
                "/account",
                expected: "a person's account: a machine account has no password, see accounts.enrolmentCode",
                zh: "人员账号：接口账号没有密码，请用 accounts.enrolmentCode")
        }
        return account.principal.accountID
    }

    /// How many people's accounts in use besides that one administer every site. It locks them first, so that of two callers who
    /// each take the rights from the other the second one sees what the first did.
    static func othersEverywhere(than id: RecordID, _ call: Call) throws -> Int {
        let results = try call.db.batch([
            Statement("SELECT pg_advisory_xact_lock(hashtext('xinglin administrators'))"),
            Statement(
                """
                SELECT count(*) FROM host.role_grant JOIN host.account USING (account_id) \
                WHERE role = 'siteAdmin' AND site_id IS NULL AND NOT disabled AND NOT must_change AND NOT is_machine \
                AND account_id <> \(id)
                """),
        ])
        let count: Int? = try results[1].first()
        return count ?? 0
    }

    /// The grants that the params ask for, if the caller may give each.
    func grants(_ roles: [RoleReply]) throws -> [Grant] {
        try roles.map { role in
            let reach = role.scope ?? .site
            if role.site == "*" {
                try self.require(at: nil)
                return Grant(role: role.role, siteID: nil, reach: reach)
            }
            let site = try self.site(role.site)
            try self.require(at: site.id, reach: reach)
            return Grant(role: role.role, siteID: site.id, reach: reach)
        }
    }
}

/// Writes accounts and their grants.
enum AccountStore {
    static func insert(
        _ id: RecordID, name: String, hash: String, mustChange: Bool, staffID: String?, now: Timestamp
    ) -> SQL {
        """
        INSERT INTO host.account (account_id, account, password_hash, must_change, staff_id, created_at) \
        VALUES (\(id), \(name), \(hash), \(mustChange), \(staffID), \(now))
        """
    }

    /// A machine's account: no password matches what stands in the place of its hash.
    static func insertMachine(_ id: RecordID, name: String, staffID: String?, now: Timestamp) -> SQL {
        """
        INSERT INTO host.account (account_id, account, password_hash, must_change, is_machine, staff_id, created_at) \
        VALUES (\(id), \(name), \(PasswordHash.dummy), false, true, \(staffID), \(now))
        """
    }

    static func insert(_ grants: [Grant], for id: RecordID) -> SQL {
        """
        INSERT INTO host.role_grant (account_id, role, site_id, reach) \
        SELECT \(id), role, site_id, reach \
        FROM unnest(\(grants.map(\.role))::text[], \(grants.map(\.siteID))::uuid[], \(grants.map(\.reach))::text[]) \
        AS given (role, site_id, reach)
        """
    }
}

extension Principal {
    /// Whether it may administer every site there is.
    var administersEverySite: Bool { self.grants.contains { $0.role == .siteAdmin && $0.siteID == nil } }
}
