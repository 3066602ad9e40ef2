internal import ArgumentParser
internal import Logging
internal import XinglinHost

struct ServeCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "serve",
            abstract: words(zh: "运行主机，直到 SIGTERM 或 Ctrl-C。", en: "Run the host until SIGTERM or Ctrl-C."),
            discussion: words(
                zh: """
                    例：xinglin serve --data data --demo

                    可以服务时在标准输出打印 `ready HOST:PORT`；SIGHUP 使更新后的证书生效。
                    首次启动生成密钥、证书，以及 data/first-password（账号 admin 的密码）。
                    """,
                en: """
                    Example: xinglin serve --data data --demo

                    It prints `ready HOST:PORT` on stdout when it serves; SIGHUP takes renewed certificates into use.
                    The first start makes keys, certificates and data/first-password (of the account admin).
                    """))
    }

    @OptionGroup var options: SettingsOptions

    @Option(help: .both(zh: "监听的地址和端口。", en: "The address and port to listen on.", value: "host:port"))
    var listen: String?

    @Flag(help: .both(zh: "在空数据库中载入演示县。", en: "Load the demonstration county into an empty database."))
    var demo = false

    func run() async throws {
        do {
            let settings = try self.options.load(listen: self.listen, demo: self.demo)
            let log = settings.startLogging(standard: .info)
            try await HostProcess(settings: settings.host, log: log).run()
        } catch {
            // Whoever collects the log gets JSON alone; a person at a terminal gets the sentence.
            guard let failure = Failure(error), let log = StderrLog.json else { throw error }
            log.write("the host did not start", at: .critical, ["reason": .string(failure.line)])
            throw ExitCode(failure.exitCode)
        }
    }
}
