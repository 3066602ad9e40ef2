internal import ArgumentParser
internal import XinglinKit
internal import XinglinRPC

struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure a running host.",
        discussion:
            "deploy/bench.sh runs all of it beside PostgreSQL's own pgbench; docs/bench.md says how to read it.",
        subcommands: [BenchLoadCommand.self, HandshakesCommand.self, IdleCommand.self, EchoCommand.self],
        defaultSubcommand: BenchLoadCommand.self)
}

struct BenchLoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load", abstract: "Send one kind of request as fast as it is answered.",
        discussion: """
            Log in first: xinglin call session.login '{"account":"…"}'. The work is one of \
            \(Workload.all.map(\.name).joined(separator: ", ")), or a method with its --params, in which {{1...9}} stands for a
            random number and {{unique}} for one that is used once. Each of the connections keeps so many requests in flight and sends
            the next when one is answered: a latency is what such a client waits, not what a client at a fixed rate would.
            """)

    @Argument(help: "The work, or a method.")
    var work: String

    @Option(help: ArgumentHelp("The method's parameters, a JSON object with placeholders.", valueName: "json"))
    var params: String?

    @Option(help: "Connections.")
    var connections = 8

    @Option(help: "Requests in flight on each connection.")
    var depth = 1

    @Option(help: ArgumentHelp("How long it is measured.", valueName: "seconds"))
    var seconds = 5.0

    @Option(help: ArgumentHelp("How long it runs before.", valueName: "seconds"))
    var warmUp = 1.0

    @Option(help: "The seed of the random numbers.")
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("The acting site's code.", valueName: "code"))
    var site: String?

    @Flag(help: "Give every request an idempotency key of its own.")
    var keys = false

    @OptionGroup var target: BenchTarget
    @OptionGroup var output: BenchOutput

    func validate() throws {
        guard (1...20_000).contains(self.connections), (1...10_000).contains(self.depth) else {
            throw ValidationError("--connections is 1 to 20000, --depth 1 to 10000")
        }
        guard (0.01...86_400).contains(self.seconds), (0...3600).contains(self.warmUp) else {
            throw ValidationError("--seconds is 0.01 to 86400, --warm-up 0 to 3600")
        }
    }

    func run() async throws {
        let target = try self.target.choose()
        let workload = Workload(self.work, params: self.params)
        var plan = LoadPlan(try workload.template(site: self.site, withKeys: self.keys))
        plan.connections = self.connections
        plan.depth = self.depth
        plan.duration = .seconds(self.seconds)
        plan.warmUp = .seconds(self.warmUp)
        plan.seed = self.seed
        if workload.method != "host.ping" { plan.opening = target.token.map { LoadClient.resume(token: $0) } }
        let meter = LoadMeter(watched: self.output.watched)
        try await measuring { try await LoadClient.run(plan, on: target.load, recorder: meter) }
        try self.output.give(
            try meter.reading(), workload.name, connections: self.connections, depth: self.depth)
    }
}

/// Runs a measurement, with its failure in the command line's words.
func measuring(_ body: () async throws -> Void) async throws {
    do {
        try await body()
    } catch let error as LoadError {
        throw Failure("\(error.description) — is the host running there?", exitCode: ExitStatus.noConnection)
    }
}
