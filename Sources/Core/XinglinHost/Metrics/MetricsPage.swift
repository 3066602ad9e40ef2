internal import Synchronization
internal import XinglinCrypto
internal import XinglinKit
internal import XinglinPostgres
internal import XinglinRPC

/// One page of metrics: what stands in the process's memory, what was last read from the database, and what the kernel says.
struct MetricsPage {
    private let host: HostRuntime

    init(_ host: HostRuntime) {
        self.host = host
    }

    func text() -> [UInt8] {
        var text = MetricsText()
        self.condition(&text)
        if let services = self.host.core?.services {
            self.calls(services, &text)
            self.workers(services, &text)
            self.events(services, &text)
            self.gauge(.leads, services.sealer.leads ? 1 : 0, &text)
            text.begin(.stepsFailing)
            for step in services.sealer.stepNames {
                text.sample(.stepsFailing, [step], UInt64(services.sealer.failing.contains(step) ? 1 : 0))
            }
        }
        if let traffic = self.host.traffic { self.traffic(traffic, &text) }
        self.machine(&text)
        self.database(self.host.core?.services.figures.reading, &text)
        return text.bytes
    }

    private func gauge(_ family: MetricFamily, _ value: Double, _ text: inout MetricsText) {
        text.begin(family)
        text.sample(family, [], value)
    }

    private func counter(_ family: MetricFamily, _ value: UInt64, _ text: inout MetricsText) {
        text.begin(family)
        text.sample(family, [], value)
    }

    private func condition(_ text: inout MetricsText) {
        text.begin(.build)
        text.sample(.build, [HostServices.version], UInt64(1))
        let reasons = self.host.reasonsNotReady
        self.gauge(.ready, reasons.isEmpty ? 1 : 0, &text)
        text.begin(.notReady)
        for reason in HostRuntime.NotReady.allCases {
            text.sample(.notReady, [reason.rawValue], UInt64(reasons.contains(reason) ? 1 : 0))
        }
        guard let registry = self.host.core?.services.registry else { return }
        let running = registry.runningModules.count
        text.begin(.modules)
        text.sample(.modules, ["running"], UInt64(running))
        text.sample(.modules, ["quarantined"], UInt64(registry.modules.count - running))
    }
}

// MARK: - Calls

extension MetricsPage {
    private func calls(_ services: HostServices, _ text: inout MetricsText) {
        let methods =
            services.registry.sortedMethods.map { ($0.name, $0.meter) } + [("(unknown)", services.metrics.unknown)]
        text.begin(.calls)
        for (name, meter) in methods {
            for outcome in CallOutcome.allCases {
                let count = meter.count(outcome)
                // Refusals show once there is one; what rates are made of is there from the start.
                guard count > 0 || (outcome.reason.isEmpty && name != "(unknown)") else { continue }
                text.sample(.calls, [name, outcome.outcome, outcome.reason], count)
            }
        }
        text.begin(.callSeconds)
        for (name, meter) in methods where meter.times.contents.buckets.contains(where: { $0 > 0 }) {
            text.histogram(.callSeconds, [name], meter.times)
        }
        self.gauge(.inFlight, Double(services.metrics.inFlight.load(ordering: .relaxed)), &text)
        text.begin(.waitSeconds)
        for lane in Lane.allCases { text.histogram(.waitSeconds, [lane.rawValue], services.metrics.waits(in: lane)) }
    }

    private func workers(_ services: HostServices, _ text: inout MetricsText) {
        let status = services.pool.status
        let groups = [("general", status.general), ("credential", status.credential)]
        text.begin(.queued)
        for (name, group) in groups { text.sample(.queued, [name], UInt64(group.queued)) }
        self.gauge(.queueLimit, Double(services.settings.limits.queue), &text)
        text.begin(.workers)
        for (name, group) in groups {
            text.sample(.workers, [name, "busy"], UInt64(group.busy))
            text.sample(.workers, [name, "idle"], UInt64(group.idle))
            text.sample(.workers, [name, "down"], UInt64(group.down))
        }
        text.begin(.lanes)
        for lane in Lane.allCases { text.sample(.lanes, [lane.rawValue], UInt64(status.running[lane] ?? 0)) }
    }

