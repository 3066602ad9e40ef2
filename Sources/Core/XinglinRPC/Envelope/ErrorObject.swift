public import XinglinKit

/// The error object of JSON-RPC, in the contract's shape.
public enum ErrorObject {
    /// `{"code", "message", "data": {"reason", "details"?, "hint", "retryable", "trace"}}`, message and hint in that language.
    public static func bytes(_ fault: Fault, locale: Locale, trace: String) -> [UInt8] {
        var writer = JSONWriter(reserving: 512)
        writer.raw("{\"code\":")
        writer.integer(Int64(fault.kind.code))
        writer.raw(",\"message\":")
        writer.string(fault.kind.message[locale])
        writer.raw(",\"data\":{\"reason\":")
        writer.string(fault.kind.reason)
        if let details = fault.details {
            writer.raw(",\"details\":")
            writer.value(details)
        }
        writer.raw(",\"hint\":")
        writer.string(fault.kind.hint[locale])
        writer.raw(",\"retryable\":")
        writer.bool(fault.retryable)
        writer.raw(",\"trace\":")
        writer.string(trace)
        writer.raw("}}")
        return writer.bytes
    }
}
