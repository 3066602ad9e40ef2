internal import XinglinRPC

/// Which host to call, and how to trust it.
struct CallTarget: Equatable {
    static let standardAddress = "127.0.0.1:7443"

    let address: String
    let host: String
    let port: Int
    let caFile: String
    /// The token of the stored session, where it is one of this host.
    let token: String?
    /// The certificate by which a machine calls; no session is used then.
    var identity: ClientIdentity?

    /// The same host on another session.
    func with(token: String) -> CallTarget {
        CallTarget(address: self.address, host: self.host, port: self.port, caFile: self.caFile, token: token)
    }

    /// Flags win over the stored session, and that over the standard address and data folder.
    static func choose(
        host: String?, ca: String?, data: String?, stored: StoredSession?, workingDirectory: String
    ) throws -> CallTarget {
        let address = host ?? stored?.address ?? Self.standardAddress
        guard let (name, port) = splitHostPort(address), port > 0 else {
            throw Failure(
                words(
                    zh: "--host 应为 HOST:PORT，例如 \(Self.standardAddress)",
                    en: "--host must be HOST:PORT, such as \(Self.standardAddress)"), exitCode: ExitStatus.usage)
        }
        let session = stored?.address == address ? stored : nil
        let caFile = ca ?? data.map { "\($0)/tls/ca.pem" } ?? session?.caFile ?? "data/tls/ca.pem"
        let path = caFile.hasPrefix("/") ? caFile : "\(workingDirectory)/\(caFile)"
        guard Files.exists(path) else {
            throw Failure(
                words(
                    zh: "\(path) 处没有 CA 证书 — 请用 --data 指定主机的数据文件夹，或用 --ca 指定证书",
                    en: "there is no CA certificate at \(path) — give the host's data folder with --data, or --ca"),
                exitCode: ExitStatus.usage)
        }
        return CallTarget(address: address, host: name, port: port, caFile: path, token: session?.token)
    }

    /// The same target, called with a client certificate.
    /// - Parameter key: the private key's file; without it that beside the certificate, `NAME.key` for `NAME.pem`.
    func showing(certificate: String, key: String?) throws -> CallTarget {
        let stem = certificate.hasSuffix(".pem") ? String(certificate.dropLast(4)) : certificate
        let keyFile = key ?? "\(stem).key"
        for file in [certificate, keyFile] where !Files.exists(file) {
            throw Failure(
                words(
                    zh: "没有 \(file) — 请用 --cert 指定证书、用 --cert-key 指定其私钥，或用 xinglin enrol 领取",
                    en: "there is no \(file) — give the certificate with --cert and its key with --cert-key, "
                        + "or enrol with xinglin enrol"),
                exitCode: ExitStatus.usage)
        }
        var target = CallTarget(
            address: self.address, host: self.host, port: self.port, caFile: self.caFile, token: nil)
        target.identity = ClientIdentity(certificateFile: certificate, keyFile: keyFile)
        return target
    }
}
