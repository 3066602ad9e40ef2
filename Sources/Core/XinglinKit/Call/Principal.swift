/// Who calls.
public struct Principal: Sendable, Hashable {
    public let accountID: RecordID
    /// The account's name, as typed at login.
    public let account: String
    public let staffID: String?
    public let grants: [Grant]

    public init(accountID: RecordID, account: String, staffID: String?, grants: [Grant]) {
        self.accountID = accountID
        self.account = account
        self.staffID = staffID
        self.grants = grants
    }
}

/// A role given to an account.
public struct Grant: Sendable, Hashable {
    public let role: Role
    /// The site, or nil for every site (only the first administrator).
    public let siteID: RecordID?
    public let reach: Reach

    /// How far a grant reaches.
    public enum Reach: String, Sendable, Hashable, Codable {
        case site
        /// The site and everything below it.
        case subtree
    }

    public init(role: Role, siteID: RecordID?, reach: Reach) {
        self.role = role
        self.siteID = siteID
        self.reach = reach
    }
}

/// An institution of the county medical community.
public struct Site: Sendable, Hashable {
    public let id: RecordID
    public let code: String
    public let nameZh: String
    public let kind: Kind
    public let parentID: RecordID?

    public enum Kind: String, Sendable, Hashable, CaseIterable, Codable {
        case bureau
        case countyHospital
        case tcmHospital
        case townshipCentre
        case other
    }

    public init(id: RecordID, code: String, nameZh: String, kind: Kind, parentID: RecordID?) {
        self.id = id
        self.code = code
        self.nameZh = nameZh
        self.kind = kind
        self.parentID = parentID
    }
}
