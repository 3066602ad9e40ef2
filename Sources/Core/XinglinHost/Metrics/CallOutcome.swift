internal import XinglinKit

/// What became of a call, in a closed set: reasons of modules count as one.
enum CallOutcome: Int, CaseIterable, Sendable {
    case done
    case failed
    case invalid
    case unknownMethod
    case unauthenticated
    case forbidden
    case overloaded
    case busy
    case rateLimited
    case deadline
    case shuttingDown
    case module
    case site
    case unavailable
    case notFound
    case conflict
    case tooLarge
    case domain

    /// The class of a refusal.
    init(_ kind: FaultKind) {
        self =
            switch kind.code {
            case 1...: .domain
            case -32700, -32600, -32602: .invalid
            case -32601: .unknownMethod
            case -32001: .unauthenticated
            case -32002: .forbidden
            case -32003: Self.shortage(kind.reason)
            case -32004: .deadline
            case -32005: .shuttingDown
            case -32006: .module
            case -32007: .site
            case -32008: .unavailable
            case -32009: .conflict
            case -32010: kind.reason == HostFault.notFound.reason ? .notFound : .conflict
            case -32011: .tooLarge
            default: .failed
            }
    }

    private static func shortage(_ reason: String) -> CallOutcome {
        switch reason {
        case HostFault.overloaded.reason: .overloaded
        case HostFault.busy.reason: .busy
        default: .rateLimited
        }
    }

    /// The label `outcome`.
    var outcome: String {
        switch self {
        case .done: "done"
        case .failed: "failed"
        default: "refused"
        }
    }

    /// The label `reason`, empty where the call was not refused.
    var reason: String {
        switch self {
        case .done, .failed: ""
        default: String(describing: self)
        }
    }
}
