internal import Glibc
internal import XinglinKit

extension Doctor {
    /// The ports can be listened on, or this data folder's own host does.
    func port() -> [Diagnosis] {
        self.clientsPort() + self.operationsPort()
    }

    /// That of a port which any will do for is not looked at.
    private func operationsPort() -> [Diagnosis] {
        guard let address = OperationsAddress(self.settings.operations.listen), address.port > 0 else { return [] }
        let place = OperationsAddress.text(address.host, address.port)
        let code = Self.bind(address.host, address.port)
        if code == 0 { return [.ok(.port, .init(zh: "\(place) 空闲", en: "\(place) is free"))] }
        if code == EADDRINUSE { return [self.taken(place, address.port, "operations.listen")] }
        let reason = String(cString: strerror(code))
        return [
            .failed(
                .port, .init(zh: "\(place)：\(reason)", en: "\(place): \(reason)"),
                remedy: .init(zh: "更正 operations.listen", en: "correct operations.listen"))
        ]
    }

    private func clientsPort() -> [Diagnosis] {
        let (host, port) = (self.settings.listen.host, self.settings.listen.port)
        let place = OperationsAddress.text(host, port)
        switch Self.bind(host, port) {
        case 0: return [self.free(place)]
        case EADDRINUSE: return [self.taken(place, port, "listen.port")]
        case EADDRNOTAVAIL:
            return [
                .failed(
                    .port, .init(zh: "\(host) 不是本机的地址", en: "\(host) is no address of this machine"),
                    remedy: .init(zh: "更正 listen.host 或 --listen", en: "correct listen.host or --listen"))
            ]
        case EACCES:
            return [
                .failed(
                    .port, .init(zh: "无权监听 \(place)", en: "\(place) may not be listened on by this user"),
                    remedy: .init(zh: "用 listen.port 另选 1024 以上的端口", en: "take a port above 1024 with listen.port"))
            ]
        case let code:
            let reason = String(cString: strerror(code))
            return [
                .failed(
                    .port, .init(zh: "\(place)：\(reason)", en: "\(place): \(reason)"),
                    remedy: .init(zh: "更正 listen.host 或 --listen", en: "correct listen.host or --listen"))
            ]
        }
    }

    /// Free it is; where this folder's host serves elsewhere, that is said, for it was given another address than these settings.
    private func free(_ place: String) -> Diagnosis {
        guard let pid = self.holder, pid > 0 else {
            return .ok(.port, .init(zh: "\(place) 空闲", en: "\(place) is free"))
        }
        let operations = (try? readFile("\(self.folders.root)/operations-port")).flatMap { note in
            Int(String(decoding: note, as: UTF8.self).split(separator: ":").last?.prefix { $0.isNumber } ?? "")
        }
        let ports = ProcessTable.ports(of: pid).filter { $0 != operations }.sorted().map { "\($0)" }
        let serving = ports.isEmpty ? nil : ports.joined(separator: ", ")
        return .ok(
            .port,
            .init(
                zh: "按设置检查的 \(place) 空闲；使用本文件夹的进程 \(pid) \(serving.map { "监听端口 \($0)" } ?? "不在该处监听")",
                en:
                    "\(place), the address of these settings, is free; process \(pid), which works on this folder, "
                    + (serving.map { "listens at port \($0)" } ?? "does not listen there")))
    }

    private func taken(_ place: String, _ port: Int, _ setting: String) -> Diagnosis {
        let pid = ProcessTable.listener(on: port)
        if let pid, pid == self.holder {
            return .ok(.port, .init(zh: "本主机正在 \(place) 服务", en: "this host serves at \(place)"))
        }
        let name = pid.map { "\(ProcessTable.name(of: $0) ?? "?") (\($0))" }
        return .failed(
            .port,
            .init(zh: "\(place) 已被 \(name ?? "别的进程") 占用", en: "\(place) is taken by \(name ?? "another process")"),
            remedy: .init(
                zh: "停止该进程，或用 \(setting) 另选端口", en: "stop that process, or take another port with \(setting)"))
    }

    /// 0 where the address can be bound, else the system's code. The socket is closed at once and never listens.
    private static func bind(_ host: String, _ port: Int) -> Int32 {
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICHOST | AI_PASSIVE
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &found) == 0, let address = found else { return EADDRNOTAVAIL }
        defer { freeaddrinfo(found) }
        let descriptor = socket(
            address.pointee.ai_family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return errno }
        defer { close(descriptor) }
        // As the host does it: connections that are just ending do not count.
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        return Glibc.bind(descriptor, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0 ? 0 : errno
    }
}
