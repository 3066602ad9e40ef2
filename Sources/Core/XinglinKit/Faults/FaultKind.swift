/// One reason for which a call can be refused, declared once and listed in docs/errors.md.
public struct FaultKind: Sendable, Hashable {
    /// What clients switch on, such as `decoction.insufficientStock`.
    public let reason: String
    /// The JSON-RPC error code: negative for the host, positive and in the module's hundred for a module.
    public let code: Int
    public let message: LocalizedText
    /// What the person at the desk can do about it, and who can.
    public let hint: LocalizedText
    /// Whether the same call may succeed when it is simply sent again.
    public let retryable: Bool

    public init(
        _ reason: String, code: Int, message: LocalizedText, hint: LocalizedText, retryable: Bool = false
    ) {
        self.reason = reason
        self.code = code
        self.message = message
        self.hint = hint
        self.retryable = retryable
    }

    /// The fault to throw. `details` must hold no personal data beyond what the caller may see anyway.
    public func fault(_ details: JSONValue? = nil) -> Fault {
        Fault(self, details: details)
    }
}

/// A refusal on its way to the caller.
public struct Fault: Error, Sendable, Equatable {
    public let kind: FaultKind
    public let details: JSONValue?
    /// Overrides the kind's `retryable`, where only the occasion tells.
    public let retryable: Bool

    public init(_ kind: FaultKind, details: JSONValue? = nil, retryable: Bool? = nil) {
        self.kind = kind
        self.details = details
        self.retryable = retryable ?? kind.retryable
    }

    /// A parameter that is well-formed but not acceptable; `pointer` is a JSON pointer into the params, such as `/lines/0/quantityMg`.
    /// - Parameter zh: the same in Chinese, for people at a desk; `expectedZh` in the details.
    public static func invalid(_ pointer: String, expected: String, zh: String? = nil) -> Fault {
        HostFault.invalidParams.fault([Schema.Violation(pointer: pointer, expected: expected, expectedZh: zh).json])
    }
}
