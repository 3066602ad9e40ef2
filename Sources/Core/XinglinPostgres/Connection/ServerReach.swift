internal import CLibPQ
public import XinglinKit

/// What a connection string leads to just now.
public enum ServerReach: Sendable {
    case takesWrites
    /// Only standbys answer.
    case standby
    /// The server has transactions read-only by default.
    case readOnly
    case none(DatabaseError)

    /// Tries once.
    /// - Throws: what is no matter of reaching a server, such as a refused password.
    public static func of(_ conninfo: String) throws(DatabaseError) -> ServerReach {
        do throws(DatabaseError) {
            let connection = try Connection(conninfo, applicationName: "xinglin probe")
            return connection.isReadOnlyByDefault ? .readOnly : .takesWrites
        } catch {
            guard error.kind == .unavailable else { throw error }
            if error.sqlState == DatabaseError.readOnlyState { return .standby }
            return try Self.ofAnyServer(conninfo) ?? .none(error)
        }
    }

    /// The same of whichever server answers first, where libpq was to look for one that takes writes and found none.
    private static func ofAnyServer(_ conninfo: String) throws(DatabaseError) -> ServerReach? {
        var target = try ConnectionString(conninfo)
        guard target.namesSeveral || target.values["target_session_attrs"] != nil else { return nil }
        target.takeAnyServer()
        target.addDefaults(applicationName: "xinglin probe")
        guard let raw = target.open() else { return nil }
        defer { PQfinish(raw) }
        guard PQstatus(raw) == CONNECTION_OK else { return nil }
        let isStandby = PQparameterStatus(raw, "in_hot_standby").map { String(cString: $0) == "on" } ?? false
        return isStandby ? .standby : .readOnly
    }
}
