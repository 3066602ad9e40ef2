internal import Logging
internal import XinglinHost
internal import XinglinKit

/// Every setting. `modules.<code>.<name>` comes on top: the modules' own settings stand in their READMEs.
enum SettingTable {
    static let keys: [SettingKey] =
        base + tls + database + plugins + limits + sessions + machines + audit + events + files + jobs + doctor
        + demonstration

    private static let base: [SettingKey] = [
        .text(
            "data", \.dataDirectory, .folder,
            .init(
                zh: "存放密钥、证书、内置数据库和 first-password 的文件夹；也可用 --data",
                en: "The folder for keys, certificates, the embedded database and first-password; also --data")),
        .text(
            "listen.host", \.listen.host, .init(zh: "IP 地址", en: "an IP address"),
            .init(zh: "监听的地址；也可用 --listen HOST:PORT", en: "The address to listen on; also --listen HOST:PORT")),
        .integer(
            "listen.port", \.listen.port, 0...65_535,
            .init(zh: "监听的端口；0 表示任一空闲端口", en: "The port to listen on; 0 takes any free one")),
        .choice(
            "locale", Locale.zh,
            .init(zh: "调用未指明语言时消息所用的语言", en: "The language of messages where a call does not name one")
        ) { $0.host.locale = $1 },
        .choice(
            "log.level", Logger.Level.info,
            .init(
                zh: "写入 stderr 的最低日志级别；也可用 --log-level",
                en: "The least level that is logged to stderr; also --log-level")
        ) { $0.logLevel = $1 },
        .choice(
            "log.format", LogFormat.auto,
            .init(
                zh: "日志的格式：json 每行一个 JSON 对象；text 供人阅读；auto 在终端为 text，否则为 json",
                en:
                    "How the log is written: json, one object per line; text, for people; auto is text at a terminal, else json"
            )
        ) { $0.logFormat = $1 },
        .text(
            "operations.listen", \.operations.listen,
            .init(
                zh: "环回地址和端口（127.0.0.0/8 或 [::1]），例如 127.0.0.1:7480；该端口不问来者是谁，因此不接受其他地址；off 表示不开",
                en:
                    "a loopback address and port (127.0.0.0/8 or [::1]) such as 127.0.0.1:7480, no other, for it answers anybody; or off"
            ),
            .init(
                zh: "运维 HTTP 端口（/healthz、/readyz、/metrics）；端口 0 表示任一空闲端口，实际地址写入 data/operations-port",
                en:
                    "The HTTP port for operations (/healthz, /readyz, /metrics); port 0 takes any free one, which data/operations-port names"
            ),
            where: { OperationsAddress($0) != nil || $0 == HostSettings.Operations.off }),
        .instant(
            "clock.fixed", \.fixedClock,
            .init(
                zh: "固定不动的时钟，用于演示；只能与 --demo 同用",
                en: "A clock that stands still, for demonstrations; accepted only with --demo")),
    ]

    private static let tls: [SettingKey] = [
        .list(
            "tls.names", standard: "[]",
            .init(zh: "域名和 IP 地址的列表", en: "a list of DNS names and IP addresses"),
            .init(
                zh: "服务器证书中的其他名称（localhost、127.0.0.1、::1 和本机名之外）",
                en: "Further names for the server's certificate, beside localhost, 127.0.0.1, ::1 and the machine's own"
            )
        ) { $0.host.tls.names = $1 },
        .text(
            "tls.minimumVersion", \.tls.minimumVersion, .init(zh: "\"1.2\" 或 \"1.3\"", en: "\"1.2\" or \"1.3\""),
            .init(zh: "接受的最低 TLS 版本；1.2 供旧客户端使用", en: "The oldest TLS that is spoken; 1.2 is for old clients")
        ) { ["1.2", "1.3"].contains($0) },
        .optionalText(
            "tls.certificateFile", \.tls.certificateFile, .file,
            .init(
                zh: "自备的证书链（PEM），代替私有 CA 签发的；与 tls.keyFile 同用",
                en: "Your own certificate chain (PEM) in place of the private CA's; together with tls.keyFile"),
            example: "/etc/xinglin/server.pem"),
        .optionalText(
            "tls.keyFile", \.tls.keyFile, .file,
            .init(zh: "tls.certificateFile 的私钥（PEM）", en: "The private key (PEM) of tls.certificateFile"),
            example: "/etc/xinglin/server.key"),
    ]

