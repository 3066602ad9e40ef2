internal import CLibCrypto

/// What a cryptographic operation refused. It carries no key, no password and no plain text, so it may be logged.
public enum CryptoError: Error, Sendable, Hashable, CustomStringConvertible {
    /// libcrypto refused the operation. With valid input this means that the library lacks the algorithm or memory.
    case library(operation: String, reason: String)
    /// A sealed value was altered, or was sealed with another key or for another context.
    case notAuthentic
    /// A value was sealed with a key that is not in the key folder.
    case missingKey(id: UInt32)
    /// Something stored is not in the form that it must have.
    case malformed(String)
    /// A file or folder is not fit to hold secrets; `reason` says why and what to do.
    case insecure(path: String, reason: String)
    /// The operating system refused to read or write; `reason` is its own text.
    case file(path: String, operation: String, reason: String)

    public var description: String {
        switch self {
        case .library(let operation, let reason): "libcrypto: \(operation) failed: \(reason)"
        case .notAuthentic: "the sealed value was altered, or sealed with another key or for another context"
        case .missingKey(let id): "the key \(id) that a value was sealed with is not in the key folder"
        case .malformed(let what): what
        case .insecure(let path, let reason): "\(path) \(reason)"
        case .file(let path, let operation, let reason): "cannot \(operation) \(path): \(reason)"
        }
    }
}

/// Throws with libcrypto's own reason unless the operation succeeded.
func require(_ succeeded: Bool, _ operation: String) throws {
    guard succeeded else { throw CryptoError.library(operation: operation, reason: libraryReason()) }
}

/// The pointer that libcrypto made, or its reason for making none.
func require<Pointer>(_ pointer: Pointer?, _ operation: String) throws -> Pointer {
    guard let pointer else { throw CryptoError.library(operation: operation, reason: libraryReason()) }
    return pointer
}

/// The oldest entry of the thread's error queue, which is emptied so that it cannot be blamed for the next failure.
private func libraryReason() -> String {
    let code = ERR_get_error()
    ERR_clear_error()
    guard code != 0, let reason = ERR_reason_error_string(code) else { return "no reason given" }
    return String(cString: reason)
}
