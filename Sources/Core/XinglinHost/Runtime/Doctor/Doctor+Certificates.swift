internal import XinglinCrypto
internal import XinglinKit

extension Doctor {
    /// The server's certificate and the private CA's are valid for some time yet.
    func certificates() -> [Diagnosis] {
        [self.settings.tls.certificateFile.map { self.operators($0) } ?? self.own(), self.authority()]
    }

    private func own() -> Diagnosis {
        self.certificate(
            "\(self.folders.tls)/server.pem", .certificate, isOurs: true,
            remedy: .init(
                zh: "向主机发送 SIGHUP 或重新启动：它会更新自己的证书",
                en: "send the host SIGHUP, or restart it: it renews its own certificate"))
    }

    private func operators(_ file: String) -> Diagnosis {
        self.certificate(
            file, .certificate, isOurs: false,
            remedy: .init(
                zh: "请签发机构更新 \(file)，再向主机发送 SIGHUP", en: "have \(file) renewed and send the host SIGHUP"))
    }

    /// The private CA makes out the machines' certificates, whoever made out the server's.
    private func authority() -> Diagnosis {
        self.certificate(
            "\(self.folders.tls)/ca.pem", .authority, isOurs: true,
            remedy: .init(
                zh: "移走 \(self.folders.tls)/ca.pem 和 ca.key，重新启动，把新的 ca.pem 分发给全部客户端，并重新注册接口账号",
                en:
                    "move \(self.folders.tls)/ca.pem and ca.key away, restart, give the new one to all clients, and enrol the machines again"
            ))
    }

    private func certificate(
        _ file: String, _ check: Diagnosis.Check, isOurs: Bool, remedy: LocalizedText
    ) -> Diagnosis {
        guard fileExists(file) || !isOurs else {
            return .warning(
                check, .init(zh: "尚无证书", en: "there is none yet"),
                remedy: .init(zh: "首次 xinglin serve 会生成", en: "the first xinglin serve makes one"))
        }
        do {
            let info = try CertificateInfo.read(pemFile: file)
            return self.judged(info, check, remedy: remedy)
        } catch {
            return .failed(
                check, explained(error),
                remedy: isOurs
                    ? .init(
                        zh: "从备份恢复 \(file)，或移走它后重新启动", en: "restore \(file) from a backup, or move it away and restart")
                    : .init(zh: "检查 tls.certificateFile", en: "check tls.certificateFile"))
        }
    }

    private func judged(_ info: CertificateInfo, _ check: Diagnosis.Check, remedy: LocalizedText) -> Diagnosis {
        let now = HostClock.system.now.microseconds / 1_000_000
        let until = Timestamp(microseconds: info.notAfter * 1_000_000).localDate
        guard info.notBefore <= now else {
            return .failed(
                check, .init(zh: "尚未生效", en: "not valid yet"),
                remedy: .init(zh: "检查本机时钟", en: "check this machine's clock"))
        }
        guard info.notAfter > now else {
            return .failed(check, .init(zh: "已于 \(until) 过期", en: "expired on \(until)"), remedy: remedy)
        }
        let days = (info.notAfter - now) / 86_400
        let finding = LocalizedText(
            zh: "有效期至 \(until)，还有 \(days) 天", en: "valid until \(until), for \(days) days")
        guard days >= self.settings.doctor.certificateWarnDays else { return .warning(check, finding, remedy: remedy) }
        return .ok(check, finding)
    }
}
