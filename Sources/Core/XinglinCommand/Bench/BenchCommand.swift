internal import ArgumentParser
internal import XinglinKit
internal import XinglinRPC

struct BenchCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "bench", abstract: words(zh: "测量运行中的主机的性能。", en: "Measure a running host."),
            discussion: words(
                zh: """
                    例：xinglin bench ping --connections 8 --seconds 5

                    deploy/bench.sh 连同 PostgreSQL 自带的 pgbench 一并运行；结果的读法见 docs/bench.md。
                    """,
                en: """
                    Example: xinglin bench ping --connections 8 --seconds 5

                    deploy/bench.sh runs all of it beside PostgreSQL's own pgbench; docs/bench.md says how to read it.
                    """),
            subcommands: [BenchLoadCommand.self, HandshakesCommand.self, IdleCommand.self, EchoCommand.self],
            defaultSubcommand: BenchLoadCommand.self)
    }
}

struct BenchLoadCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        let works = Workload.all.map(\.name).joined(separator: ", ")
        return CommandConfiguration(
            commandName: "load",
            abstract: words(zh: "尽快地反复发送一种请求。", en: "Send one kind of request as fast as it is answered."),
            discussion: words(
                zh: """
                    例：xinglin bench load ping --connections 8

                    需先登录：xinglin login ACCOUNT。工作为 \(works) 之一，或一个方法及其 --params，其中
                    {{1...9}} 代表随机数，{{unique}} 代表只用一次的数。每个连接保持若干未答的请求，答一个再发一个：
                    所得延迟是这样的客户端的等待时间，而不是按固定速率发送的客户端的。
                    """,
                en: """
                    Example: xinglin bench load ping --connections 8

                    Log in first: xinglin login ACCOUNT. The work is one of \(works), or a method with its --params, in
                    which {{1...9}} stands for a random number and {{unique}} for one that is used once. Each of the
                    connections keeps so many requests in flight and sends the next when one is answered: a latency is
                    what such a client waits, not what a client at a fixed rate would.
                    """))
    }

    @Argument(help: .both(zh: "工作，或一个方法。", en: "The work, or a method."))
    var work: String

    @Option(
        help: .both(
            zh: "方法的参数，含占位符的 JSON 对象。", en: "The method's parameters, a JSON object with placeholders.", value: "json"))
    var params: String?

    @Option(help: .both(zh: "连接数。", en: "Connections."))
    var connections = 8

    @Option(help: .both(zh: "每个连接上未答的请求数。", en: "Requests in flight on each connection."))
    var depth = 1

    @Option(help: .both(zh: "测量多久。", en: "How long it is measured.", value: "seconds"))
    var seconds = 5.0

    @Option(help: .both(zh: "测量之前先运行多久。", en: "How long it runs before.", value: "seconds"))
    var warmUp = 1.0

    @Option(help: .both(zh: "随机数的种子。", en: "The seed of the random numbers."))
    var seed: UInt64 = 1

    @Option(help: .actingSite, completion: Completions.sites)
    var site: String?

    @Flag(help: .both(zh: "每个请求带各自的幂等键。", en: "Give every request an idempotency key of its own."))
    var keys = false

    @OptionGroup var target: BenchTarget
    @OptionGroup var output: BenchOutput

    func validate() throws {
        guard (1...20_000).contains(self.connections), (1...10_000).contains(self.depth) else {
            throw ValidationError(
                words(
                    zh: "--connections 应为 1 到 20000，--depth 应为 1 到 10000",
                    en: "--connections is 1 to 20000, --depth 1 to 10000"))
        }
        guard (0.01...86_400).contains(self.seconds), (0...3600).contains(self.warmUp) else {
            throw ValidationError(
                words(
                    zh: "--seconds 应为 0.01 到 86400，--warm-up 应为 0 到 3600",
                    en: "--seconds is 0.01 to 86400, --warm-up 0 to 3600"))
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
        throw Failure(
            words(
                zh: "\(error.description) — 主机是否在那里运行？", en: "\(error.description) — is the host running there?"),
            exitCode: ExitStatus.noConnection)
    }
}
