internal import Logging
internal import Synchronization
internal import XinglinKit
internal import XinglinPostgres

/// Whether the database takes writes, as the watcher finds it every few seconds. An operator stops writing by
/// `default_transaction_read_only`, which the host's own transactions would override: so the host heeds it itself.
final class DatabaseMode: Sendable {
    private let isReadOnly = Atomic(false)
    private let log: Logger

    /// The refusal of a write, or of a read that must leave an audit row.
    static let readOnly = HostFault.unavailable.fault(["database": "readOnly"])

    init(log: Logger) {
        self.log = log
    }

    /// Whether writes are refused now.
    var refusesWrites: Bool { self.isReadOnly.load(ordering: .relaxed) }

    /// - Throws: `host.unavailable` while the database is read-only.
    func requireWrites() throws {
        if self.refusesWrites { throw Self.readOnly }
    }

    /// Takes up what the connection's server reports; the connection must be one that never set it itself.
    func update(_ connection: Connection) {
        let isReadOnly = connection.isReadOnlyByDefault
        guard self.isReadOnly.exchange(isReadOnly, ordering: .relaxed) != isReadOnly else { return }
        self.log.log(
            level: isReadOnly ? .error : .notice,
            isReadOnly
                ? "the database is read-only (default_transaction_read_only): writes are refused"
                : "the database takes writes again")
    }
}
