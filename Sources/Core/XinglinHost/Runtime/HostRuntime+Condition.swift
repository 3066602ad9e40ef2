internal import XinglinKit
internal import XinglinPostgres

/// How the host fares, for those who operate it. Everything here is answered from memory.
extension HostRuntime {
    /// Why the host is not ready. The names are on the wire.
    public enum NotReady: String, Sendable, CaseIterable {
        case starting
        case draining
        /// The database has not answered for 15 s.
        case database
        /// The database lacks migrations.
        case schema
        /// No worker has a connection.
        case workers
    }

    /// What of the process does not turn any more; empty where it is alive.
    public var deadParts: [String] { self.pulse.faults }

    /// Why calls should go elsewhere; empty where the host is ready.
    public var reasonsNotReady: [NotReady] {
        guard let core = self.core else { return [self.isStopping ? .draining : .starting] }
        if core.isDraining || self.isStopping { return [.draining] }
        guard self.isServing else { return [.starting] }
        var reasons: [NotReady] = []
        let figures = core.services.figures
        if figures.isOverdue { reasons.append(.database) }
        if figures.reading?.pending.isEmpty == false { reasons.append(.schema) }
        if !core.services.pool.isUp { reasons.append(.workers) }
        return reasons
    }

    /// The metrics, in Prometheus's text format.
    public var metricsText: [UInt8] { MetricsPage(self).text() }

    /// The content type of `metricsText`.
    public static var metricsContentType: String { MetricsText.contentType }
}
