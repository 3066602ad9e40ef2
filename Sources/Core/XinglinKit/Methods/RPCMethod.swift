/// One method of the wire: one type in one file. `docs/add-a-module.md` walks through writing one.
public protocol RPCMethod: Sendable {
    associatedtype Params: Codable & Sendable
    associatedtype Reply: Codable & Sendable

    /// `module.noun.verb`, in lowerCamel segments. The first segment is the module's code.
    static var name: String { get }
    /// One English sentence: what it does, with the ids of the rules it applies.
    static var summary: String { get }
    static var effect: Effect { get }
    static var access: Access { get }
    /// Whether the call acts at a site named in `_meta.site`. Default `.site`.
    static var scope: Scope { get }
    /// Which workers run it. Default `.interactive`.
    static var lane: Lane { get }
    static var params: Schema { get }
    static var reply: Schema { get }
    /// The domain's reasons for which it refuses; the host's own need not be named.
    static var faults: [FaultKind] { get }
    static var examples: Examples<Params, Reply> { get }
    /// Members of the reply that must never be stored (a one-time password). A repeated call with the same
    /// idempotency key gets the reply without them.
    static var secretReplyMembers: [String] { get }

    /// Does the work, synchronously, inside the call's transaction. Throw a `Fault` to refuse: nothing is kept then.
    func handle(_ params: Params, _ call: Call) throws -> Reply
}

extension RPCMethod {
    public static var scope: Scope { .site }
    public static var lane: Lane { .interactive }
    public static var faults: [FaultKind] { [] }
    public static var secretReplyMembers: [String] { [] }
}

/// Whether a method changes anything. Only writes honour `idempotencyKey` and are audited on success.
public enum Effect: String, Sendable {
    case read
    case write
}

/// Whether a method acts at a site.
public enum Scope: String, Sendable {
    /// `_meta.site` is required, the module must be enabled there, and roles are judged there.
    case site
    /// No acting site; roles are judged over all sites the caller has, and the method itself judges the sites it is asked about.
    case host
}

/// Which workers run a method.
public enum Lane: String, Sendable, CaseIterable {
    case interactive
    /// Reports and imports: at most a quarter of the workers.
    case batch
    /// Work that hashes passwords, on workers of its own.
    case credential
}

/// Who may call a method. There is no default: a method without an access declaration does not compile.
public enum Access: Sendable, Hashable {
    /// Without a session.
    case anonymous
    /// Anyone with a session.
    case authenticated
    /// Who holds one of these roles at the acting site.
    case roles(Set<Role>)
    /// Only other modules, through `Call.module`.
    case modules
}

/// The shipped roles (contract.md, "Shipped roles").
public enum Role: String, Sendable, Hashable, CaseIterable, Codable, Comparable {
    case siteAdmin
    case pharmacist
    case reviewer
    case doctor
    case nurse
    case dispatcher
    case branchOfficer
    case statistician
    case auditor
    case integrator

    public static func < (left: Role, right: Role) -> Bool { left.rawValue < right.rawValue }
}

/// A full and a minimal example of a call. They are validated against the schemas and stand in docs/openrpc.json.
public struct Examples<Params: Sendable, Reply: Sendable>: Sendable {
    public let full: (params: Params, reply: Reply)
    public let minimal: (params: Params, reply: Reply)

    public init(full: (params: Params, reply: Reply), minimal: (params: Params, reply: Reply)) {
        self.full = full
        self.minimal = minimal
    }
}

/// Params or a reply without members.
public struct Empty: Codable, Sendable, Hashable {
    public init() {}
}
