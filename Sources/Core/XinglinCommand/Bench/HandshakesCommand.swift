internal import ArgumentParser
internal import XinglinRPC

struct HandshakesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "handshakes", abstract: "Open and close connections, each with a full TLS handshake.")

    @Option(help: "How many at a time.")
    var connections = 8

    @Option(help: ArgumentHelp("How long.", valueName: "seconds"))
    var seconds = 3.0

    @OptionGroup var target: BenchTarget
    @OptionGroup var output: BenchOutput

    func validate() throws {
        guard (1...1000).contains(self.connections), (0.01...3600).contains(self.seconds) else {
            throw ValidationError("--connections is 1 to 1000, --seconds 0.01 to 3600")
        }
    }

    func run() async throws {
        let target = try self.target.choose()
        let meter = LoadMeter(watched: self.output.watched)
        try await measuring {
            try await LoadClient.handshakes(
                self.connections, for: .seconds(self.seconds), on: target.load, recorder: meter)
        }
        try self.output.give(try meter.reading(), "handshakes", connections: self.connections, depth: 1)
    }
}

struct IdleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "idle", abstract: "Open connections that send nothing, and keep them until the end of stdin.",
        discussion: "Prints `open COUNT` when all are there: compare the host's memory before and after.")

    @Argument(help: "How many.")
    var count: Int

    @Flag(help: "Open a session on each, that of the last login.")
    var session = false

    @OptionGroup var target: BenchTarget

    func validate() throws {
        guard (1...20_000).contains(self.count) else { throw ValidationError("the count is 1 to 20000") }
    }

    func run() async throws {
        let target = try self.target.choose()
        let opening = self.session ? target.token.map { LoadClient.resume(token: $0) } : nil
        guard !self.session || opening != nil else { throw Failure("there is no login of this host to use") }
        try await measuring {
            try await LoadClient.idle(self.count, on: target.load, opening: opening) {
                try Console.output("open \(self.count)")
                _ = try Files.readAll(Files.standardInput, name: "stdin")
            }
        }
    }
}

struct EchoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "echo", abstract: "Send lines back over TLS until the end of stdin: what ping is compared with.",
        discussion: "It uses the certificate of the data folder, and prints `ready HOST:PORT`.", shouldDisplay: false)

    @Option(help: ArgumentHelp("The data folder whose certificate is used.", valueName: "folder"))
    var data: String

    @Option(help: ArgumentHelp("The port; 0 takes any free one.", valueName: "port"))
    var port = 0

    func run() async throws {
        let echo = LineEcho(
            LineServerSettings(
                host: "127.0.0.1", port: self.port, certificateFile: "\(self.data)/tls/server.pem",
                keyFile: "\(self.data)/tls/server.key"))
        let port = try await echo.start()
        try Console.output("ready 127.0.0.1:\(port)")
        _ = try Files.readAll(Files.standardInput, name: "stdin")
        try await echo.stop()
    }
}
