internal import ArgumentParser
internal import XinglinRPC

struct HandshakesCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "handshakes",
            abstract: words(zh: "反复建立和关闭连接，每次完整握手。", en: "Open and close connections, each with a full TLS handshake."),
            discussion: words(
                zh: "例：xinglin bench handshakes --seconds 3", en: "Example: xinglin bench handshakes --seconds 3"))
    }

    @Option(help: .both(zh: "同时多少个。", en: "How many at a time."))
    var connections = 8

    @Option(help: .both(zh: "多久。", en: "How long.", value: "seconds"))
    var seconds = 3.0

    @OptionGroup var target: BenchTarget
    @OptionGroup var output: BenchOutput

    func validate() throws {
        guard (1...1000).contains(self.connections), (0.01...3600).contains(self.seconds) else {
            throw ValidationError(
                words(
                    zh: "--connections 应为 1 到 1000，--seconds 应为 0.01 到 3600",
                    en: "--connections is 1 to 1000, --seconds 0.01 to 3600"))
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
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "idle",
            abstract: words(
                zh: "打开不发送任何内容的连接，保持到标准输入结束。",
                en: "Open connections that send nothing, and keep them until the end of stdin."),
            discussion: words(
                zh: "例：xinglin bench idle 1000。全部打开后打印 `open COUNT`：比较主机前后的内存。",
                en:
                    "Example: xinglin bench idle 1000. It prints `open COUNT` when all are there: compare the host's memory before and after."
            ))
    }

    @Argument(help: .both(zh: "多少个。", en: "How many."))
    var count: Int

    @Flag(help: .both(zh: "每个都使用上次登录的会话。", en: "Open a session on each, that of the last login."))
    var session = false

    @OptionGroup var target: BenchTarget

    func validate() throws {
        guard (1...20_000).contains(self.count) else {
            throw ValidationError(words(zh: "数目应为 1 到 20000", en: "the count is 1 to 20000"))
        }
    }

    func run() async throws {
        let target = try self.target.choose()
        let opening = self.session ? target.token.map { LoadClient.resume(token: $0) } : nil
        guard !self.session || opening != nil else {
            throw Failure(words(zh: "没有这台主机的登录可用", en: "there is no login of this host to use"))
        }
        try await measuring {
            try await LoadClient.idle(self.count, on: target.load, opening: opening) {
                try Console.output("open \(self.count)")
                _ = try Files.readAll(Files.standardInput, name: "stdin")
            }
        }
    }
}

struct EchoCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "echo",
            abstract: words(
                zh: "经 TLS 原样送回各行，直到标准输入结束：与 ping 作比较。",
                en: "Send lines back over TLS until the end of stdin: what ping is compared with."),
            discussion: words(
                zh: "例：xinglin bench echo --data data。使用数据文件夹中的证书，打印 `ready HOST:PORT`。",
                en:
                    "Example: xinglin bench echo --data data. It uses the folder's certificate and prints `ready HOST:PORT`."
            ),
            shouldDisplay: false)
    }

    @Option(
        help: .both(zh: "使用其中证书的数据文件夹。", en: "The data folder whose certificate is used.", value: "folder"),
        completion: .directory)
    var data: String

    @Option(help: .both(zh: "端口；0 表示任一空闲端口。", en: "The port; 0 takes any free one.", value: "port"))
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