    private func events(_ services: HostServices, _ text: inout MetricsText) {
        let metrics = services.metrics
        self.counter(.logins, metrics.value(of: .loginFailed), &text)
        self.counter(.replays, metrics.value(of: .replayed), &text)
        self.counter(.retries, metrics.value(of: .retried), &text)
        text.begin(.unknownCommits)
        text.sample(.unknownCommits, ["committed"], metrics.value(of: .unknownCommitted))
        text.sample(.unknownCommits, ["notCommitted"], metrics.value(of: .unknownNotCommitted))
        text.sample(.unknownCommits, ["undecided"], metrics.value(of: .unknownUndecided))
        text.begin(.imports)
        text.sample(.imports, ["applied"], metrics.value(of: .importApplied))
        text.sample(.imports, ["refused"], metrics.value(of: .importRefused))
        text.sample(.imports, ["failed"], metrics.value(of: .importFailed))
    }
}

// MARK: - The wire, the machine, the database

extension MetricsPage {
    private func traffic(_ traffic: Traffic, _ text: inout MetricsText) {
        text.begin(.connections)
        text.sample(.connections, ["session"], UInt64(traffic.connectionsWithSession))
        text.sample(
            .connections, ["noSession"], UInt64(max(0, traffic.connections - traffic.connectionsWithSession)))
        text.begin(.handshakes)
        text.sample(.handshakes, ["done"], traffic.handshakes)
        text.sample(.handshakes, ["failed"], traffic.failedHandshakes)
        text.begin(.refusedConnections)
        for (cause, count) in traffic.refusedConnections { text.sample(.refusedConnections, [cause], count) }
        text.begin(.refusedRequests)
        for (cause, count) in traffic.refusedRequests { text.sample(.refusedRequests, [cause], count) }
        self.counter(.bytesIn, traffic.bytesIn, &text)
        self.counter(.bytesOut, traffic.bytesOut, &text)
    }

    private func machine(_ text: inout MetricsText) {
        let now = HostClock.system.now.secondsSince1970
        text.begin(.certificate)
        for (name, file) in self.host.certificateFiles {
            // One that cannot be read has no days left that anybody could rely on; xinglin doctor says what is wrong.
            guard let info = try? CertificateInfo.read(pemFile: file) else { continue }
            text.sample(.certificate, [name], Double(info.notAfter - now))
        }
        if let disk = DiskFigures(self.host.dataDirectory) {
            self.gauge(.diskFree, disk.freeBytes, &text)
            self.gauge(.diskSize, disk.sizeBytes, &text)
        }
        guard let process = try? ProcessFigures.read() else { return }
        self.gauge(.started, process.startTime, &text)
        self.gauge(.processCPU, process.cpuSeconds, &text)
        self.gauge(.processMemory, process.residentBytes, &text)
        self.gauge(.processFiles, process.openFiles, &text)
        self.gauge(.processFileLimit, process.fileLimit, &text)
        self.gauge(.processThreads, process.threads, &text)
    }

    private func database(_ reading: DatabaseReader.Reading?, _ text: inout MetricsText) {
        self.gauge(.databaseUp, reading == nil ? 0 : 1, &text)
        guard let reading else { return }
        let (seconds, attoseconds) = reading.took.components
        self.gauge(.databaseReadAt, Double(seconds) + Double(attoseconds) / 1e18, &text)
        for family in DatabaseGauge.all.flatMap(\.families) {
            let values = reading.values.filter { $0.family == family }
            guard !values.isEmpty else { continue }
            text.begin(family)
            for value in values { text.sample(family, value.labels, value.value) }
        }
    }
}
