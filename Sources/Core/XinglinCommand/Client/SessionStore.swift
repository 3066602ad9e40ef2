internal import XinglinKit
internal import XinglinRPC

/// What is kept of a login.
struct StoredSession: Equatable {
    let address: String
    let caFile: String
    let token: String
}

/// The file that keeps the last login: `xinglin/session.json` in $XDG_STATE_HOME or ~/.local/state, for the owner
/// alone.
struct SessionStore: Sendable {
    /// nil where there is no home folder: nothing is kept then.
    let path: String?

    init(environment: [String: String]) {
        let state = environment["XDG_STATE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        let home = environment["HOME"].flatMap { $0.isEmpty ? nil : "\($0)/.local/state" }
        self.path = (state ?? home).map { "\($0)/xinglin/session.json" }
    }

    func read() throws -> StoredSession? {
        guard let path = self.path, Files.exists(path) else { return nil }
        let content = try Files.read(path)
        do {
            let tree = try JSONReader.parse(content)
            if let address = tree["host"]?.stringValue, let caFile = tree["ca"]?.stringValue,
                let token = tree["token"]?.stringValue
            {
                return StoredSession(address: address, caFile: caFile, token: token)
            }
        } catch {
            throw Self.damaged(path)
        }
        throw Self.damaged(path)
    }

    private static func damaged(_ path: String) -> Failure {
        Failure(
            words(zh: "\(path) 已损坏 — 请删除它并重新登录", en: "\(path) is damaged — delete it and log in again"),
            exitCode: ExitStatus.usage)
    }

    func write(_ session: StoredSession) throws {
        guard let path = self.path, let slash = path.lastIndex(of: "/") else { return }
        try Files.makePrivateFolder(String(path[..<slash]))
        let tree: JSONValue = [
            "host": .string(session.address), "ca": .string(session.caFile), "token": .string(session.token),
        ]
        try Files.writePrivate(Array((tree.canonicalText + "\n").utf8), to: path)
    }

    func remove() throws {
        guard let path = self.path else { return }
        try Files.remove(path)
    }
}
