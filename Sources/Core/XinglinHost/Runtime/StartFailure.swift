public import XinglinKit
internal import XinglinPostgres

/// Why the host does not start: one sentence, and what to do about it.
public struct StartFailure: Error, Sendable, CustomStringConvertible {
    public let reason: LocalizedText
    public let remedy: LocalizedText

    public init(_ reason: LocalizedText, remedy: LocalizedText) {
        self.reason = reason
        self.remedy = remedy
    }

    /// A failure whose text there is in English only.
    public init(_ reason: String, remedy: String) {
        self.init(.init(zh: reason, en: reason), remedy: .init(zh: remedy, en: remedy))
    }

    public var description: String { "\(self.reason.en) — \(self.remedy.en)" }
}

extension StartFailure {
    /// Why a host cannot serve from the server that `database.url` leads to; nil where it can.
    init?(_ reach: ServerReach) {
        switch reach {
        case .takesWrites: return nil
        case .standby:
            self.init(
                .init(
                    zh: "database.url 只连得到备库，备库不接受写入",
                    en: "database.url leads to a standby alone, which takes no writes"),
                remedy: .init(
                    zh: "把主库也写进 database.url（host=甲,乙,丙），或先把备库提升为主库，例如 patronictl failover",
                    en:
                        "name the primary too (host=a,b,c), or promote the standby first, for instance by patronictl failover"
                ))
        case .readOnly:
            self.init(
                .init(
                    zh: "数据库被设为只读（default_transaction_read_only）",
                    en: "the database is set read-only (default_transaction_read_only)"),
                remedy: .init(
                    zh: "把它设回 off 并重新加载配置，再启动主机",
                    en: "set it to off again, reload the server's settings, and start the host"))
        case .none(let error):
            self.init(
                .init(zh: "连不上数据库：\(error.message)", en: "the database cannot be reached: \(error.message)"),
                remedy: .init(
                    zh: "检查 database.url 和数据库服务器；xinglin doctor 会指出缺什么",
                    en: "check database.url and the server; xinglin doctor says what is missing"))
        }
    }
}
