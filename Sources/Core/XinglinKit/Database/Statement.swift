/// A statement with what it must have touched.
public struct Statement: Sendable {
    public let sql: SQL
    public let expectation: Expectation
    /// What the call is refused with when the expectation fails; `host.conflict` unless told.
    public let otherwise: Fault

    /// How many rows a statement must return or change.
    public enum Expectation: Sendable, Hashable {
        case any
        case rows(Int)
        case atLeastOne
    }

    public init(_ sql: SQL, _ expectation: Expectation = .any, otherwise: Fault = HostFault.conflict.fault()) {
        self.sql = sql
        self.expectation = expectation
        self.otherwise = otherwise
    }

    /// Whether that many rows satisfy the expectation.
    public func accepts(_ rows: Int) -> Bool {
        switch self.expectation {
        case .any: true
        case .rows(let count): rows == count
        case .atLeastOne: rows > 0
        }
    }
}
