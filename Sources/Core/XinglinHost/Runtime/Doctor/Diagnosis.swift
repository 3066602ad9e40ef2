public import XinglinKit

/// One finding of `xinglin doctor`.
public struct Diagnosis: Sendable, Equatable {
    /// What was looked at.
    public enum Check: String, Sendable, CaseIterable {
        case settings
        case dataFolder
        case secretFiles
        case keys
        case certificate
        case authority
        case machines
        case disk
        case locks
        case port
        case plugins
        case database
        case migrations
        case sealing
        case clock

        public var title: LocalizedText {
            switch self {
            case .settings: .init(zh: "设置", en: "settings")
            case .dataFolder: .init(zh: "数据文件夹", en: "data folder")
            case .secretFiles: .init(zh: "机密文件", en: "secret files")
            case .keys: .init(zh: "密钥", en: "keys")
            case .certificate: .init(zh: "证书", en: "certificate")
            case .authority: .init(zh: "CA 证书", en: "CA certificate")
            case .machines: .init(zh: "接口账号证书", en: "machine certificates")
            case .disk: .init(zh: "磁盘", en: "disk")
            case .locks: .init(zh: "进程与锁", en: "locks")
            case .port: .init(zh: "端口", en: "port")
            case .plugins: .init(zh: "插件", en: "plugins")
            case .database: .init(zh: "数据库", en: "database")
            case .migrations: .init(zh: "数据库结构", en: "migrations")
            case .sealing: .init(zh: "审计封存", en: "sealing")
            case .clock: .init(zh: "时钟", en: "clock")
            }
        }
    }

    public enum Status: String, Sendable, CaseIterable {
        case ok
        case warning
        case failed

        public var title: LocalizedText {
            switch self {
            case .ok: .init(zh: "正常", en: "ok")
            case .warning: .init(zh: "警告", en: "warning")
            case .failed: .init(zh: "失败", en: "failed")
            }
        }
    }

    public let check: Check
    public let status: Status
    public let finding: LocalizedText
    /// What to do about it; nil where nothing needs doing.
    public let remedy: LocalizedText?

    public static func ok(_ check: Check, _ finding: LocalizedText) -> Diagnosis {
        Diagnosis(check: check, status: .ok, finding: finding, remedy: nil)
    }

    public static func warning(_ check: Check, _ finding: LocalizedText, remedy: LocalizedText) -> Diagnosis {
        Diagnosis(check: check, status: .warning, finding: finding, remedy: remedy)
    }

    public static func failed(_ check: Check, _ finding: LocalizedText, remedy: LocalizedText) -> Diagnosis {
        Diagnosis(check: check, status: .failed, finding: finding, remedy: remedy)
    }
}
