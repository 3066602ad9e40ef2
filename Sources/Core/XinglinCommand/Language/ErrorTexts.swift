internal import XinglinCrypto
internal import XinglinKit
internal import XinglinPostgres
internal import XinglinRPC

extension CryptoError {
    /// What to tell the person at the terminal.
    var text: LocalizedText {
        let english = self.description
        let chinese =
            switch self {
            case .library(let operation, let reason): "libcrypto 的 \(operation) 失败：\(reason)"
            case .notAuthentic: "密文被改动过，或使用了别的密钥"
            case .missingKey(let id): "密钥文件夹中没有编号为 \(id) 的密钥"
            case .malformed(let what): "密钥或证书不合要求：\(what)"
            case .insecure(let path, let reason): "\(path) 的权限不安全：\(reason)"
            case .file(let path, _, let reason): "无法读写 \(path)：\(reason)"
            }
        return LocalizedText(zh: chinese, en: english)
    }
}

extension ClusterError {
    /// What to tell the person at the terminal.
    var text: LocalizedText {
        LocalizedText(
            zh: "内置数据库无法运行：\(self.reason) — 请运行 xinglin doctor", en: "\(self.reason) — see xinglin doctor")
    }
}

extension LineClientError {
    /// What to tell the person at the terminal.
    var text: LocalizedText {
        let chinese =
            switch self {
            case .cannotConnect(let reason): "无法连接：\(reason)"
            case .certificateNotTrusted(let reason): "不信任主机的证书：\(reason)"
            case .clientCertificateRefused(let reason): "主机不接受客户端证书：\(reason)"
            case .closed(let reason): "连接已断开：\(reason)"
            }
        return LocalizedText(zh: chinese, en: self.description)
    }
}
