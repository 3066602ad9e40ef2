internal import Glibc
public import XinglinKit
internal import XinglinPostgres
internal import XinglinRPC

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
    /// Why the listener does not start, and which setting changes that.
    init(_ failure: LineServerError, _ listen: HostSettings.Listen) {
        let place = OperationsAddress.text(listen.host, listen.port)
        guard let code = failure.listenCode else {
            self.init(
                .init(zh: failure.description, en: failure.description),
                remedy: .init(
                    zh: "检查 tls.certificateFile、tls.keyFile 和数据文件夹中的 tls",
                    en: "check tls.certificateFile, tls.keyFile, and tls in the data folder"))
            return
        }
        guard code == EADDRINUSE else {
            self.init(
                .init(zh: failure.description, en: failure.description),
                remedy: .init(
                    zh: "更正 --listen 或 listen.host、listen.port", en: "correct --listen, or listen.host and listen.port")
            )
            return
        }
        let pid = ProcessTable.listener(on: listen.port)
        let name = pid.map { "\(ProcessTable.name(of: $0) ?? "?") (\($0))" }
        self.init(
            .init(zh: "\(place) 已被 \(name ?? "别的进程") 占用", en: "\(place) is taken by \(name ?? "another process")"),
            remedy: .init(
                zh: "停止该进程，或用 --listen 或设置 listen.port 另选端口",
                en: "stop that process, or take another port with --listen or the setting listen.port"))
    }

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