    private static let database: [SettingKey] = [
        .optionalText(
            "database.url", \.database.url, .conninfo,
            .init(
                zh: "主机登录自备 PostgreSQL（15 或更高）所用；不设则主机自行运行一个",
                en: "The host's login at a PostgreSQL (15 or later) of your own; without it the host runs one itself"),
            example: "postgresql://xinglin_host@db.example.cn/xinglin?sslmode=verify-full"),
        .optionalText(
            "database.migrateUrl", \.database.migrateURL, .conninfo,
            .init(
                zh: "`xinglin migrate` 登录所用；不设则用 database.url",
                en: "The login that `xinglin migrate` uses; without it database.url"),
            example: "postgresql://xinglin_migrator@db.example.cn/xinglin?sslmode=verify-full"),
        .optionalText(
            "database.backupUrl", \.database.backupURL, .conninfo,
            .init(
                zh: "`xinglin backup` 和 `restore` 登录所用，须能看到所有记录；不设则用 database.migrateUrl",
                en:
                    "The login that `xinglin backup` and `restore` use, which must see every row; without it database.migrateUrl"
            ),
            example: "postgresql://xinglin_backup@db.example.cn/xinglin?sslmode=verify-full"),
        .text(
            "database.rolePrefix", \.database.rolePrefix,
            .init(
                zh: "1 至 30 个 a-z、0-9、_，不以数字开头",
                en: "1 to 30 of a-z, 0-9 and _, not beginning with a digit"),
            .init(
                zh: "数据库角色为 PREFIX_owner、PREFIX_host、PREFIX_<module>；整个数据库集群共用角色名",
                en: "Roles are PREFIX_owner, PREFIX_host and PREFIX_<module>; roles are shared by a whole cluster"),
            where: Self.isRolePrefix),
        .integer(
            "database.workers", \.database.workers, 4...256,
            .init(
                zh: "工作线程数，每个线程有自己的数据库连接",
                en: "Workers, each a thread with its own database connection")),
        .text(
            "database.clusterUser", \.database.clusterUser, .init(zh: "本机的用户", en: "a user of this machine"),
            .init(
                zh: "主机以 root 运行时，由谁运行内置数据库",
                en: "Who runs the embedded database when the host runs as root")),
    ]

    private static let plugins: [SettingKey] = [
        .list(
            "plugins.load", standard: nil, .init(zh: "模块代码的列表", en: "a list of module codes"),
            .init(
                zh: "要加载的模块；不设则加载找到的全部（bench 除外）",
                en: "The modules to load; without it every plugin that is found, bench excepted"),
            example: "[decoction]"
        ) { $0.host.plugins.load = $1 },
        .optionalText(
            "plugins.directory", \.plugins.directory, .folder,
            .init(
                zh: "插件所在的文件夹；不设则为 libXinglinCore.so 所在处",
                en: "Where plugins lie; without it the folder of libXinglinCore.so"), example: "/opt/xinglin/lib"),
        .list(
            "plugins.directories", standard: "[]", .init(zh: "文件夹的列表", en: "a list of folders"),
            .init(
                zh: "另外的插件文件夹，例如第三方的插件", en: "Further folders of plugins, such as those of third parties")
        ) { $0.host.plugins.directories = $1 },
    ]

    private static let limits: [SettingKey] = [
        .integer(
            "limits.lineBytes", \.limits.lineBytes, 1024...16_777_216,
            .init(zh: "一行请求的最大字节数", en: "Bytes of one request line")),
        .integer(
            "limits.lineBytesBeforeLogin", \.limits.lineBytesBeforeLogin, 1024...16_777_216,
            .init(
                zh: "连接尚无会话时一行请求的最大字节数", en: "Bytes of one request line while the connection has no session")),
        .integer(
            "limits.inFlight", \.limits.inFlight, 1...1024,
            .init(zh: "每个连接同时处理的调用数，超过则暂停读取", en: "Calls in flight per connection before reading stops")),
        .integer("limits.batch", \.limits.batch, 1...1000, .init(zh: "一批中的调用数", en: "Calls in one batch")),
        .integer(
            "limits.replyBytes", \.limits.replyBytes, 10_000...16_777_216,
            .init(zh: "一个应答的最大字节数", en: "Bytes of one reply")),
        .integer(
            "limits.queue", \.limits.queue, 1...100_000,
            .init(zh: "等待工作线程的调用数，超过则答 host.overloaded", en: "Calls waiting for a worker before host.overloaded")),
        .integer(
            "limits.connections", \.limits.connections, 1...1_000_000, .init(zh: "打开的连接数", en: "Open connections")),
        .integer(
            "limits.connectionsPerAddress", \.limits.connectionsPerAddress, 1...1_000_000,
            .init(
                zh: "一个 IPv4 地址或一个 IPv6 /64 网络打开的连接数",
                en: "Open connections of one IPv4 address or one /64 network of IPv6")),
        .integer(
            "limits.connectionsBeforeLogin", \.limits.connectionsBeforeLogin, 1...1_000_000,
            .init(
                zh: "其中正在握手或尚无会话的连接数", en: "Those of them that are in their handshake or have no session")),
        .integer(
            "limits.connectionsPerSecond", \.limits.connectionsPerSecond, 1...100_000,
            .init(
                zh: "一个地址每秒新建的连接数（按 20 秒平均）",
                en: "New connections of one address per second, averaged over 20 s")),
        .integer(
            "limits.handshakeSeconds", \.limits.handshakeSeconds, 1...600,
            .init(zh: "TLS 握手的时限（秒）", en: "Time for a TLS handshake")),
        .integer(
            "limits.lineSeconds", \.limits.lineSeconds, 1...600,
            .init(zh: "一行从首字节起到达完的时限（秒）", en: "Time for a whole line from its first byte on")),
        .integer(
            "limits.idleSeconds", \.limits.idleSeconds, 1...86_400,
            .init(zh: "没有调用的连接多久后关闭（秒）", en: "Time without a call before a connection is closed")),
        .integer(
            "limits.writeStallSeconds", \.limits.writeStallSeconds, 1...600,
            .init(
                zh: "客户端取走应答的时限（秒），超过则断开",
                en: "Time for a client to take its replies before it is cut off")),
        .integer(
            "limits.drainSeconds", \.limits.drainSeconds, 0...600,
            .init(zh: "SIGTERM 等待处理中的调用多久（秒）", en: "How long SIGTERM waits for calls in flight")),
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
