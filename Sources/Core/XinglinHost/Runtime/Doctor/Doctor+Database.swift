internal import XinglinKit
internal import XinglinPostgres

extension Doctor {
    /// Connections beside the workers': credential workers, the watcher, an operator's psql.
    private static let furtherConnections = 16

    /// The database is reachable, is what the host needs, and has its schema.
    func database() -> [Diagnosis] {
        do {
            guard let conninfo = try self.conninfo() else { return [self.stoppedCluster()] }
            if self.settings.database.url != nil, let failure = StartFailure(try ServerReach.of(conninfo)) {
                return [.failed(.database, failure.reason, remedy: failure.remedy)]
            }
            let connection = try Connection(conninfo, applicationName: "xinglin doctor")
            guard try !RestoreMark.isSet(connection) else {
                let failure = RestoreMark.unfinished(self.settings)
                return [.failed(.database, failure.reason, remedy: failure.remedy)]
            }
            var findings = [try self.server(connection)]
            if findings[0].status != .failed {
                let migrations = try self.migrations(conninfo)
                findings.append(migrations)
                // What is missing in the schema may be what sealing is read from.
                if migrations.status == .ok { findings.append(self.sealing(try SealingStatus.read(connection))) }
                findings.append(try self.clock(connection))
            }
            return findings
        } catch {
            return [.failed(.database, self.unreachable(explained(error)), remedy: self.remedy)]
        }
    }

    private func unreachable(_ reason: LocalizedText) -> LocalizedText {
        LocalizedText(zh: "无法使用：\(reason.zh)", en: "cannot be used: \(reason.en)")
    }

    private var remedy: LocalizedText {
        self.settings.database.url == nil
            ? .init(
                zh: "以运行主机的用户运行 xinglin doctor；日志在 \(self.folders.root)/pg/log",
                en:
                    "run xinglin doctor as the user that runs the host; its log lies in \(self.folders.root)/pg/log"
            )
            : .init(
                zh: "检查 database.url，服务器是否运行，deploy/roles.sql 的角色是否已建立",
                en: "check database.url, that the server runs, and that the roles of deploy/roles.sql are there")
    }

    private func stoppedCluster() -> Diagnosis {
        do {
            let folder = try self.setup.cluster.programFolder()
            return .ok(
                .database,
                self.hasCluster
                    ? .init(
                        zh: "内置数据库未运行，由主机启动（\(folder)）",
                        en: "the embedded cluster is stopped; the host starts it (\(folder))")
                    : .init(zh: "首次启动时建立（\(folder)）", en: "the first start makes one (\(folder))"))
        } catch {
            return .failed(
                .database, explained(error),
                remedy: .init(
                    zh: "安装 PostgreSQL（Debian：apt install postgresql），或设定 database.url",
                    en: "install PostgreSQL (Debian: apt install postgresql), or set database.url"))
        }
    }

    private func server(_ connection: Connection) throws -> Diagnosis {
        let row: (String, String, Int64, Bool)? = try connection.query(
            """
            SELECT current_setting('server_version'), current_setting('server_encoding'),
            current_setting('max_connections')::bigint, rolsuper OR rolbypassrls
            FROM pg_catalog.pg_roles WHERE rolname = current_user
            """
        ).decode(as: (String, String, Int64, Bool).self).first
        guard let (version, encoding, most, isUnbound) = row else { throw StartFailure("no role", remedy: "") }
        guard connection.serverVersion >= 150_000 else {
            return .failed(
                .database, .init(zh: "PostgreSQL \(version) 过旧", en: "PostgreSQL \(version) is too old"),
                remedy: .init(zh: "升级到 15 或更高", en: "upgrade to 15 or later"))
        }
        guard encoding == "UTF8" else {
            return .failed(
                .database, .init(zh: "数据库编码为 \(encoding)", en: "the database's encoding is \(encoding)"),
                remedy: .init(
                    zh: "以 createdb -E UTF8 -T template0 重建", en: "make it anew with createdb -E UTF8 -T template0"))
        }
        guard !isUnbound else {
            return .failed(
                .database,
                .init(zh: "主机的登录不受行级安全约束", en: "the host's login is not bound by row-level security"),
                remedy: .init(
                    zh: "database.url 请用 PREFIX_host 登录（见 deploy/roles.sql）",
                    en: "use the login PREFIX_host of deploy/roles.sql in database.url"))
        }
        if let missing = try self.missingRoles(connection) { return missing }
        return self.room(version, most)
    }

    private func missingRoles(_ connection: Connection) throws -> Diagnosis? {
        let prefix = self.settings.database.rolePrefix
        let modules = try RegistryBuilder.load(self.settings, log: self.log).runningModules.map(\.code)
        let wanted = (["owner", "host"] + modules).map { "\(prefix)_\($0)" }
        let found = try connection.query("SELECT rolname::text FROM pg_catalog.pg_roles WHERE rolname = ANY(\(wanted))")
            .decode(as: String.self)
        let missing = wanted.filter { !found.contains($0) }
        guard !missing.isEmpty else { return nil }
        let names = missing.joined(separator: ", ")
        return .failed(
            .database, .init(zh: "缺少角色 \(names)", en: "the roles \(names) are missing"),
            remedy: .init(
                zh: "psql -v modules=\(modules.joined(separator: ",")) -f deploy/roles.sql",
                en: "psql -v modules=\(modules.joined(separator: ",")) -f deploy/roles.sql"))
    }

    private func room(_ version: String, _ most: Int64) -> Diagnosis {
        let workers = self.settings.database.workers
        let finding = LocalizedText(
            zh: "PostgreSQL \(version)，max_connections \(most)，工作线程 \(workers)",
            en: "PostgreSQL \(version), max_connections \(most) for \(workers) workers")
        guard most >= Int64(workers + Self.furtherConnections) else {
            return .warning(
                .database, finding,
                remedy: .init(
                    zh: "减少 database.workers，或将 max_connections 提高到 \(workers + Self.furtherConnections) 以上",
                    en:
                        "lower database.workers, or raise max_connections to \(workers + Self.furtherConnections) or more"
                ))
        }
        return .ok(.database, finding)
    }

    private func migrations(_ conninfo: String) throws -> Diagnosis {
        let registry = try RegistryBuilder.load(self.settings, log: self.log)
        let pending = try self.setup.pending(conninfo, registry)
        guard let first = pending.first else { return .ok(.migrations, .init(zh: "已是最新", en: "up to date")) }
        let finding = LocalizedText(
            zh: "缺少 \(pending.count) 项，首项为 \(first)", en: "\(pending.count) are missing, first \(first)")
        return self.settings.database.url == nil
            ? .warning(
                .migrations, finding,
                remedy: .init(zh: "重新启动主机：它会更新自己的数据库", en: "restart the host: it brings its own database up to date"))
            : .failed(.migrations, finding, remedy: .init(zh: "运行 xinglin migrate", en: "run xinglin migrate"))
    }
}
