internal import ArgumentParser
internal import Foundation
internal import XinglinCrypto
internal import XinglinKit
internal import XinglinRPC

struct EnrolCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "enrol",
            abstract: words(zh: "为接口账号领取客户端证书。", en: "Get a client certificate for a machine account."),
            discussion: words(
                zh: """
                    例：xinglin enrol his-gateway --data data --out machine

                    私钥在本机生成，不离开本机；以一次性注册码换取证书。注册码在终端输入，或读取
                    XINGLIN_ENROLMENT_CODE；由管理员调用 accounts.createMachine 或 accounts.enrolmentCode 取得。
                    用 --renew 则不需注册码：文件夹中仍有效的证书换取后续证书。
                    之后：xinglin call --cert machine/his-gateway.pem METHOD
                    """,
                en: """
                    Example: xinglin enrol his-gateway --data data --out machine

                    It makes a private key on this machine, which never leaves it, and exchanges the one-time code for a
                    certificate. The code is asked for (or read from XINGLIN_ENROLMENT_CODE); an administrator gets it
                    from accounts.createMachine or accounts.enrolmentCode. With --renew no code is needed: the
                    certificate that lies in the folder, while it is valid, gets its successor.
                    Then: xinglin call --cert machine/his-gateway.pem METHOD
                    """))
    }

    @Argument(help: .both(zh: "接口账号。", en: "The machine account."))
    var account: String

    @Option(
        help: .both(zh: "主机地址；默认 127.0.0.1:7443。", en: "The host; else 127.0.0.1:7443.", value: "host:port"))
    var host: String?

    @Option(help: .authority, completion: .file(extensions: ["pem"]))
    var ca: String?

    @Option(help: .dataOfHost, completion: .directory)
    var data: String?

    @Option(
        help: .both(
            zh: "存放 ACCOUNT.key、ACCOUNT.pem 和 ca.pem 的文件夹。", en: "Where ACCOUNT.key, ACCOUNT.pem and ca.pem go.",
            value: "folder"), completion: .directory)
    var out: String

    @Flag(help: .both(zh: "以文件夹中的证书换取后续证书。", en: "Renew the certificate in the folder by itself."))
    var renew = false

    func validate() throws {
        // The account becomes a file's name.
        guard self.account.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }),
            !self.account.hasPrefix("."), !self.account.isEmpty
        else {
            throw ValidationError(
                words(
                    zh: "账号只能由 A–Z、a–z、0–9、'-'、'_' 和 '.' 组成",
                    en: "an account's name has only A–Z, a–z, 0–9, '-', '_' and '.'"))
        }
    }

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let locale = Language.current
        let files = MachineFiles(folder: self.out, account: self.account)
        var target = try CallTarget.choose(
            host: self.host, ca: self.ca, data: self.data ?? environment["XINGLIN_DATA"], stored: nil,
            workingDirectory: Files.workingDirectory)
        if self.renew { target = try target.showing(certificate: files.certificate, key: files.key) }
        let method = self.renew ? "machine.renew" : "machine.enrol"
        var params = try CallParameters(
            Array((self.renew ? "{}" : JSONValue.object(["account": .string(self.account)]).canonicalText).utf8),
            site: nil, key: nil, locale: locale)
        try params.askSecrets(of: method, environment)
        let machine = try MachineKey(account: self.account)
        params.set("csr", .string(machine.requestPEM))
        // Written before the code is used up: a folder that cannot be written costs nothing then.
        try files.keepKey(machine.keyPEM)
        let client = CallClient(
            target: target, sessions: SessionStore(environment: [:]), locale: locale,
            names: KnownNames(environment: environment))
        do {
            switch try await client.call(method, params.value) {
            case .result(let json): try files.keep(try JSONReader.parse(json))
            case .error(let json):
                Console.error(ErrorReport.readable(json, locale, coloured: Console.errorIsTerminal))
                throw ExitCode(ExitStatus.refused)
            }
        } catch {
            try files.dropKey()
            throw error
        }
        try Console.output(files.certificate)
    }
}

/// The files of one machine account in a folder.
struct MachineFiles {
    let folder: String
    let account: String
    var key: String { "\(self.folder)/\(self.account).key" }
    var certificate: String { "\(self.folder)/\(self.account).pem" }
    private var newKey: String { "\(self.key).new" }
    private var newCertificate: String { "\(self.certificate).new" }

    func keepKey(_ pem: [UInt8]) throws {
        try Files.makePrivateFolder(self.folder)
        try Files.writePrivate(pem, to: self.newKey)
    }

    func dropKey() throws {
        try Files.remove(self.newKey)
    }

    /// Puts the new certificate and key in the place of the old ones.
    func keep(_ reply: JSONValue) throws {
        guard let certificate = reply["certificate"]?.stringValue, let ca = reply["ca"]?.stringValue else {
            throw Failure(words(zh: "主机的应答中没有证书", en: "the host's answer holds no certificate"))
        }
        try Files.writePrivate(Array(ca.utf8), to: "\(self.folder)/ca.pem")
        try Files.writePrivate(Array(certificate.utf8), to: self.newCertificate)
        try Files.move(self.newKey, to: self.key)
        try Files.move(self.newCertificate, to: self.certificate)
    }
}
