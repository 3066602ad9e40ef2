internal import CLibPQ
internal import Synchronization

/// Which of several servers answered last. libpq asks them in the order of the list each time, so that after a failover every
/// new connection would wait for the dead one first.
struct LastServer {
    private struct Server: Equatable {
        let host: String
        let port: String
    }

    private static let known = Mutex<[String: Int]>([:])
    private let servers: [Server]
    private let key: String

    /// nil where one server is named, or where addresses are given beside the names.
    init?(_ values: [String: String]) {
        guard values["hostaddr"] == nil, let list = values["host"], list.contains(",") else { return nil }
        let hosts = list.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        let ports = (values["port"] ?? "5432").split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        // libpq itself refuses lists that do not fit.
        guard ports.count == 1 || ports.count == hosts.count else { return nil }
        self.servers = hosts.enumerated().map { index, host in
            Server(host: host, port: ports[ports.count == 1 ? 0 : index])
        }
        self.key = "\(list) \(values["port"] ?? "")"
    }

    /// The same servers with the last good one in front.
    func reordered(_ values: [String: String]) -> [String: String] {
        guard let index = Self.known.withLock({ $0[self.key] }), index > 0 else { return values }
        let order = [self.servers[index]] + self.servers.enumerated().filter { $0.offset != index }.map(\.element)
        var values = values
        values["host"] = order.map(\.host).joined(separator: ",")
        values["port"] = order.map(\.port).joined(separator: ",")
        return values
    }

    /// Notes where a connection was made.
    func remember(_ connection: OpaquePointer) {
        guard let host = PQhost(connection), let port = PQport(connection) else { return }
        let found = Server(host: String(cString: host), port: String(cString: port))
        guard let index = self.servers.firstIndex(where: { $0.host == found.host && self.port($0) == found.port })
        else {
            return
        }
        Self.known.withLock { $0[self.key] = index }
    }

    private func port(_ server: Server) -> String { server.port.isEmpty ? "5432" : server.port }
}
