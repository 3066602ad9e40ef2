public import XinglinKit

/// One statement of a pipeline, with the role under which it is prepared.
public struct PipelineItem: Sendable {
    public let sql: SQL
    /// A part of the statement cache's key only: a prepared statement is parsed under the role set at that moment.
    public let role: String

    public init(sql: SQL, role: String) {
        self.sql = sql
        self.role = role
    }
}
