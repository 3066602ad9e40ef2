public import XinglinCrypto

/// What `xinglin audit verify` is to compare the database with, beside itself.
public struct AuditCheck: Sendable {
    /// Files of exported checkpoints.
    public var exported: [String]
    /// The keys that checkpoints may have been signed with; empty takes those that the database knows.
    public var keys: [VerifyingKey]

    public init(exported: [String] = [], keys: [VerifyingKey] = []) {
        self.exported = exported
        self.keys = keys
    }
}

/// How far a verification is.
public struct AuditProgress: Sendable {
    public let done: Int
    public let total: Int
}

/// What `xinglin audit verify` found.
public struct AuditVerification: Sendable {
    /// How many sealed rows were checked.
    public internal(set) var rows = 0
    /// How many rows were written and are not sealed yet; their content was checked too.
    public internal(set) var waiting = 0
    public internal(set) var chains = 0
    /// How many checkpoints of the database were checked.
    public internal(set) var checkpoints = 0
    /// How many exported checkpoints were checked.
    public internal(set) var exported = 0
    /// How many rows were sealed after the last checkpoint: a cut among them alone leaves no trace.
    public internal(set) var uncovered: Int64 = 0
    /// The keys that checkpoints were signed with, by fingerprint, and how many each signed.
    public internal(set) var signers: [String: Int] = [:]
    /// The fingerprint of the data folder's own key, where it has one.
    public internal(set) var ownKey: String?
    /// The first of what was found; `count` says how many there were.
    public internal(set) var findings: [AuditFinding] = []
    public internal(set) var count = 0

    static let findingsKept = 1_000

    /// Whether everything is as it was sealed.
    public var isClean: Bool { self.count == 0 }

    /// Whether there were sealed rows and a checkpoint to compare them with; without either, nothing found says little.
    public var isCompared: Bool { self.rows > 0 && self.checkpoints + self.exported > 0 }

    mutating func add(_ finding: AuditFinding) {
        self.count += 1
        if self.findings.count < Self.findingsKept { self.findings.append(finding) }
    }
}
