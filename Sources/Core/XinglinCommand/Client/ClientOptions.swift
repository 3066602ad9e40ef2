internal import ArgumentParser
internal import Foundation
internal import XinglinKit

/// The flags of every command that calls a running host.
struct ClientOptions: ParsableArguments {
    @Option(help: .host)
    var host: String?

    @Option(
        help: .authority, completion: .file(extensions: ["pem"]))
    var ca: String?

    @Option(
        help: .dataOfHost, completion: .directory)
    var data: String?

    @Option(
        help: .both(zh: "zh 或 en；默认随终端。", en: "zh or en; else the terminal's language.", value: "language"),
        completion: .list(["zh", "en"]))
    var locale: String?

    /// The language of the answers.
    func language() throws -> XinglinKit.Locale {
        guard let name = self.locale else { return Language.current }
        guard let locale = XinglinKit.Locale(rawValue: name) else {
            throw ValidationError(words(zh: "--locale 只能是 zh 或 en", en: "--locale is zh or en"))
        }
        return locale
    }

    /// The client for the host that the flags, the last login or the standard address name.
    /// - Parameter certificate: a machine's certificate to show, in place of a session.
    func client(certificate: String? = nil, key: String? = nil) throws -> CallClient {
        let environment = ProcessInfo.processInfo.environment
        let sessions = SessionStore(environment: environment)
        var target = try CallTarget.choose(
            host: self.host, ca: self.ca, data: self.data ?? environment["XINGLIN_DATA"], stored: try sessions.read(),
            workingDirectory: Files.workingDirectory)
        if let certificate { target = try target.showing(certificate: certificate, key: key) }
        return CallClient(
            target: target, sessions: sessions, locale: try self.language(), names: KnownNames(environment: environment)
        )
    }
}

/// Commands that show a reply as a table or, on request, as JSON.
struct FormOptions: ParsableArguments {
    @Flag(help: .both(zh: "输出 JSON，供程序使用。", en: "Print JSON, for programs."))
    var json = false
}

extension ArgumentHelp {
    static var host: ArgumentHelp {
        .both(
            zh: "主机地址；默认为上次登录的主机，否则 127.0.0.1:7443。",
            en: "The host; else that of the last login, else 127.0.0.1:7443.", value: "host:port")
    }
    static var authority: ArgumentHelp {
        .both(
            zh: "主机 CA 的证书；默认为 --data 下的 tls/ca.pem，否则为上次登录所用的。",
            en: "The CA's certificate; else FOLDER/tls/ca.pem of --data, else that of the last login.", value: "file")
    }
    static var dataOfHost: ArgumentHelp {
        .both(
            zh: "主机的数据文件夹（主机在本机时）。", en: "The host's data folder, where it is on this machine.", value: "folder")
    }
    static var actingSite: ArgumentHelp {
        .both(zh: "办理业务的机构代码。", en: "The acting site's code.", value: "code")
    }
}
