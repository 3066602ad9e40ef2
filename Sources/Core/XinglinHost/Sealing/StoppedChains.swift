internal import XinglinKit

/// Chains of the audit whose last link was damaged so that none can follow it. They are looked at again from time to time:
/// somebody may have mended them.
struct StoppedChains {
    private(set) var chains: [RecordID] = []
    private var since: ContinuousClock.Instant?

    private let patience: Duration

    init(patience: Duration) {
        self.patience = patience
    }

    mutating func add(_ damaged: Set<RecordID>) {
        self.since = self.since ?? .now
        self.chains = Set(self.chains).union(damaged).sorted()
    }

    var isToBeTriedAgain: Bool { self.since.map { .now - $0 >= self.patience } ?? false }

    /// How many there are, which every host can tell, whichever of them seals. The largest number is `AuditLink.last` - 1.
    static let count: StaticString = """
        SELECT count(*) FROM host.audit_heads()
        WHERE number IS NULL OR number NOT BETWEEN 1 AND 9007199254740990 OR octet_length(link) IS DISTINCT FROM 32
        """
}
