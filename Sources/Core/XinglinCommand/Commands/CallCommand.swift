internal import ArgumentParser
internal import Foundation
internal import XinglinKit
internal import XinglinRPC

struct CallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "call", abstract: "Call one method of a running host.",
        discussion: """
            session.login asks for the password (or reads XINGLIN_PASSWORD) and keeps the session for later calls;
            session.logout ends it. A machine calls with --cert; see xinglin enrol. Exit codes: 0 answered, 1 refused, 2 wrong usage, 3 no connection.
            """)

    @Argument(help: "The method, such as sites.list.")
    var method: String

    @Argument(help: ArgumentHelp("The parameters, a JSON object; - reads it from stdin.", valueName: "json"))
    var json = "{}"

    @Option(help: ArgumentHelp("The host; else that of the last login, else 127.0.0.1:7443.", valueName: "host:port"))
    var host: String?

    @Option(
        help: ArgumentHelp(
            "The CA's certificate; else FOLDER/tls/ca.pem of --data, else that of the last login.", valueName: "file"))
    var ca: String?

    @Option(help: ArgumentHelp("The host's data folder, where it is on this machine.", valueName: "folder"))
    var data: String?

    @Option(help: ArgumentHelp("The acting site's code.", valueName: "code"))
    var site: String?

    @Option(help: ArgumentHelp("The idempotency key: the same write sent again is done once.", valueName: "key"))
    var key: String?

    @Option(help: ArgumentHelp("A machine's client certificate (PEM), in place of a session.", valueName: "file"))
    var cert: String?

    @Option(
        help: ArgumentHelp("The private key (PEM) of --cert; else NAME.key beside NAME.pem.", valueName: "file"))
    var certKey: String?

    @Option(help: ArgumentHelp("zh or en; else the terminal's language.", valueName: "language"))
    var locale: String?

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let locale = try self.language(environment)
        let sessions = SessionStore(environment: environment)
        var target = try CallTarget.choose(
            host: self.host, ca: self.ca, data: self.data ?? environment["XINGLIN_DATA"], stored: try sessions.read(),
            workingDirectory: Files.workingDirectory)
        if let certificate = self.cert { target = try target.showing(certificate: certificate, key: self.certKey) }
        let text = self.json == "-" ? try Files.readAll(Files.standardInput, name: "stdin") : Array(self.json.utf8)
        var params = try CallParameters(text, site: self.site, key: self.key, locale: locale)
        try params.askSecrets(of: self.method, environment)
        let client = CallClient(target: target, sessions: sessions, locale: locale)
        switch try await client.call(self.method, params.value) {
        case .result(let json):
            try Console.output(
                Console.outputIsTerminal ? PrettyJSON.format(json, coloured: true) : json)
        case .error(let json):
            Console.error(ErrorReport.text(json, locale, isTerminal: Console.errorIsTerminal))
            throw ExitCode(ExitStatus.refused)
        }
    }

    private func language(_ environment: [String: String]) throws -> XinglinKit.Locale {
        guard let name = self.locale else { return Console.locale(environment) }
        guard let locale = XinglinKit.Locale(rawValue: name) else { throw ValidationError("--locale is zh or en") }
        return locale
    }
}
