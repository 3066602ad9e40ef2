internal import XinglinKit
internal import XinglinRPC

/// A method as the registry keeps it: its declarations, and its work with the types erased.
struct MethodEntry: Sendable {
    let name: String
    let module: String
    let summary: String
    let effect: Effect
    let access: Access
    let scope: Scope
    let lane: Lane
    let params: Schema
    let reply: Schema
    let faults: [FaultKind]
    let secretReplyMembers: [String]
    /// Whether it is answered on the event loop, without a worker or a transaction.
    let isInline: Bool
    /// Whether it may be called while the password must be changed.
    let isAllowedBeforePasswordChange: Bool
    /// Decodes the params, does the work and encodes the reply.
    let invoke: @Sendable (JSONValue, Call) throws -> [UInt8]
    /// Counts its calls.
    let meter = MethodMeter()
    /// The full and the minimal example, in that order.
    let examples: @Sendable () throws -> [(params: JSONValue, reply: JSONValue)]

    init<Method: RPCMethod>(_ method: Method, module: String) {
        self.name = Method.name
        self.module = module
        self.summary = Method.summary
        self.effect = Method.effect
        self.access = Method.access
        self.scope = Method.scope
        self.lane = Method.lane
        self.params = Method.params
        self.reply = Method.reply
        self.faults = Method.faults
        self.secretReplyMembers = Method.secretReplyMembers
        self.isInline = method is any InlineMethod
        self.isAllowedBeforePasswordChange = method is any MethodBeforePasswordChange
        self.invoke = { params, call in
            let params = try JSONCodec.decode(Method.Params.self, from: params)
            return try JSONCodec.encode(try method.handle(params, call))
        }
        self.examples = {
            let examples = Method.examples
            return try [examples.full, examples.minimal].map {
                (try JSONCodec.tree(of: $0.params), try JSONCodec.tree(of: $0.reply))
            }
        }
    }
}

/// A host method that needs neither database nor worker.
protocol InlineMethod {}

/// A host method that may be called while the account's password must be changed.
protocol MethodBeforePasswordChange {}
