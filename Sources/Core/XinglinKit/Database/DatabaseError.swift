/// What the database refused. It carries no SQL text and no row values, so it may be logged.
public struct DatabaseError: Error, Sendable, Hashable, CustomStringConvertible {
    public let kind: Kind
    /// The five characters of the SQLSTATE, empty where the driver has none.
    public let sqlState: String
    /// The violated constraint's name, where there is one.
    public let constraint: String?
    /// The server's primary message; for the host's log only.
    public let message: String

    public enum Kind: String, Sendable, Hashable {
        /// No connection, or it broke. `outcomeUnknown` where COMMIT had been sent.
        case unavailable
        case outcomeUnknown
        /// A serialisation failure or deadlock: run the whole transaction again.
        case retry
        /// A lock was not had in time.
        case lockTimeout
        /// The statement was cancelled: by its time limit, or because its client went away.
        case cancelled
        /// A constraint was violated; see `constraint`.
        case constraint
        /// 42501: a table, schema or row that the role may not touch.
        case privilege
        /// A result that is not as the program expects.
        case decoding
        case other
    }

    public init(kind: Kind, sqlState: String = "", constraint: String? = nil, message: String) {
        self.kind = kind
        self.sqlState = sqlState
        self.constraint = constraint
        self.message = message
    }

    static func decoding(_ message: String) -> DatabaseError {
        DatabaseError(kind: .decoding, message: message)
    }

    public var description: String {
        let place = self.constraint.map { " (\($0))" } ?? ""
        return "\(self.kind.rawValue) \(self.sqlState)\(place)"
    }
}
