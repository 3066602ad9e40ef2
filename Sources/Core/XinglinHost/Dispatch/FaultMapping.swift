internal import XinglinKit
internal import XinglinPostgres
internal import XinglinRPC

/// The one place where errors become refusals on the wire.
enum FaultMapping {
    /// The SQLSTATE of a server that has no room left.
    private static let diskFull = "53100"

    /// The refusal for an error, and whether it must be logged as the host's own failure.
    static func fault(_ error: any Error, manifest: ModuleManifest?, wasCancelled: Bool) -> (
        fault: Fault, isFailure: Bool
    ) {
        switch error {
        case let fault as Fault: (fault, false)
        case let error as DatabaseError: Self.fault(error, manifest, wasCancelled)
        case is CallTransaction.OutcomeUnknown: (HostFault.unavailable.fault(), false)
        case let error as DecodingError: (Self.fault(error), false)
        default: (HostFault.internal.fault(), true)
        }
    }

    private static func fault(
        _ error: DatabaseError, _ manifest: ModuleManifest?, _ wasCancelled: Bool
    ) -> (Fault, Bool) {
        switch error.kind {
        case .unavailable where error.sqlState == DatabaseError.readOnlyState: (DatabaseMode.readOnly, false)
        case .unavailable, .outcomeUnknown: (HostFault.unavailable.fault(), false)
        case .retry, .lockTimeout: (HostFault.busy.fault(), false)
        case .cancelled: (wasCancelled ? HostFault.unavailable.fault() : HostFault.deadline.fault(), false)
        case .constraint:
            if let kind = error.constraint.flatMap({ manifest?.constraints[$0] }) {
                (kind.fault(), false)
            } else if error.sqlState == "23505" || error.sqlState == "23P01" {
                (HostFault.conflict.fault(), false)
            } else {
                (HostFault.internal.fault(), true)
            }
        case .privilege, .decoding, .other:
            // Logged all the same: it does not pass by itself.
            (error.sqlState == Self.diskFull ? HostFault.storageFull.fault() : HostFault.internal.fault(), true)
        }
    }

    /// The schema let it pass and the type did not: named by its place all the same.
    private static func fault(_ error: DecodingError) -> Fault {
        let context: DecodingError.Context? =
            switch error {
            case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
                .dataCorrupted(let context):
                context
            @unknown default: nil
            }
        let pointer = (context?.codingPath ?? []).map { "/" + ($0.intValue.map(String.init) ?? $0.stringValue) }
            .joined()
        return Fault.invalid(pointer, expected: context?.debugDescription ?? "another value", zh: "另一个取值")
    }
}
