internal import ArgumentParser
internal import Foundation
internal import XinglinKit
internal import XinglinRPC

struct CallCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "call",
            abstract: words(zh: "调用运行中的主机的一个方法。", en: "Call one method of a running host."),
            discussion: words(
                zh: """
                    例：xinglin call decoction.piece.search '{"query":"mh","limit":1}' --site township-01

                    session.login 询问密码（或读取 XINGLIN_PASSWORD）并保存会话，session.logout 结束会话。
                    退出码：0 有应答，1 被拒绝，2 用法有误，3 没有连接。
                    """,
                en: """
                    Example: xinglin call decoction.piece.search '{"query":"mh","limit":1}' --site township-01

                    session.login asks for the password (or reads XINGLIN_PASSWORD) and keeps the session for later
                    calls; session.logout ends it. Exit codes: 0 answered, 1 refused, 2 wrong usage, 3 no connection.
                    """))
    }

    @Argument(
        help: .both(zh: "方法，例如 sites.list。", en: "The method, such as sites.list."), completion: Completions.methods)
    var method: String

    @Argument(
        help: .both(
            zh: "参数，一个 JSON 对象；- 表示从标准输入读取。", en: "The parameters, a JSON object; - reads it from stdin.", value: "json"
        ))
    var json = "{}"

    @Option(
        help: .both(zh: "办理业务的机构代码。", en: "The acting site's code.", value: "code"), completion: Completions.sites)
    var site: String?

    @Option(
        help: .both(
            zh: "幂等键：同一写操作重复发送只执行一次。", en: "The idempotency key: the same write sent again is done once.", value: "key")
    )
    var key: String?

    @Option(
        help: .both(
            zh: "接口账号的客户端证书（PEM），代替会话。", en: "A machine's client certificate (PEM), in place of a session.",
            value: "file"), completion: .file(extensions: ["pem"]))
    var cert: String?

    @Option(
        help: .both(
            zh: "--cert 的私钥（PEM）；默认为 NAME.pem 旁的 NAME.key。",
            en: "The private key (PEM) of --cert; else NAME.key beside NAME.pem.", value: "file"),
        completion: .file(extensions: ["key"]))
    var certKey: String?

    @OptionGroup var client: ClientOptions

    func run() async throws {
        try await Language.$current.withValue(try self.client.language()) { try await self.call() }
    }

    private func call() async throws {
        let client = try self.client.client(certificate: self.cert, key: self.certKey)
        let text = self.json == "-" ? try Files.readAll(Files.standardInput, name: "stdin") : Array(self.json.utf8)
        var params = try CallParameters(text, site: self.site, key: self.key, locale: client.locale)
        try params.askSecrets(of: self.method, ProcessInfo.processInfo.environment)
        switch try await client.call(self.method, params.value) {
        case .result(let json):
            try Console.output(
                Console.outputIsTerminal ? PrettyJSON.format(json, coloured: true) : json)
        case .error(let json):
            Console.error(ErrorReport.text(json, client.locale, isTerminal: Console.errorIsTerminal))
            throw ExitCode(ExitStatus.refused)
        }
    }
}
