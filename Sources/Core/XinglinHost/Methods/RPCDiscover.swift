internal import XinglinKit

/// `rpc.discover`: the OpenRPC document of this host, without examples.
struct RPCDiscover: RPCMethod, InlineMethod {
    static let name = "rpc.discover"
    static let summary = "Gives the OpenRPC document of the methods that this host has."
    static let effect = Effect.read
    static let access = Access.anonymous
    static let scope = Scope.host
    static let params = Schema.object()
    static let reply = Schema.any
    static let examples = Examples<Empty, RowList<Empty>>(
        full: (Empty(), .elements([])), minimal: (Empty(), .elements([])))

    func handle(_ params: Empty, _ call: Call) throws -> RowList<Empty> {
        guard let source = call.context as? any DiscoverySource else { throw HostFault.internal.fault() }
        return .json(source.discovery)
    }
}
