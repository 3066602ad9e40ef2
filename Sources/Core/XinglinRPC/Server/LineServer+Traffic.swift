extension LineServer {
    /// What has come and gone.
    public var traffic: Traffic {
        let (open, withSession) = self.registry.counts
        let counters = self.counters
        return Traffic(
            connections: open, connectionsWithSession: withSession, handshakes: counters.handshakes.now,
            failedHandshakes: counters.failedHandshakes.now, bytesIn: counters.bytesIn.now,
            bytesOut: counters.bytesOut.now, refusedConnections: counters.refusals,
            refusedRequests: counters.refusedRequests)
    }
}
