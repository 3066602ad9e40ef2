internal import Glibc
internal import XinglinKit
internal import XinglinRPC

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
}
