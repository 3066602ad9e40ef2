internal import Logging
internal import XinglinHost
internal import XinglinKit

/// Every setting. `modules.<code>.<name>` comes on top: the modules' own settings stand in their READMEs.
enum SettingTable {
    static let keys: [SettingKey] = base + tls + database + plugins + limits + sessions

    private static let base: [SettingKey] = [
        .text(
            "data", \.dataDirectory, "a folder",
            "The folder for keys, certificates, the embedded database and first-password; also --data"),
        .text("listen.host", \.listen.host, "an IP address", "The address to listen on; also --listen HOST:PORT"),
        .integer("listen.port", \.listen.port, 0...65_535, "The port to listen on; 0 takes any free one"),
        .choice("locale", Locale.zh, "The language of messages where a call does not name one") {
            $0.host.locale = $1
        },
        .choice("log.level", Logger.Level.info, "The least level that is logged to stderr; also --log-level") {
            $0.logLevel = $1
        },
        .instant(
            "clock.fixed", \.fixedClock,
            "A clock that stands still, for demonstrations; accepted only with --demo"),
    ]

    private static let tls: [SettingKey] = [
        .list(
            "tls.names", standard: "[]", "a list of DNS names and IP addresses",
            "Further names for the server's certificate, beside localhost, 127.0.0.1, ::1 and the machine's own"
        ) { $0.host.tls.names = $1 },
        .text(
            "tls.minimumVersion", \.tls.minimumVersion, "\"1.2\" or \"1.3\"",
            "The oldest TLS that is spoken; 1.2 is for old clients"
        ) { ["1.2", "1.3"].contains($0) },
        .optionalText(
            "tls.certificateFile", \.tls.certificateFile, "a file",
            "Your own certificate chain (PEM) in place of the private CA's; together with tls.keyFile"),
        .optionalText("tls.keyFile", \.tls.keyFile, "a file", "The private key (PEM) of tls.certificateFile"),
    ]

    private static let database: [SettingKey] = [
        .optionalText(
            "database.url", \.database.url, "a libpq connection string or URL",
            "The host's login at a PostgreSQL (15 or later) of your own; without it the host runs one itself"
        ),
        .optionalText(
            "database.migrateUrl", \.database.migrateURL, "a libpq connection string or URL",
            "The login that `xinglin migrate` uses; without it database.url"),
        .text(
            "database.rolePrefix", \.database.rolePrefix, "1 to 30 of a-z, 0-9 and _, not beginning with a digit",
            "Roles are PREFIX_owner, PREFIX_host and PREFIX_<module>; roles are shared by a whole cluster",
            where: Self.isRolePrefix),
        .integer(
            "database.workers", \.database.workers, 4...256, "Workers, each a thread with its own database connection"),
        .text(
            "database.clusterUser", \.database.clusterUser, "a user of this machine",
            "Who runs the embedded database when the host runs as root"),
    ]

    private static let plugins: [SettingKey] = [
        .list(
            "plugins.load", standard: nil, "a list of module codes",
            "The modules to load; without it every plugin that is found"
        ) { $0.host.plugins.load = $1 },
        .optionalText(
            "plugins.directory", \.plugins.directory, "a folder",
            "Where plugins lie; without it the folder of libXinglinCore.so"),
    ]

    private static let limits: [SettingKey] = [
        .integer("limits.lineBytes", \.limits.lineBytes, 1024...16_777_216, "Bytes of one request line"),
        .integer(
            "limits.lineBytesBeforeLogin", \.limits.lineBytesBeforeLogin, 1024...16_777_216,
            "Bytes of one request line while the connection has no session"),
        .integer(
            "limits.inFlight", \.limits.inFlight, 1...1024, "Calls in flight per connection before reading stops"),
        .integer("limits.batch", \.limits.batch, 1...1000, "Calls in one batch"),
        .integer("limits.replyBytes", \.limits.replyBytes, 10_000...16_777_216, "Bytes of one reply"),
        .integer(
            "limits.queue", \.limits.queue, 1...100_000, "Calls waiting for a worker before host.overloaded"),
        .integer("limits.connections", \.limits.connections, 1...1_000_000, "Open connections"),
        .integer(
            "limits.connectionsPerAddress", \.limits.connectionsPerAddress, 1...1_000_000,
            "Open connections of one IPv4 address or one /64 network of IPv6"),
        .integer(
            "limits.connectionsBeforeLogin", \.limits.connectionsBeforeLogin, 1...1_000_000,
            "Those of them that are in their handshake or have no session"),
        .integer(
            "limits.connectionsPerSecond", \.limits.connectionsPerSecond, 1...100_000,
            "New connections of one address per second, averaged over 20 s"),
        .integer("limits.handshakeSeconds", \.limits.handshakeSeconds, 1...600, "Time for a TLS handshake"),
        .integer(
            "limits.lineSeconds", \.limits.lineSeconds, 1...600, "Time for a whole line from its first byte on"),
        .integer(
            "limits.idleSeconds", \.limits.idleSeconds, 1...86_400, "Time without a call before a connection is closed"),
        .integer(
            "limits.writeStallSeconds", \.limits.writeStallSeconds, 1...600,
            "Time for a client to take its replies before it is cut off"),
        .integer(
            "limits.drainSeconds", \.limits.drainSeconds, 0...600, "How long SIGTERM waits for calls in flight"),
    ]

    private static let sessions: [SettingKey] = [
        .integer(
            "session.lifetimeMinutes", \.session.lifetimeMinutes, 1...43_200, "How long a session lasts at most"),
        .integer(
            "session.idleMinutes", \.session.idleMinutes, 1...43_200, "How long a session lasts without a call"),
    ]

    /// The key nearest to a mistyped one by edit distance; a section's first key for the section itself.
    static func nearest(to name: String) -> String {
        if name.hasPrefix("modules") { return "modules.<code>.<name>" }
        let names = self.keys.map(\.name)
        // A value where a section belongs, such as `listen: 127.0.0.1`.
        if let inSection = names.first(where: { $0.hasPrefix(name + ".") }) { return inSection }
        return names.min { editDistance($0, name) < editDistance($1, name) } ?? ""
    }

    private static func isRolePrefix(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return (1...30).contains(bytes.count) && !(0x30...0x39).contains(bytes[0])
            && bytes.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
    }
}

/// How many characters must be inserted, removed or replaced to make one text the other, cases aside.
func editDistance(_ left: String, _ right: String) -> Int {
    let left = Array(left.lowercased())
    let right = Array(right.lowercased())
    var row = Array(0...right.count)
    for (index, character) in left.enumerated() {
        var diagonal = row[0]
        row[0] = index + 1
        for column in right.indices {
            let replaced = diagonal + (right[column] == character ? 0 : 1)
            diagonal = row[column + 1]
            row[column + 1] = min(replaced, row[column] + 1, diagonal + 1)
        }
    }
    return row[right.count]
}
