internal import XinglinKit

/// `host.ping`: the host's time and version, without a session.
struct HostPing: RPCMethod, InlineMethod {
    struct Reply: Codable, Sendable {
        var now: Timestamp
        var version: String
    }

    static let name = "host.ping"
    static let summary = "Says that the host answers, its time and its version."
    static let effect = Effect.read
    static let access = Access.anonymous
    static let scope = Scope.host
    static let params = Schema.object()
    static let reply = Schema.object(
        .required("now", .timestamp, "The host's time."),
        .required("version", .opaque(1...40), "The host's version.")
    )
    static let examples = Examples<Empty, Reply>(
        full: (Empty(), Reply(now: Timestamp(microseconds: 1_795_000_000_000_000), version: HostServices.version)),
        minimal: (Empty(), Reply(now: Timestamp(microseconds: 1_795_000_000_000_000), version: HostServices.version)))

    func handle(_ params: Empty, _ call: Call) throws -> Reply {
        Reply(now: call.now, version: HostServices.version)
    }
}
